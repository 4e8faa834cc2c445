/** EXCLUDE constraints: no two rows for which all the comparisons hold. */
import {
  ArgumentError,
  ClauseElement,
  Column,
  ColumnCollectionConstraint,
  type ColumnElement,
  type Constraint,
  type ConstraintOptions,
  type ConventionKey,
  columnArgument,
  columnsIn,
  ddlExpression,
  defineKind,
  describe,
  moveExpression,
  resolveColumns,
  resolveNode,
  type SqlExpression,
  type Table,
} from "@athanor/core";

/** Options of {@link excludeConstraint}. */
export interface ExcludeOptions extends ConstraintOptions {
  /** The index method. Default `gist`. */
  readonly using?: string;
  /** Rows that the constraint is about: SQL or an expression. */
  readonly where?: string | SqlExpression;
  /** Operator classes by column key. */
  readonly ops?: Readonly<Record<string, string>>;
}

/** A column (by key or as an object) or an expression, with the operator that must not hold for two rows. */
export type ExcludeElement = readonly [element: string | SqlExpression, operator: string];

const optionNames = new Set(["name", "deferrable", "initially", "comment", "info", "using", "where", "ops"]);

/** `EXCLUDE USING gist (a WITH =, b WITH &&)` */
export class ExcludeConstraint extends ColumnCollectionConstraint {
  readonly using: string;
  readonly where: ClauseElement | null;
  readonly ops: Readonly<Record<string, string>>;
  readonly #elements: readonly (readonly [string | ClauseElement, string])[];

  constructor(elements: readonly ExcludeElement[], options: ExcludeOptions = {}) {
    const read = elements.map(readElement);
    super(
      read.map(([element]) => element).filter((element) => typeof element === "string" || element instanceof Column),
      options,
      "excludeConstraint()",
      optionNames,
    );
    if (read.length === 0)
      throw new ArgumentError("excludeConstraint() needs at least one element", { fix: 'such as ["during", "&&"]' });
    this.#elements = read;
    this.using = options.using ?? "gist";
    this.where =
      options.where === undefined || options.where === null
        ? null
        : ddlExpression(options.where, "excludeConstraint()");
    this.ops = options.ops ?? {};
    if (read.every(([element]) => typeof element !== "string")) this.attachByColumns();
  }

  override get conventionKey(): ConventionKey | null {
    return null;
  }

  /** What is compared, with the operators; columns once the table is known. */
  get elements(): readonly (readonly [ClauseElement, string])[] {
    const table = this.tableOrNull as Table | null;
    return this.#elements.map(([element, operator]) => [
      typeof element === "string"
        ? (resolveColumns([element], table as Table, "ExcludeConstraint")[0] as Column)
        : element,
      operator,
    ]);
  }

  override attach(table: Table): void {
    super.attach(table);
    const columns = this.elements
      .flatMap(([element]) => columnsIn(element))
      .filter((column): column is Column => column instanceof Column);
    this.setColumns([...new Set(columns)]);
  }

  override copyTo(table: Table): Constraint {
    const from = this.tableOrNull as Table | null;
    const elements = this.#elements.map(
      ([element, operator]): ExcludeElement => [
        typeof element === "string"
          ? element
          : element instanceof Column
            ? (element.key as string)
            : moveExpression(element, from, table),
        operator,
      ],
    );
    const { using, ops } = this;
    const copy = new ExcludeConstraint(elements, {
      ...this.optionsForCopy,
      using,
      ops,
      ...(this.where === null ? {} : { where: moveExpression(this.where, from, table) }),
    });
    if (copy.parent === null) table.appendConstraint(copy);
    return copy;
  }
}
defineKind(ExcludeConstraint, "excludeConstraint");

function readElement(given: unknown): readonly [string | ClauseElement, string] {
  if (!Array.isArray(given) || given.length !== 2 || typeof given[1] !== "string")
    throw new ArgumentError("excludeConstraint() takes pairs of a column or expression and an operator", {
      fix: 'such as ["during", "&&"]',
    });
  const [element, operator] = given as [unknown, string];
  if (!/^(?:[-+*/<>=~!@#%^&|`?]+|[A-Za-z_][\w$]*(?:\.[-+*/<>=~!@#%^&|`?]+)?|OPERATOR\([^()]*\))$/i.test(operator))
    throw new ArgumentError(`${describe(operator)} is not an operator`);
  if (typeof element === "string") return [element, operator];
  const node = resolveNode(element);
  if (node instanceof Column) return [columnArgument(node, "excludeConstraint()") as Column, operator];
  if (node instanceof ClauseElement) return [node, operator];
  throw new ArgumentError(`${describe(element)} is no column or expression for excludeConstraint()`);
}

/** `pg.excludeConstraint(["room", "="], ["during", "&&"], { using: "gist", where: "room > 3" })` */
export function excludeConstraint(...args: readonly (ExcludeElement | ExcludeOptions)[]): ExcludeConstraint {
  const last = args.at(-1);
  const options = last !== undefined && !Array.isArray(last) ? (last as ExcludeOptions) : {};
  return new ExcludeConstraint(
    args.filter((arg): arg is ExcludeElement => Array.isArray(arg)),
    options,
  );
}

/** For visitors: an expression's key, by which operator classes are given. */
export function keyOf(element: ClauseElement): string | null {
  return (element as Partial<ColumnElement>).key ?? null;
}
