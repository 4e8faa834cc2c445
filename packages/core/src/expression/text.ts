/** SQL given as text: `text("SELECT … WHERE id = :id")`. */
import { defineKind, type Fields } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { NULLTYPE } from "../types/null.ts";
import { type SqlType, typeOfValueSlot } from "../types/type.ts";
import { BindParameter } from "./bind.ts";
import { ClauseElement } from "./clause-element.ts";

/** `:name`, not preceded by a colon or a backslash, and not followed by a colon. */
const bindPattern = /(?<![:\w\\]):(\w+)(?!:)/gu;

/** Text with named binds written `:name`; a colon that is none is written `\:`. */
export class TextClause extends ClauseElement {
  static override readonly fields: Fields = { text: "atom", binds: "options" };

  readonly text: string;
  /** The parameters by name, in order of appearance. */
  readonly binds: Readonly<Record<string, BindParameter>>;

  constructor(source: string, binds?: Readonly<Record<string, BindParameter>>) {
    super();
    this.text = source;
    if (binds !== undefined) this.binds = binds;
    else {
      const found: Record<string, BindParameter> = {};
      for (const [, name] of source.matchAll(bindPattern)) {
        found[name as string] = new BindParameter(name as string, name as string, null, NULLTYPE, { required: true });
      }
      this.binds = found;
    }
  }

  /** {@link bindparams} with values only; names that the text does not have are left aside. */
  override params(values: Readonly<Record<string, unknown>>): this {
    return this.bindparams(
      Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(this.binds, name))),
    );
  }

  /**
   * Gives values or types to the text's parameters.
   *
   * @throws ArgumentError for a name that the text does not have.
   */
  bindparams(values: Readonly<Record<string, unknown>>): this;
  bindparams(...binds: readonly BindParameter[]): this;
  bindparams(...args: readonly unknown[]): this {
    const binds: Record<string, BindParameter> = { ...this.binds };
    const set = (name: string, bind: (known: BindParameter) => BindParameter): void => {
      const known = binds[name];
      if (known === undefined) {
        throw new ArgumentError(`This text() construct doesn't define a bound parameter named '${name}'`, {
          fix: `write it as :${name} in the text; known names: ${Object.keys(binds).join(", ") || "none"}`,
        });
      }
      binds[name] = bind(known);
    };
    for (const arg of args) {
      if (arg instanceof BindParameter) set(arg.bindKey ?? "", () => arg);
      else {
        for (const [name, value] of Object.entries(arg as Record<string, unknown>)) {
          if (value === undefined)
            throw new ArgumentError(`the value of :${name} is undefined`, {
              code: "undefined_value",
              fix: "pass null for SQL NULL",
            });
          set(
            name,
            (known) =>
              new BindParameter(
                name,
                name,
                value,
                known.type === NULLTYPE && value !== null ? typeOfValueSlot.resolve(value) : known.type,
              ),
          );
        }
      }
    }
    return copyWith(this, { binds }) as this;
  }

  /** What the text gives is not known. */
  get type(): SqlType {
    return NULLTYPE;
  }

  /** In parentheses where it stands inside an operator. */
  selfGroup(against: Operator | null): ClauseElement {
    return against === operators.in || against === operators.not ? new TextGrouping(this) : this;
  }
}
defineKind(TextClause, "text");

/** Text in parentheses. */
export class TextGrouping extends ClauseElement {
  static override readonly fields: Fields = { element: "child" };
  readonly element: TextClause;

  constructor(element: TextClause) {
    super();
    this.element = element;
  }
}
defineKind(TextGrouping, "textGrouping");

/** The pieces of a text: SQL with escapes undone, and bind names. */
export function splitText(source: string): readonly { readonly sql: string; readonly bind: string | null }[] {
  const pieces: { sql: string; bind: string | null }[] = [];
  let last = 0;
  for (const match of source.matchAll(bindPattern)) {
    pieces.push({ sql: unescape(source.slice(last, match.index)), bind: match[1] as string });
    last = match.index + match[0].length;
  }
  pieces.push({ sql: unescape(source.slice(last)), bind: null });
  return pieces;
}

function unescape(sql: string): string {
  return sql.replaceAll(/\\(:)/g, "$1");
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    text: TextClause;
  }
}
