/** The `sql` tag. */
import { AnonName } from "../ast/name.ts";
import type { Node } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { operators } from "../operator/table.ts";
import { describe } from "../types/literals.ts";
import { NULLTYPE } from "../types/null.ts";
import { typeOfValueSlot } from "../types/type.ts";
import { BindParameter, literalBind } from "./bind.ts";
import { refuseUndefined, resolveNode } from "./coerce.ts";
import { ColumnElement } from "./column-element.ts";
import { SqlIdentifier, SqlTemplate } from "./template.ts";

/** The type of {@link sql}. */
export interface SqlTag {
  /** `T`: the value of the expression, or the row of a statement. */
  <T = unknown>(texts: TemplateStringsArray, ...values: readonly unknown[]): SqlTemplate<T>;
  /**
   * Names from outside, quoted so that they are names and nothing else: `sql.identifier("app", "users")`.
   *
   * @throws ArgumentError for an empty name.
   */
  identifier(...names: readonly string[]): SqlIdentifier;
  /** Text as it is, never from outside: `sql.raw("NOLOCK")`. */
  raw(text: string): SqlTemplate;
  /** Several values or elements with a separator between; `", "` by default. */
  join(items: Iterable<unknown>, separator?: SqlTemplate | string): SqlTemplate;
  /** Nothing: what a condition that does not apply leaves in the text. */
  readonly empty: SqlTemplate;
}

/** A value or element of a template. Operators are parenthesised: the text around may bind more strongly. */
function part(value: unknown, index: number): Node {
  const node = resolveNode(value);
  if (node instanceof SqlTemplate) return node;
  if (node instanceof ColumnElement) return node.selfGroup(operators.getitem);
  if (node !== undefined) return (node as { asFrom?: () => Node }).asFrom?.() ?? node;
  refuseUndefined(value, `value ${index + 1} of the sql template`);
  if (typeof value === "function" || typeof value === "symbol")
    throw new ArgumentError(`value ${index + 1} of the sql template is ${describe(value)}`, {
      fix: "pass a value, an expression, a table or a statement",
    });
  return Array.isArray(value) ? list(value, index) : literalBind(value, typeOf(value));
}

const typeOf = (value: unknown): ReturnType<typeof typeOfValueSlot.resolve> =>
  value === null ? NULLTYPE : typeOfValueSlot.resolve(value);

/** `(?, ?, ?)` */
function list(values: readonly unknown[], index: number): Node {
  if (values.length === 0)
    throw new ArgumentError(`value ${index + 1} of the sql template is an empty list, which has no SQL form`, {
      fix: "use column.in([]), or leave the condition out",
    });
  if (values.some((value) => resolveNode(value) !== undefined))
    return new SqlTemplate(
      ["(", ...values.slice(1).map(() => ", "), ")"],
      values.map((value) => part(value, index)),
    );
  for (const value of values) refuseUndefined(value, `an element of value ${index + 1} of the sql template`);
  const sample = values.find((value) => value !== null);
  return new BindParameter(new AnonName("param"), null, values, typeOf(sample ?? null), {
    unique: true,
    expanding: true,
    expandOperator: operators.in,
  });
}

function tag(texts: TemplateStringsArray, ...values: readonly unknown[]): SqlTemplate {
  if (!Array.isArray(texts) || !("raw" in texts))
    throw new ArgumentError("sql is a template tag", { fix: "write sql`…`; for text that is no template, sql.raw(…)" });
  return new SqlTemplate([...texts], values.map(part));
}

/**
 * SQL as a template, for any place of a statement or as a whole one. Values become bind parameters, arrays lists of
 * them in parentheses; columns, tables, functions and statements are written as they are elsewhere; `undefined` is refused.
 *
 * @example select(users.c.id).where(sql`${users.c.name} % ${"ann"}`).orderBy(sql`random()`)
 * @example conn.execute(sql<{ id: number }>`SELECT id FROM ${users} WHERE ${users.c.id} IN ${[1, 2]}`)
 */
export const sql: SqlTag = Object.assign(
  tag as <T = unknown>(texts: TemplateStringsArray, ...values: readonly unknown[]) => SqlTemplate<T>,
  {
    identifier(...names: readonly string[]): SqlIdentifier {
      for (const name of names)
        if (typeof name !== "string" || name === "")
          throw new ArgumentError(`sql.identifier() takes names, not ${describe(name)}`);
      if (names.length === 0) throw new ArgumentError("sql.identifier() takes at least one name");
      return new SqlIdentifier(names);
    },
    raw(text: string): SqlTemplate {
      if (typeof text !== "string") throw new ArgumentError(`sql.raw() takes SQL text, not ${describe(text)}`);
      return new SqlTemplate([text], []);
    },
    join(items: Iterable<unknown>, separator: SqlTemplate | string = ", "): SqlTemplate {
      const between = typeof separator === "string" ? new SqlTemplate([separator], []) : separator;
      let joined = new SqlTemplate([""], []);
      let index = 0;
      for (const item of items) {
        if (index > 0) joined = joined.concatenated(between);
        joined = joined.concatenated(new SqlTemplate(["", ""], [part(item, index++)]));
      }
      return joined;
    },
    empty: new SqlTemplate([""], []),
  },
);
