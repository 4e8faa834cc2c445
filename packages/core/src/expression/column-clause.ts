/** A column by name: of a table, an alias, a subquery, or of nothing in particular. */
import { type Annotations, appendAnnotations } from "../ast/annotations.ts";
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { nextIdentity } from "../ast/cache-key.ts";
import { AnonName, joinNames, type Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import type { SqlType } from "../types/type.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";
import { Label } from "./label.ts";

/** What a join needs to know of a foreign key. Implemented by ../schema/foreign-key.ts. */
export interface ForeignKeyLink {
  /** The column that is referred to. */
  readonly column: ColumnClause;
  /** Foreign keys of one constraint belong together. */
  readonly constraint: object;
}

/** A named column. */
export class ColumnClause<out T = unknown, out N extends string = string, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { name: "atom", table: "skip", type: "keyed" };

  /** Phantom: the name in result rows. */
  declare readonly "~name": N;

  /** The database's name of the column. */
  readonly name: Name;
  /** Quoting given by the user; null: by the dialect's rules. */
  readonly quote: boolean | null;
  /** What the column belongs to; null for a name alone. */
  table: FromElement | null;
  readonly #key: string | null;
  readonly #proxies: readonly ColumnElement[];
  #cacheKey: string | undefined;

  constructor(
    name: Name,
    type: SqlType,
    table: FromElement | null = null,
    options: {
      readonly key?: string | null;
      readonly proxies?: readonly ColumnElement[];
      readonly quote?: boolean | null;
    } = {},
  ) {
    super(type);
    this.name = name;
    this.table = table;
    this.quote = options.quote ?? null;
    this.#key = options.key === undefined ? (typeof name === "string" ? name : null) : options.key;
    this.#proxies = options.proxies ?? [];
  }

  override get key(): string | null {
    return this.#key;
  }

  override get resultName(): Name {
    return this.name;
  }

  override get bindBase(): string {
    return this.#key ?? "param";
  }

  override get anonBase(): Name {
    return this.name;
  }

  override get proxies(): readonly ColumnElement[] {
    return this.#proxies;
  }

  /** Foreign keys of this column, or of the column that it stands for. */
  get foreignKeys(): readonly ForeignKeyLink[] {
    for (const proxied of this.#proxies) {
      const column = behindLabel(proxied);
      if (column instanceof ColumnClause) return column.foreignKeys;
    }
    return [];
  }

  /** Whether the column is part of its selectable's primary key. */
  get primaryKey(): boolean {
    return (
      this.#proxies.length > 0 &&
      this.#proxies.every((proxied) => {
        const column = behindLabel(proxied);
        return column instanceof ColumnClause && column.primaryKey;
      })
    );
  }

  /** `table_column`, for the label style that qualifies by table; numbered where a column of the table has this name. */
  get qualifiedName(): Name {
    const name = this.ddlLabel;
    if (typeof name !== "string") {
      // The same object each time: names with an anonymous part are told apart by identity.
      const known = qualifiedNames.get(this);
      if (known === undefined) qualifiedNames.set(this, name);
      return known ?? name;
    }
    const { table } = this;
    if (table?.hasKey?.(name) !== true) return name;
    for (let n = 1; ; n++) if (!table.hasKey(`${name}_${n}`)) return `${name}_${n}`;
  }

  /** `table_column`, for the names of constraints and indexes. */
  get ddlLabel(): Name {
    const table = this.table;
    if (table === null || table.name === null) return this.name;
    const schema = (table as { schema?: string | null }).schema;
    const prefix = schema ? joinNames(schema.replaceAll(".", "_"), "_", table.name) : table.name;
    return joinNames(prefix, "_", this.name);
  }

  /** The anonymous form of {@link qualifiedName}. */
  get anonQualifiedLabel(): AnonName {
    let label = qualifiedLabels.get(this);
    if (label === undefined) qualifiedLabels.set(this, (label = new AnonName(this.qualifiedName)));
    return label;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    if (this.table !== null && !isIdentityKeyed(this.table)) {
      // Columns of aliases and subqueries are told apart by their selectable's place in the statement.
      key.add("(c");
      if (typeof this.name === "string") key.name(this.name);
      else key.add(`~${this.table.columnOrdinal?.(this) ?? -1}`);
      this.table.appendCacheKey(key);
      key.add(")");
      return;
    }
    this.#cacheKey ??=
      this.table === null
        ? `(c${String(this.#key).length}'${String(this.#key)}${this.quote}${this.type.cacheKey})`
        : `c${nextIdentity()},`;
    key.add(this.#cacheKey);
  }

  override collectFroms(into: Set<FromElement>): void {
    if (this.table !== null) into.add(this.table);
  }

  override withAnnotations(values: Annotations): this {
    const isBare = Object.keys(values).length === 0;
    return isBare ? this : (new AnnotatedColumn(this, values) as ColumnClause as this);
  }
}
defineKind(ColumnClause, "column");

/** A column with annotations: the same column wherever it matters which one it is. */
class AnnotatedColumn extends ColumnClause {
  readonly #original: ColumnClause;
  readonly #values: Annotations;

  constructor(original: ColumnClause, values: Annotations) {
    const { name, type, table, key, quote } = original;
    super(name, type, table, { key, quote, proxies: [original] });
    this.#original = original;
    this.#values = Object.freeze({ ...values });
    if (original.kind !== this.kind) defineKind({ prototype: this }, original.kind);
    // What the schema knows of a table's column.
    for (let at: object = original; at !== ColumnClause.prototype; at = Object.getPrototypeOf(at) as object)
      for (const property of Object.getOwnPropertyNames(at)) if (!(property in this)) this.#forward(property);
  }

  #forward(property: string): void {
    const original = this.#original as unknown as Record<string, unknown>;
    Object.defineProperty(this, property, {
      configurable: true,
      get: () => {
        const value = original[property];
        return typeof value === "function" ? (value.bind(original) as unknown) : value;
      },
    });
  }

  override get annotations(): Annotations {
    return this.#values;
  }
  override get canonical(): ColumnElement {
    return this.#original.canonical;
  }
  override withAnnotations(values: Annotations): this {
    return this.#original.withAnnotations(values) as this;
  }
  override appendCacheKey(key: CacheKeyBuilder): void {
    appendAnnotations(key, this.#values, () => this.#original.appendCacheKey(key));
  }
}

/** A column under a label of its own is still that column. */
function behindLabel(element: ColumnElement): ColumnElement {
  return element instanceof Label ? element.element : element;
}

const qualifiedNames = new WeakMap<ColumnClause, Name>();
const qualifiedLabels = new WeakMap<ColumnClause, AnonName>();

function isIdentityKeyed(table: FromElement): boolean {
  return table.identityKeyed === true;
}

/** Whether two columns are the same one, or stand for a common column. */
export function shareLineage(a: ColumnElement, b: ColumnElement): boolean {
  const seen = lineage(a);
  for (const element of lineage(b)) if (seen.has(element)) return true;
  return false;
}

const lineages = new WeakMap<ColumnElement, ReadonlySet<ColumnElement>>();

/** A column and everything it stands for. */
export function lineage(element: ColumnElement): ReadonlySet<ColumnElement> {
  let set = lineages.get(element);
  if (set !== undefined) return set;
  const found = new Set<ColumnElement>([element]);
  for (const proxied of element.proxies) for (const ancestor of lineage(proxied)) found.add(ancestor);
  set = found;
  lineages.set(element, set);
  return set;
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    column: ColumnClause;
  }
}
