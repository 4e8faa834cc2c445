/** MetaData: the tables of one schema of tables, by name. */
import { QuotedName } from "../ast/name.ts";
import { defineKind, Node } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import type { CheckConstraint } from "./check.ts";
import type { ColumnCollectionConstraint } from "./column-constraint.ts";
import { SchemaEvents } from "./events.ts";
import { type ConventionRules, defaultConvention } from "./naming.ts";
import type { AllOptions, DdlBind, ReflectBind, ReflectOptions } from "./ports.ts";
import { type Info, infoOf, setInfo } from "./schema-item.ts";
import type { Sequence } from "./sequence.ts";
import { sortTables } from "./sort.ts";
import type { Table } from "./table.ts";
import type { Index } from "./table-index.ts";
import type { ReflectedColumns } from "./table-types.ts";
import type { NamedType } from "./type-constraints.ts";

/** A token of a naming convention that is worked out by a function. */
export type ConventionToken = (
  constraint: ColumnCollectionConstraint | CheckConstraint | Index,
  table: Table,
) => string;

/**
 * Rules by which constraints and indexes without a name are named.
 *
 * Tokens: `table_name`, `referred_table_name`, `constraint_name`, `column_0_name` (or `_key`, `_label`), `column_0_N_name`
 * (all columns, joined by `_`), `column_0N_name` (joined by nothing), `referred_column_0_name`, and functions of your own.
 */
export interface NamingConvention {
  readonly ix?: string;
  readonly uq?: string;
  readonly ck?: string;
  readonly fk?: string;
  readonly pk?: string;
  readonly [token: string]: string | ConventionToken | undefined;
}

/** Options of {@link MetaData}. */
export interface MetaDataOptions {
  /** The schema of tables that name none. */
  readonly schema?: string | QuotedName | null | undefined;
  readonly quoteSchema?: boolean | null | undefined;
  readonly namingConvention?: NamingConvention | undefined;
  readonly info?: Info | undefined;
}

/** A class of objects of the database beside tables: `Sequence`, `EnumType`, … */
export type SchemaObjectClass<T> = abstract new (...args: never[]) => T;

/** Which schema is meant; null for the one of names without a schema. */
export interface InSchemaOption {
  readonly schema?: string | null;
}

/** A collection of tables that know each other. */
export class MetaData extends Node {
  static override readonly inheritCache: boolean = false;
  static readonly dispatch: SchemaEvents<MetaData> = new SchemaEvents<MetaData>();

  /** The schema of tables that name none. */
  readonly schema: string | null;
  readonly quoteSchema: boolean | null;
  /** The rules for names; tokens of the user's own among them. */
  namingConvention: ConventionRules;
  readonly #tables = new Map<string, Table>();
  readonly #sequences = new Map<string, Sequence>();
  readonly #types = new Set<NamedType>();
  #dispatch: SchemaEvents<MetaData> | undefined;

  constructor(options: MetaDataOptions | string = {}) {
    super();
    if (typeof options !== "string" && (typeof options !== "object" || options === null))
      throw new ArgumentError(`new MetaData() takes a schema or options, not ${describe(options)}`);
    const {
      schema = null,
      quoteSchema = null,
      namingConvention,
      info,
    } = typeof options === "string" ? { schema: options } : options;
    if (schema !== null && typeof schema !== "string" && !(schema instanceof QuotedName))
      throw new ArgumentError("the schema of a MetaData is a string");
    this.schema = schema === null ? null : String(schema);
    this.quoteSchema = quoteSchema ?? (schema instanceof QuotedName ? schema.quote : null);
    this.namingConvention =
      namingConvention === undefined || Object.keys(namingConvention).length === 0
        ? defaultConvention
        : namingConvention;
    setInfo(this, info);
  }

  /** The tables by key: `"name"`, or `"schema.name"`. */
  get tables(): ReadonlyMap<string, Table<ReflectedColumns>> {
    return this.#tables as ReadonlyMap<string, Table<ReflectedColumns>>;
  }

  /** The tables, those that others refer to first; tables that do not depend on each other by name. */
  get sortedTables(): readonly Table[] {
    return sortTables([...this.#tables.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
  }

  /** Sequences that columns use, or that were made with `{ metadata }`, by key. */
  get sequences(): ReadonlyMap<string, Sequence> {
    return this.#sequences;
  }

  /** Types of columns that are objects of the database by themselves, in the order in which they were met. */
  get namedTypes(): ReadonlySet<NamedType> {
    return this.#types;
  }

  /**
   * Sequences and types that are objects of the database, by their class: `metadata.getSchemaObjects(EnumType)`.
   *
   * @param options.schema those of this schema; by default of the MetaData's own.
   */
  getSchemaObjects<T extends Sequence | NamedType>(
    kind: SchemaObjectClass<T>,
    options: InSchemaOption = {},
  ): readonly T[] {
    const { schema = this.schema } = options;
    return [...this.#sequences.values(), ...this.#types].filter(
      (object): object is T => object instanceof kind && (object.schema ?? null) === schema,
    );
  }

  /** The one of a name, or null. */
  getSchemaObjectByName<T extends Sequence | NamedType>(
    kind: SchemaObjectClass<T>,
    name: string,
    options: InSchemaOption = {},
  ): T | null {
    return this.getSchemaObjects(kind, options).find((object) => object.name === name) ?? null;
  }

  /** The schemas that tables are in. */
  get schemas(): readonly string[] {
    const found = new Set([...this.#tables.values()].flatMap((table) => (table.schema === null ? [] : [table.schema])));
    if (this.schema !== null) found.add(this.schema);
    return [...found];
  }

  get dispatch(): SchemaEvents<MetaData> {
    this.#dispatch ??= new SchemaEvents<MetaData>(MetaData.dispatch);
    return this.#dispatch;
  }

  /** Notes of the user's own. */
  get info(): Info {
    return infoOf(this);
  }

  /** Whether a table is there, by key or by itself. */
  has(table: string | Table): boolean {
    return this.#tables.has(typeof table === "string" ? table : table.key);
  }

  /** `CREATE` for everything, in an order that works. What is there already is left alone unless `checkfirst` is false. */
  createAll<R>(bind: DdlBind<R>, options?: AllOptions): R;
  createAll<R>(options: AllOptions & { readonly bind: DdlBind<R> }): R;
  createAll<R>(given: DdlBind<R> | (AllOptions & { readonly bind: DdlBind<R> }), more: AllOptions = {}): R {
    const { bind, options } =
      "_runDdl" in given ? { bind: given, options: more } : { bind: given.bind, options: given };
    return bind._runDdl({
      action: "create",
      target: this,
      tables: options.tables ?? null,
      checkfirst: options.checkfirst ?? true,
    });
  }

  /** `DROP` for everything, in an order that works. */
  dropAll<R>(bind: DdlBind<R>, options?: AllOptions): R;
  dropAll<R>(options: AllOptions & { readonly bind: DdlBind<R> }): R;
  dropAll<R>(given: DdlBind<R> | (AllOptions & { readonly bind: DdlBind<R> }), more: AllOptions = {}): R {
    const { bind, options } =
      "_runDdl" in given ? { bind: given, options: more } : { bind: given.bind, options: given };
    return bind._runDdl({
      action: "drop",
      target: this,
      tables: options.tables ?? null,
      checkfirst: options.checkfirst ?? true,
    });
  }

  /** Reads the tables of a database into this MetaData. */
  reflect<R>(bind: ReflectBind<R>, options?: ReflectOptions): R;
  reflect<R>(options: ReflectOptions & { readonly bind: ReflectBind<R> }): R;
  reflect<R>(given: object, more: ReflectOptions = {}): R {
    // An inspector has a bind of its own.
    if ("_runReflect" in given)
      return (given as ReflectBind<R>)._runReflect({ kind: "metadata", metadata: this, options: more });
    const { bind, ...options } = given as ReflectOptions & { readonly bind: ReflectBind<R> };
    return bind._runReflect({ kind: "metadata", metadata: this, options });
  }

  /** Forgets everything. */
  clear(): void {
    this.#tables.clear();
    this.#sequences.clear();
    this.#types.clear();
  }

  /** Forgets a table. */
  remove(table: Table): void {
    this.#tables.delete(table.key);
  }

  /** @internal */
  registerTable(table: Table): void {
    this.#tables.set(table.key, table);
  }

  /** @internal */
  registerSequence(sequence: Sequence): void {
    sequence.metadata = this;
    this.#sequences.set(sequence.key, sequence);
  }

  /** @internal */
  registerType(type: NamedType): void {
    this.#types.add(type);
  }
}
defineKind(MetaData, "metadata");

declare module "./classes.ts" {
  interface SchemaClasses {
    metadata: MetaData;
  }
}
