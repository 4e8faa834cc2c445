/** `VALUES (…), (…)` as a table. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { AnonName, type Name } from "../ast/name.ts";
import { appendValue, defineKind, type Fields, isPlain } from "../ast/node.ts";
import { ArgumentError, CompileError } from "../errors/errors.ts";
import { BindParameter, literalBind } from "../expression/bind.ts";
import { asColumnElement, resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { null_ } from "../expression/constants.ts";
import { NULLTYPE } from "../types/null.ts";
import { typeOfValueSlot } from "../types/type.ts";
import { anonymousAliasName } from "./alias.ts";
import type { ColumnCollection } from "./column-collection.ts";
import { CTE } from "./cte.ts";
import type { CteReference } from "./cte-reference.ts";
import { type AddedCte, ctesToAdd } from "./executable.ts";
import { FromClause } from "./from-clause.ts";
import { givenColumnsOf } from "./given-columns.ts";
import { type GivenName, givenName, type NameIn } from "./given-name.ts";
import type { NamedColumn } from "./naming.ts";
import { type CteOptions, SelectBase } from "./returns-rows.ts";

/** Rows given as values. */
export class Values<out C extends object = object, out N extends string = string> extends FromClause<C, N> {
  static override readonly fields: Fields = { rows: "options", name: "skip", addedCtes: "options" };
  readonly name: Name | null;
  readonly literalBinds: boolean;
  readonly isLateral: boolean;
  /** The rows as expressions. */
  readonly rows: readonly (readonly ColumnElement[])[];
  readonly givenColumns: readonly ColumnClause[];
  /** CTEs given with {@link addCte}. */
  readonly addedCtes: readonly AddedCte[];
  keyStamp = 0;
  keyOrdinal = 0;
  memoColumns: ColumnCollection<C> | undefined;

  constructor(
    columns: readonly ColumnClause[],
    options: {
      readonly name?: Name | null;
      readonly literalBinds?: boolean;
      readonly rows?: readonly (readonly ColumnElement[])[];
      readonly lateral?: boolean;
      readonly addedCtes?: readonly AddedCte[];
    } = {},
  ) {
    super();
    this.addedCtes = options.addedCtes ?? [];
    this.givenColumns = columns;
    this.name = options.name ?? null;
    this.literalBinds = options.literalBinds ?? false;
    this.rows = options.rows ?? [];
    this.isLateral = options.lateral ?? false;
  }

  get c(): ColumnCollection<C> {
    return (this.memoColumns ??= givenColumnsOf<C>(this, this.givenColumns));
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected copyOf<M extends string = N>(changes: {
    name?: Name | null;
    rows?: readonly (readonly ColumnElement[])[];
    lateral?: boolean;
    addedCtes?: readonly AddedCte[];
  }): Values<C, M> {
    return new Values<C, M>(this.givenColumns, {
      name: this.name,
      literalBinds: this.literalBinds,
      rows: this.rows,
      lateral: this.isLateral,
      addedCtes: this.addedCtes,
      ...changes,
    });
  }

  /** Adds rows. */
  data(rows: readonly (readonly unknown[])[]): Values<C, N> {
    const added = rows.map((row, index) => {
      if (!Array.isArray(row) || row.length !== this.givenColumns.length)
        throw new ArgumentError(`row ${index} of values() must have ${this.givenColumns.length} values`);
      return row.map((value: unknown, position) => {
        const node = resolveNode(value);
        if (node !== undefined) return asColumnElement(node, "a value of values()");
        if (value === undefined)
          throw new ArgumentError(`value ${position} of row ${index} of values() is undefined`, {
            code: "undefined_value",
            fix: "pass null for SQL NULL",
          });
        if (value === null) return null_();
        const { type } = this.givenColumns[position] as ColumnClause;
        return literalBind(value, type === NULLTYPE ? typeOfValueSlot.resolve(value) : type);
      });
    });
    return this.copyOf({ rows: [...this.rows, ...added] });
  }

  /** Puts CTEs in front of the statement that these rows stand in. */
  addCte(...args: readonly (CteReference | { readonly nestHere?: boolean })[]): Values<C, N> {
    return this.copyOf({ addedCtes: [...this.addedCtes, ...ctesToAdd(args)] });
  }

  override alias<const G extends GivenName = null>(name?: G): Values<C, NameIn<G>> {
    return this.copyOf({ name: givenName(name, "alias()") ?? new AnonName("anon"), rows: this.rows.map(ownBinds) });
  }

  override lateral<const G extends GivenName = null>(name?: G): Values<C, NameIn<G>> {
    const own = givenName(name, "lateral()") ?? this.name ?? new AnonName("anon");
    return this.copyOf({ name: own, lateral: true, rows: this.rows.map(ownBinds) });
  }

  /** The rows as a CTE. @throws CompileError for LATERAL rows, which cannot be one. */
  cte(name?: GivenName, options: CteOptions = {}): CTE<C> {
    if (this.isLateral)
      throw new CompileError("LATERAL VALUES cannot be a CTE", { fix: "call cte() before lateral()" });
    return new CTE<C>(
      new ValuesSelect(this as unknown as Values),
      givenName(name, "cte()") ?? anonymousAliasName(this),
      options,
    );
  }

  /** @internal What stands behind IN. */
  asRows(): ColumnElement {
    return this.scalarValues();
  }

  /** The rows as the right side of IN. */
  scalarValues(): ScalarValues {
    return new ScalarValues(this as unknown as Values);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    if (!key.firstMeeting(this)) return;
    key.add(`(V${this.literalBinds ? "l" : ""}${this.isLateral ? "L" : ""}`);
    if (typeof this.name === "string") key.name(this.name);
    else key.add(this.name === null ? "-" : "~");
    key.nodes(this.givenColumns);
    appendValue(key, this.rows);
    if (this.addedCtes.length > 0) appendValue(key, this.addedCtes);
    // Values rendered into the text are part of what is compiled.
    if (this.literalBinds) key.uncacheable = true;
    key.add(")");
  }
}
defineKind(Values, "values");

/** Literals are parameters of each alias by itself; what the user made a parameter is one everywhere. */
function ownBinds(row: readonly ColumnElement[]): readonly ColumnElement[] {
  return row.map((value) =>
    value instanceof BindParameter && value.bindKey === null ? literalBind(value.value, value.type) : value,
  );
}

/** VALUES as the body of a CTE. */
export class ValuesSelect extends SelectBase {
  static override readonly fields: Fields = { element: "child" };
  readonly element: Values;

  constructor(element: Values) {
    super();
    this.element = element;
  }

  override get namedColumns(): readonly NamedColumn[] {
    return this.element.givenColumns.map((column) => ({ column, label: null, name: column.name, repeated: false }));
  }

  override get columnKeys(): readonly (string | null)[] {
    return this.element.givenColumns.map((column) => column.key);
  }

  override collectFroms(): void {}
}
defineKind(ValuesSelect, "valuesSelect");

/** VALUES as a value. */
export class ScalarValues extends ColumnElement {
  static override readonly fields: Fields = { element: "child" };
  readonly element: Values;

  constructor(element: Values) {
    super(element.givenColumns[0]?.type ?? NULLTYPE);
    this.element = element;
  }

  override collectFroms(): void {}

  // VALUES brings its parentheses along.
  override selfGroup(): ColumnElement {
    return this;
  }
}
defineKind(ScalarValues, "scalarValues");

type ColumnsByName<A extends readonly unknown[]> = {
  readonly [E in Extract<A[number], ColumnClause> as E["~name"]]: E;
};

/** Options of {@link values}. */
export interface ValuesOptions {
  /** The name in SQL. Default: made up. */
  readonly name?: string;
  /** Values are written into the statement. Default false. */
  readonly literalBinds?: boolean;
}

/** Rows as a table: `values(columnClause("id", t.integer), { name: "v" }).data([[1], [2]])`. */
export function values<const A extends readonly (ColumnClause | ValuesOptions)[]>(
  ...args: A
): Values<ColumnsByName<A>> {
  const given: unknown[] = [...args];
  const last = given.at(-1);
  const options =
    last !== undefined && last !== null && !(last instanceof ColumnClause) && isPlain(last as object)
      ? (given.pop() as ValuesOptions)
      : {};
  for (const column of given)
    if (!(column instanceof ColumnClause)) throw new ArgumentError("values() takes columns made with columnClause()");
  return new Values<ColumnsByName<A>>(given as ColumnClause[], {
    name: options.name ?? null,
    literalBinds: options.literalBinds ?? false,
  });
}
