/** Functions as tables: `func.json_each(…).tableValued("key", "value")`. Adds the methods to function elements. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { AnonName, type Name } from "../ast/name.ts";
import { defineKind, type Fields, isPlain } from "../ast/node.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import { FunctionElement } from "../expression/function.ts";
import { NULLTYPE } from "../types/null.ts";
import { type SqlType, type TypeLike, toType } from "../types/type.ts";
import { type ColumnCollection, columnCollection } from "./column-collection.ts";
import { type Aliased, FromClause } from "./from-clause.ts";
import { givenColumnsOf } from "./given-columns.ts";
import { type GivenName, givenName, type NameIn, type NameOptions } from "./given-name.ts";
import { Select } from "./select.ts";

/** Options of `alias()` and `columnValued()` of a function. */
export interface FunctionAliasOptions extends NameOptions {
  /** The function needs no ON condition beside what stands left of it: no warning for a cartesian product. Default false. */
  readonly joinsImplicitly?: boolean;
}

/** Options of `tableValued()`. */
export interface TableValuedOptions {
  readonly name?: string;
  /** Name of an added ordinality column: `WITH ORDINALITY`. */
  readonly withOrdinality?: string;
  /** The function refers to tables beside it, so that no cartesian product is meant. */
  readonly joinsImplicitly?: boolean;
}

/** `f(…) AS name(columns)` in FROM. */
export class TableValuedAlias<out C extends object = object, out N extends string = string> extends FromClause<C, N> {
  static override readonly fields: Fields = { element: "child", name: "skip" };
  readonly element: ColumnElement;
  readonly name: Name;
  readonly givenColumns: readonly ColumnClause[];
  readonly isLateral: boolean;
  readonly withOrdinality: boolean;
  readonly joinsImplicitly: boolean;
  /** Column list behind the name: null for none, otherwise whether types are rendered. */
  readonly derived: { readonly withTypes: boolean } | null;
  /** The function gives one unnamed column. */
  readonly columnValued: boolean;
  keyStamp = 0;
  keyOrdinal = 0;
  memoColumns: ColumnCollection<C> | undefined;

  constructor(
    element: ColumnElement,
    columns: readonly ColumnClause[],
    options: {
      readonly name?: Name | null;
      readonly lateral?: boolean;
      readonly withOrdinality?: boolean;
      readonly joinsImplicitly?: boolean;
      readonly derived?: { readonly withTypes: boolean } | null;
      readonly columnValued?: boolean;
    } = {},
  ) {
    super();
    this.element = element;
    this.givenColumns = columns;
    this.name = options.name ?? new AnonName("anon");
    this.isLateral = options.lateral ?? false;
    this.withOrdinality = options.withOrdinality ?? false;
    this.joinsImplicitly = options.joinsImplicitly ?? false;
    this.derived = options.derived ?? null;
    this.columnValued = options.columnValued ?? false;
  }

  get c(): ColumnCollection<C> {
    return (this.memoColumns ??= givenColumnsOf<C>(this, this.givenColumns));
  }

  override get selectedColumns(): readonly ColumnElement[] {
    return this.columnValued && this.givenColumns.length === 0 ? [this.column] : super.selectedColumns;
  }

  /** The function's result as one column. */
  get column(): TableValuedColumn {
    return new TableValuedColumn(this as unknown as TableValuedAlias);
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected copyOf<M extends string = N>(
    changes: Partial<ConstructorParameters<typeof TableValuedAlias>[2] & object>,
  ): TableValuedAlias<C, M> {
    return new TableValuedAlias<C, M>(this.element, this.givenColumns, {
      name: this.name,
      lateral: this.isLateral,
      withOrdinality: this.withOrdinality,
      joinsImplicitly: this.joinsImplicitly,
      derived: this.derived,
      columnValued: this.columnValued,
      ...changes,
    });
  }

  override alias<const G extends GivenName = null>(name?: G): TableValuedAlias<C, NameIn<G>> {
    return this.copyOf({ name: givenName(name, "alias()") ?? new AnonName("anon") });
  }

  override lateral<const G extends GivenName = null>(name?: G): TableValuedAlias<C, NameIn<G>> {
    return this.copyOf({ name: givenName(name, "lateral()") ?? new AnonName("anon"), lateral: true });
  }

  /** Renders the columns behind the name: `AS name(a, b)`, with types `AS name(a INTEGER, b TEXT)`. */
  renderDerived(options: { readonly name?: string; readonly withTypes?: boolean } = {}): TableValuedAlias<C, N> {
    return this.copyOf({
      name: options.name ?? new AnonName("anon"),
      derived: { withTypes: options.withTypes ?? false },
    });
  }

  override collectFroms(into: Set<FromElement>): void {
    into.add(this);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    if (!key.firstMeeting(this)) return;
    key.add(
      `(tv${this.isLateral ? "L" : ""}${this.withOrdinality ? "O" : ""}${this.derived === null ? "" : this.derived.withTypes ? "T" : "D"}${this.columnValued ? "c" : ""}`,
    );
    if (typeof this.name === "string") key.name(this.name);
    this.element.appendCacheKey(key);
    key.nodes(this.givenColumns);
    key.add(")");
  }
}
defineKind(TableValuedAlias, "tableValuedAlias");

/** The one column of a function in FROM; renders as the alias's name. */
export class TableValuedColumn<out T = unknown, I = T, out N extends string = string> extends ColumnElement<T, I> {
  declare readonly "~name": N;
  static override readonly fields: Fields = { table: "child" };
  readonly table: FromClause;

  constructor(table: FromClause) {
    super(table instanceof TableValuedAlias ? table.element.type : NULLTYPE);
    this.table = table;
  }

  override get resultName(): Name | null {
    return this.table.name;
  }
  override get namesItself(): boolean {
    return true;
  }
  override get bindBase(): string {
    return this.key ?? super.bindBase;
  }
  override get key(): string | null {
    return typeof this.table.name === "string" ? this.table.name : null;
  }
  override collectFroms(into: Set<FromElement>): void {
    into.add(this.table);
  }
}
defineKind(TableValuedColumn, "tableValuedColumn");

/** One member of what a function gives: `(f(x)).name`. */
export class ScalarFunctionColumn<out T = unknown, I = T, out N extends string = string> extends ColumnElement<T, I> {
  declare readonly "~name": N;
  static override readonly fields: Fields = { element: "child", name: "atom", type: "keyed" };
  readonly element: FunctionElement;
  readonly name: string;

  constructor(element: FunctionElement, name: string, type: SqlType) {
    super(type);
    this.element = element;
    this.name = name;
  }

  override get resultName(): Name {
    return this.name;
  }
  override get namesItself(): boolean {
    return true;
  }
  override get key(): string {
    return this.name;
  }
}
defineKind(ScalarFunctionColumn, "scalarFunctionColumn");

declare module "../expression/function.ts" {
  interface FunctionElement<T, I> {
    /** One member of the composite value that the function gives: `(f(x)).name`. */
    scalarTableValued<N extends string>(name: N): ScalarFunctionColumn<unknown, unknown, N>;
    scalarTableValued<N extends string, T2, I2, O2>(
      name: N,
      type: TypeLike<T2, I2, O2>,
    ): ScalarFunctionColumn<T2, I2, N> & O2;
    /** The function as a table with the given columns. */
    tableValued<const A extends readonly (string | ColumnClause | TableValuedOptions)[]>(
      ...columns: A
    ): TableValuedAlias<FunctionColumns<A>>;
    /** The function as a table with one column, itself. */
    columnValued<N extends string = string>(name?: N | FunctionAliasOptions | null): TableValuedColumn<T, I, N>;
    /** The function as a table; its value is `.column`. */
    alias(name?: string | FunctionAliasOptions | null, options?: FunctionAliasOptions): TableValuedAlias;
    /** `LATERAL f(…) AS name`: the arguments may refer to what stands left of it. */
    lateral(name?: GivenName): TableValuedAlias;
    /** `SELECT f(…)` */
    select(): Select<[T]>;
  }
}

type FunctionColumns<A extends readonly unknown[]> = {
  readonly [E in A[number] as FunctionColumnName<E>]: E extends ColumnClause
    ? E
    : ColumnClause<unknown, FunctionColumnName<E>>;
};

type FunctionColumnName<E> = E extends string
  ? E
  : E extends ColumnClause
    ? E["~name"]
    : E extends { readonly withOrdinality: infer W extends string }
      ? W
      : never;

Object.defineProperties(FunctionElement.prototype, {
  tableValued: {
    value(this: FunctionElement, ...args: readonly unknown[]): TableValuedAlias {
      const given = [...args];
      const last = given.at(-1);
      const options =
        last !== undefined && typeof last === "object" && last !== null && isPlain(last)
          ? (given.pop() as TableValuedOptions)
          : {};
      const columns = given.map((column) =>
        column instanceof ColumnClause ? column : new ColumnClause(String(column), NULLTYPE),
      );
      if (options.withOrdinality !== undefined) columns.push(new ColumnClause(options.withOrdinality, NULLTYPE));
      return new TableValuedAlias(this, columns, {
        name: options.name ?? null,
        withOrdinality: options.withOrdinality !== undefined,
        joinsImplicitly: options.joinsImplicitly ?? false,
      });
    },
  },
  lateral: {
    value(this: FunctionElement, name?: GivenName): TableValuedAlias {
      return this.alias(name).lateral(name);
    },
  },
  scalarTableValued: {
    value(this: FunctionElement, name: string, type?: TypeLike): ScalarFunctionColumn {
      return new ScalarFunctionColumn(this, name, type === undefined ? NULLTYPE : toType(type));
    },
  },
  columnValued: {
    value(this: FunctionElement, name?: string | FunctionAliasOptions | null): TableValuedColumn {
      return this.alias(name).column;
    },
  },
  alias: {
    value(
      this: FunctionElement,
      name?: string | FunctionAliasOptions | null,
      options: FunctionAliasOptions = {},
    ): TableValuedAlias {
      const { joinsImplicitly = false } = { ...(typeof name === "object" ? name : {}), ...options };
      return new TableValuedAlias(this, [], { name: givenName(name, "alias()"), columnValued: true, joinsImplicitly });
    },
  },
  select: {
    value(this: FunctionElement): Select {
      return new Select([this]);
    },
  },
  asRows: {
    value(this: FunctionElement): ColumnElement {
      return new Select([this]).scalarSubquery();
    },
  },
});

/** A function directly in FROM, without a name. */
export class FunctionFrom extends FromClause {
  static override readonly fields: Fields = { element: "child" };
  readonly name = null;
  readonly element: FunctionElement;

  constructor(element: FunctionElement) {
    super();
    this.element = element;
  }

  get c(): ColumnCollection {
    return columnCollection([], "the function");
  }

  override lateral<const G extends GivenName = null>(name?: G): Aliased<object, NameIn<G>> {
    return this.element.alias(name as never).lateral(name) as unknown as Aliased<object, NameIn<G>>;
  }
}
defineKind(FunctionFrom, "functionFrom");

const functionFroms = new WeakMap<FunctionElement, FunctionFrom>();
Object.defineProperty(FunctionElement.prototype, "asFrom", {
  value(this: FunctionElement): FunctionFrom {
    let from = functionFroms.get(this);
    if (from === undefined) functionFroms.set(this, (from = new FunctionFrom(this)));
    return from;
  },
});
