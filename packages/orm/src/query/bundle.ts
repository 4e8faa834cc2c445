/** `bundle()`: several columns of a statement under one name, given as one value of the row. */
import {
  ArgumentError,
  type CacheKeyBuilder,
  ClauseElement,
  columnsClauseElement,
  defineKind,
  type Fields,
  type FromElement,
  type NamedColumnsOf,
  type NamesOf,
  type Node,
  ResultKeys,
  type Row,
  RowShape,
  type ValuesOf,
} from "@athanor/core";
import type { BundleShape } from "./plan.ts";

/** Columns that rows give together: see {@link Bundle}, which stands for it and knows more of its types. */
class ColumnBundle<
  out N extends string = string,
  out O extends object = object,
  out C extends object = Readonly<Record<string, Node>>,
> extends ClauseElement {
  static override readonly fields: Fields = { elements: "children" };
  /** Phantom: the name in rows. */
  declare readonly "~name": N;
  /** Phantom: the value in rows. */
  declare readonly "~value": O;
  /** The name in rows. */
  readonly name: N;
  readonly elements: readonly Node[];
  readonly #shape: RowShape;

  constructor(name: N, ...columns: readonly unknown[]) {
    super();
    this.name = name;
    // A list of the columns, too.
    const given = columns.length === 1 && Array.isArray(columns[0]) ? (columns[0] as readonly unknown[]) : columns;
    this.elements = given.map(columnsClauseElement);
    const keys = this.elements.map(
      (element, position) =>
        (element as { key?: string | null }).key ?? (element as { name?: string }).name ?? `column_${position + 1}`,
    );
    this.#shape = new RowShape(
      new ResultKeys(keys),
      keys.map(() => null),
    );
  }

  /** What a row's values become: by default a row of their own. */
  create(values: readonly unknown[]): unknown {
    return this.#shape.make(values);
  }

  get bundleShape(): BundleShape {
    return { name: this.name, keys: this.#shape.keys.names, create: (values) => this.create(values) };
  }

  /** The columns by key: `b.c.name`. */
  get c(): C {
    return Object.fromEntries(this.#shape.keys.names.map((key, position) => [key, this.elements[position]])) as C;
  }

  /** The same as {@link c}. */
  get columns(): C {
    return this.c;
  }

  /** In ORDER BY and GROUP BY: its columns. */
  asByElements(): readonly ClauseElement[] {
    return this.elements as readonly ClauseElement[];
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("B");
    key.name(this.name);
    for (const element of this.elements) element.appendCacheKey(key);
    key.add(";");
  }

  override collectFroms(into: Set<FromElement>): void {
    for (const element of this.elements) if (element instanceof ClauseElement) element.collectFroms(into);
  }
}
defineKind(ColumnBundle, "bundle");

/** Columns that rows give together. */
export type Bundle<
  N extends string = string,
  O extends object = object,
  C extends object = Readonly<Record<string, Node>>,
> = ColumnBundle<N, O, C>;

/** What {@link Bundle} can be called and extended as. */
export interface BundleClass {
  // Four parameters, so that `extends Bundle<"pair", Pair>` means the other one.
  new <const N extends string, const A extends readonly unknown[], _A, _B>(
    name: N,
    ...columns: A
  ): ColumnBundle<N, Row<ValuesOf<A>, NamesOf<A>>, NamedColumnsOf<A>>;
  new <N extends string = string, O extends object = object, C extends object = Readonly<Record<string, Node>>>(
    name: N,
    ...columns: readonly unknown[]
  ): ColumnBundle<N, O, C>;
  readonly prototype: ColumnBundle;
}

/**
 * Columns that rows give together, as one value under a name: `new Bundle("pair", User.$.name, User.$.age)`, the same as
 * {@link bundle}. Extend it, `class Pair extends Bundle<"pair", { name: string }>`, and override `create()` for values of your own.
 */
export const Bundle: BundleClass = ColumnBundle;

/** Several columns under one name: `select(bundle("pair", User.$.name, User.$.age))` gives rows with `row.pair.name`. */
export function bundle<const N extends string, const A extends readonly unknown[]>(
  name: N,
  ...columns: A
): Bundle<N, Row<ValuesOf<A>, NamesOf<A>>, NamedColumnsOf<A>> {
  return new ColumnBundle<N, Row<ValuesOf<A>, NamesOf<A>>, NamedColumnsOf<A>>(name, ...columns);
}

class ObjectBundle<
  N extends string,
  O extends object,
  C extends object = Readonly<Record<string, Node>>,
> extends ColumnBundle<N, O, C> {
  readonly #keys: readonly string[];

  constructor(name: N, ...columns: readonly unknown[]) {
    super(name, ...columns);
    const { keys } = this.bundleShape;
    this.#keys = keys;
    const repeated = keys.find((key, position) => keys.indexOf(key) !== position);
    if (repeated !== undefined)
      throw new ArgumentError(`DictBundle does not support duplicate column names: '${repeated}'`, {
        fix: 'give one of them a label: User.$.id.label("userId")',
      });
  }

  override create(values: readonly unknown[]): unknown {
    return Object.fromEntries(this.#keys.map((key, position) => [key, values[position]]));
  }
}

/** What {@link DictBundle} can be called as. */
export interface DictBundleClass {
  new <const N extends string, const A extends readonly unknown[]>(
    name: N,
    ...columns: A
  ): ColumnBundle<N, NamesOf<A>, NamedColumnsOf<A>>;
  readonly prototype: ColumnBundle;
}

/**
 * A bundle whose value is a plain object of the columns by name: `new DictBundle("pair", User.$.name, User.$.age)`.
 *
 * @throws ArgumentError for columns of the same name.
 */
export const DictBundle: DictBundleClass = ObjectBundle as DictBundleClass;
