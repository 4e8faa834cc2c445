/** A column of a table. It is made by {@link ./column-factory.ts}, and becomes part of a table in ./table.ts. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { nextIdentity } from "../ast/cache-key.ts";
import { QuotedName } from "../ast/name.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ColumnClause, lineage } from "../expression/column-clause.ts";
import type { GivenDialectOptions } from "../selectable/dialect-options.ts";
import { describe } from "../types/literals.ts";
import { NULLTYPE } from "../types/null.ts";
import type { SqlType } from "../types/type.ts";
import type { SchemaClasses } from "./classes.ts";
import type { ColumnItem, InsertMode } from "./column-types.ts";
import { Computed } from "./computed.ts";
import { Constraint } from "./constraint.ts";
import { ColumnDefault } from "./default.ts";
import { SchemaEvents } from "./events.ts";
import { ForeignKey } from "./foreign-key.ts";
import { Identity } from "./identity.ts";
import { copyInfo, type Info, infoOf } from "./schema-item.ts";
import { Sequence } from "./sequence.ts";
import { DefaultClause, FetchedValue } from "./server-default.ts";

/** Whether a primary key is numbered: by the usual rules, always, never, or also where it is a foreign key. */
export type Autoincrement = boolean | "auto" | "ignore_fk";

/** What a column is made of. */
export interface ColumnParts {
  readonly name: QuotedName | null;
  /** Null: the type of the column that is referred to. */
  readonly type: SqlType | null;
  readonly key: string | null;
  readonly items: readonly ColumnItem[];
  readonly primaryKey: boolean;
  /** Null: not null for primary keys and identity columns. */
  readonly nullable: boolean | null;
  readonly unique: boolean | null;
  readonly index: boolean | null;
  readonly autoincrement: Autoincrement;
  readonly system: boolean;
  readonly comment: string | null;
  readonly doc: string | null;
  readonly insertSentinel: boolean;
  readonly omitFromStatements: boolean;
  readonly default: unknown;
  readonly onupdate: unknown;
  readonly serverDefault: unknown;
  readonly serverOnupdate: unknown;
  readonly dialectOptions: GivenDialectOptions;
  readonly mapping: MappingOptions;
}

/** What a column says about its attribute where its table is that of a mapped class; Core itself does not look at it. */
export interface MappingOptions {
  /** Not loaded with the object but when it is accessed. Default false. */
  readonly deferred?: boolean;
  /** Deferred columns of one group are loaded together. */
  readonly deferredGroup?: string | null;
  /** Accessing the deferred column is an error. Default false. */
  readonly deferredRaiseload?: boolean;
  /** A change loads the old value first. */
  readonly activeHistory?: boolean;
}

/**
 * A column.
 *
 * `T` is the value of a result, `N` the key, `I` what is accepted as a value; `M` says how INSERT treats the column and `O`
 * which methods its type adds.
 */
export class Column<
  out T = unknown,
  out N extends string = string,
  out I = T,
  out M extends InsertMode = InsertMode,
  out O = unknown,
> extends ColumnClause<T, N, I> {
  static readonly dispatch: SchemaEvents<Column> = new SchemaEvents<Column>();

  /** Phantom: what is accepted as a value. */
  declare readonly "~input": I;
  /** Phantom: how INSERT treats the column. */
  declare readonly "~insert": M;
  /** Phantom: methods that the type adds to expressions. */
  declare readonly "~ops": O;

  /** The database's name; empty until the column becomes part of a table that gives it one. */
  declare name: string;
  declare quote: boolean | null;
  declare table: SchemaClasses["table"] | null;

  nullable: boolean;
  /** What was given as `nullable`; null for nothing. */
  readonly givenNullable: boolean | null;
  readonly unique: boolean | null;
  readonly index: boolean | null;
  autoincrement: Autoincrement;
  /** The database makes the column by itself; it is left out of CREATE TABLE. */
  readonly system: boolean;
  comment: string | null;
  doc: string | null;
  readonly insertSentinel: boolean;
  /** Left out of SELECT and INSERT unless it is named. */
  readonly omitFromStatements: boolean;
  default: ColumnDefault | Sequence | null = null;
  onupdate: ColumnDefault | Sequence | null = null;
  serverDefault: FetchedValue | null = null;
  serverOnupdate: FetchedValue | null = null;
  identity: Identity | null = null;
  computed: Computed | null = null;
  /** CHECK constraints that are rendered beside the column. */
  readonly constraints: Set<Constraint> = new Set();
  readonly dialectOptions: GivenDialectOptions;
  /** Options for the ORM. */
  readonly mapping: MappingOptions;
  #key: string | null;
  #primaryKey: boolean;
  readonly #foreignKeys: ForeignKey[] = [];
  readonly #identity: string = `c${nextIdentity()},`;
  #whenAttached: ((column: Column, table: SchemaClasses["table"]) => void)[] | null = null;
  #dispatch: SchemaEvents<Column> | undefined;

  constructor(parts: ColumnParts) {
    const name = parts.name === null ? "" : String(parts.name);
    super(name, parts.type ?? NULLTYPE, null, { key: null, quote: parts.name?.quote ?? null });
    this.#key = parts.key ?? (name === "" ? null : name);
    this.#primaryKey = parts.primaryKey;
    this.givenNullable = parts.nullable;
    this.nullable = parts.nullable ?? !parts.primaryKey;
    this.unique = parts.unique;
    this.index = parts.index;
    this.autoincrement = parts.autoincrement;
    this.system = parts.system;
    this.comment = parts.comment;
    this.doc = parts.doc;
    this.insertSentinel = parts.insertSentinel;
    this.omitFromStatements = parts.omitFromStatements;
    this.dialectOptions = parts.dialectOptions;
    this.mapping = parts.mapping;
    if (parts.type === null) inferType(this);
    this.#setDefaults(parts);
    for (const item of parts.items) this.#addItem(item);
  }

  override get key(): string | null {
    return this.#key;
  }

  override set key(key: string | null) {
    this.#key = key;
  }

  override get bindBase(): string {
    return this.#key ?? "param";
  }

  override get primaryKey(): boolean {
    return this.#primaryKey;
  }

  override set primaryKey(primaryKey: boolean) {
    this.#primaryKey = primaryKey;
  }

  override get foreignKeys(): readonly ForeignKey[] {
    return this.#foreignKeys;
  }

  get dispatch(): SchemaEvents<Column> {
    this.#dispatch ??= new SchemaEvents<Column>(Column.dispatch);
    return this.#dispatch;
  }

  /** Notes of the user's own. */
  get info(): Info {
    return infoOf(this);
  }

  /** `"table.column"`, for messages. */
  get description(): string {
    return this.table === null ? this.name || "(no name)" : `${this.table.name}.${this.name}`;
  }

  /** Columns are told apart by themselves, whether or not they are part of a table yet. */
  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(this.#identity);
  }

  /** Whether a foreign key of this column refers to `column`. */
  references(column: ColumnClause): boolean {
    const set = lineage(column);
    return this.#foreignKeys.some((key) => [...lineage(key.column)].some((ancestor) => set.has(ancestor)));
  }

  /** Adds a foreign key. */
  appendForeignKey(key: ForeignKey): void {
    if (key.parent !== null && key.parent !== (this as Column))
      throw new ArgumentError("This ForeignKey already has a parent !");
    key.parent = this as Column;
    if (!this.#foreignKeys.includes(key)) this.#foreignKeys.push(key);
    if (this.table !== null && key.constraintOrNull === null) this.table.attachForeignKey(key);
  }

  /** Takes a foreign key off again. */
  removeForeignKey(key: ForeignKey): void {
    const index = this.#foreignKeys.indexOf(key);
    if (index >= 0) this.#foreignKeys.splice(index, 1);
  }

  /** Calls `listener` when the column becomes part of a table, or at once. */
  whenAttached(listener: (column: Column, table: SchemaClasses["table"]) => void): void {
    if (this.table !== null) listener(this as Column, this.table);
    else {
      this.#whenAttached ??= [];
      this.#whenAttached.push(listener);
    }
  }

  /** Makes the column part of a table; the table does the rest. @internal */
  attach(table: SchemaClasses["table"]): void {
    this.table = table;
    const listeners = this.#whenAttached;
    this.#whenAttached = null;
    for (const listener of listeners ?? []) listener(this as Column, table);
  }

  /** Tells listeners. @internal */
  fireAttach(event: "beforeParentAttach" | "afterParentAttach", table: object): void {
    (this.#dispatch ?? Column.dispatch).of(event).fire(this as Column, table);
  }

  /** A copy that belongs to no table. Foreign keys that are part of a constraint over several columns are not copied. */
  copy(
    options: { readonly name?: QuotedName | null; readonly key?: string | null; readonly foreignKeys?: boolean } = {},
  ): Column<T, N, I, M, O> {
    const items: ColumnItem[] = [];
    for (const constraint of this.constraints)
      if (!constraint.typeBound) items.push((constraint as Constraint & { copy(): Constraint }).copy());
    if (options.foreignKeys !== false)
      for (const key of this.#foreignKeys) if (key.constraintOrNull?.implicit !== false) items.push(key.copy());
    const generated = this.identity ?? this.computed;
    if (generated !== null) items.push(generated.copy() as Identity | Computed);
    const copy = new Column<T, N, I, M, O>({
      ...this.#settings(),
      name: options.name === undefined ? this.#quotedName() : options.name,
      key: options.key === undefined ? this.#key : options.key,
      items,
      default: this.default?.copy() ?? null,
      onupdate: this.onupdate?.copy() ?? null,
      serverDefault: generated === null ? (this.serverDefault?.copy() ?? null) : null,
      serverOnupdate: generated === null ? (this.serverOnupdate?.copy() ?? null) : null,
    });
    copy.nullable = this.nullable;
    copyInfo(this, copy);
    return copy;
  }

  #settings(): Omit<
    ColumnParts,
    "name" | "key" | "items" | "default" | "onupdate" | "serverDefault" | "serverOnupdate"
  > {
    const {
      primaryKey,
      unique,
      index,
      autoincrement,
      system,
      comment,
      doc,
      insertSentinel,
      omitFromStatements,
      dialectOptions,
      mapping,
    } = this;
    const type = this.#typeIsInferred ? null : this.type;
    return {
      type,
      primaryKey,
      nullable: this.givenNullable,
      unique,
      index,
      autoincrement,
      system,
      comment,
      doc,
      insertSentinel,
      omitFromStatements,
      dialectOptions,
      mapping,
    };
  }

  get #typeIsInferred(): boolean {
    return Object.getOwnPropertyDescriptor(this, "type")?.get !== undefined;
  }

  #quotedName(): QuotedName | null {
    return this.name === "" ? null : new QuotedName(this.name, this.quote);
  }

  #setDefaults(parts: ColumnParts): void {
    if (parts.default !== null) this.#addItem(asDefault(parts.default, false));
    if (parts.onupdate !== null) this.#addItem(asDefault(parts.onupdate, true));
    if (parts.serverDefault !== null) this.#addItem(asServerDefault(parts.serverDefault, false));
    if (parts.serverOnupdate !== null) this.#addItem(asServerDefault(parts.serverOnupdate, true));
  }

  #addItem(item: ColumnItem): void {
    if (item instanceof ForeignKey) this.appendForeignKey(item);
    else if (item instanceof Constraint) this.#addConstraint(item);
    else if (item instanceof ColumnDefault || item instanceof Sequence) this.#addDefault(item);
    else if (item instanceof Identity) this.#addIdentity(item);
    else if (item instanceof Computed) this.#addComputed(item);
    else if (item instanceof FetchedValue) this.#addServerDefault(item);
    else
      throw new ArgumentError(`this cannot be part of a column: ${describe(item)}`, {
        fix: "pass foreignKey(), checkConstraint(), sequence(), identity() or computed(), with options last",
      });
  }

  #addConstraint(constraint: Constraint): void {
    constraint.parent = this as Column;
    this.constraints.add(constraint);
  }

  #addDefault(item: ColumnDefault | Sequence): void {
    if (item instanceof ColumnDefault && item.isSentinel) {
      if (!this.insertSentinel) throw new ArgumentError("a sentinel default needs a column with insertSentinel: true");
      if (!this.nullable) throw new ArgumentError("a sentinel default needs a column that is nullable");
    }
    item.column = this;
    if (item.forUpdate) this.onupdate = item;
    else this.default = item;
  }

  #addServerDefault(item: FetchedValue): void {
    item.column = this;
    if (item.forUpdate) this.serverOnupdate = item;
    else this.serverDefault = item;
  }

  #addIdentity(item: Identity): void {
    if ((this.serverDefault !== null && !(this.serverDefault instanceof Identity)) || this.serverOnupdate !== null) {
      throw new ArgumentError("A column with an Identity object cannot specify serverDefault or serverOnupdate");
    }
    if (this.autoincrement === false)
      throw new ArgumentError("A column with an Identity object cannot specify autoincrement: false");
    item.column = this;
    this.identity = item;
    this.serverDefault = item;
    if (this.givenNullable === null) this.nullable = false;
  }

  #addComputed(item: Computed): void {
    const free = (value: FetchedValue | null): boolean => value === null || value instanceof Computed;
    if (!free(this.serverDefault) || !free(this.serverOnupdate)) {
      throw new ArgumentError("A generated column cannot specify serverDefault or serverOnupdate");
    }
    item.column = this;
    this.computed = item;
    this.serverDefault = item;
    this.serverOnupdate = item;
  }
}

declare module "./classes.ts" {
  interface SchemaClasses {
    column: Column;
  }
}

function asDefault(value: unknown, forUpdate: boolean): ColumnDefault | Sequence {
  if (value instanceof Sequence) return value;
  if (value instanceof ColumnDefault)
    return value.forUpdate === forUpdate ? value : new ColumnDefault(value.arg, { forUpdate });
  return new ColumnDefault(value, { forUpdate });
}

function asServerDefault(value: unknown, forUpdate: boolean): FetchedValue {
  return value instanceof FetchedValue ? value.asForUpdate(forUpdate) : new DefaultClause(value, { forUpdate });
}

/** Gives a column the type of the column that it refers to, as soon as that is there. */
function inferType(column: Column): void {
  let looking = false;
  const settle = (type: SqlType): SqlType => {
    Object.defineProperty(column, "type", { value: type, writable: true, enumerable: true, configurable: true });
    return type;
  };
  Object.defineProperty(column, "type", {
    configurable: true,
    enumerable: true,
    get(): SqlType {
      if (looking) return NULLTYPE;
      looking = true;
      for (const key of column.foreignKeys) {
        try {
          const { type } = key.column;
          if (type !== NULLTYPE) return settle(type);
        } catch {
          // The table is not there yet; the next question may find it.
        } finally {
          looking = false;
        }
      }
      looking = false;
      return NULLTYPE;
    },
    set: settle,
  });
}
