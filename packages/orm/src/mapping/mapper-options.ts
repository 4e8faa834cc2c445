/** What a mapper is made of: the options of `mapped()`, `extend()` and `mapImperatively()`. Types only. */
import type { FromClause } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { MapperProperty } from "../base/property.ts";

type Mapper = OrmClasses["mapper"];
type Registry = OrmClasses["registry"];

/** A class whose objects are mapped. */
export type MappedClass = abstract new (...args: never) => object;

/** How the rows of subclasses are told apart and brought along. */
export type PolymorphicLoad = "inline" | "selectin" | null;

/** Options of a mapping; `mapped()`, `extend()` and `mapImperatively()` take them last. Named as in SQLAlchemy. */
export interface MapperOptions {
  /** The discriminator: an attribute key, a column, or a SQL expression. */
  readonly polymorphicOn?: string | object | null | undefined;
  /** The discriminator's value for this class. */
  readonly polymorphicIdentity?: unknown;
  /** Each class has a table with all of its columns. */
  readonly concrete?: boolean | undefined;
  /** Query the class by a UNION of all tables of the hierarchy (SQLAlchemy's ConcreteBase). */
  readonly concreteBase?: boolean | undefined;
  /** `"*"` or classes whose tables are joined whenever this class is selected. */
  readonly withPolymorphic?: "*" | readonly MappedClass[] | null | undefined;
  /** How the columns of this subclass come along when a base class is selected. */
  readonly polymorphicLoad?: PolymorphicLoad | undefined;
  /** No rows of its own: only subclasses have an identity, and making an object throws. */
  readonly polymorphicAbstract?: boolean | undefined;
  /** The column that holds the row's version: an attribute key or a column. */
  readonly versionIdCol?: string | object | null | undefined;
  /** Makes the next version; default: 1, 2, 3. `false`: the database makes it. */
  readonly versionIdGenerator?: ((version: never) => unknown) | false | undefined;
  /** Fetch server-made values at once: `"auto"` (default) where RETURNING is cheap. */
  readonly eagerDefaults?: boolean | "auto" | undefined;
  /** The columns that identify rows, where the table has no primary key. */
  readonly primaryKey?: readonly (string | object)[] | undefined;
  /** The condition that joins a subclass's table to its parent's; a function gets the columns of its own table. */
  readonly inheritCondition?: object | undefined;
  /** Columns of the condition that refer to the parent's table, where foreign keys do not tell: a column, its key, or a list. */
  readonly inheritForeignKeys?: object | string | readonly (object | string)[] | undefined;
  /** Flush one object at a time, with events in between. Default: batches. */
  readonly batch?: boolean | undefined;
  /** ON UPDATE CASCADE carries a changed primary key on to the tables of subclasses. Default true. */
  readonly passiveUpdates?: boolean | undefined;
  /** ON DELETE CASCADE deletes the rows of subclasses' tables. Default false. */
  readonly passiveDeletes?: boolean | undefined;
  /** Warn when a DELETE does not match its row. Default true. */
  readonly confirmDeletedRows?: boolean | undefined;
  /** False: rows whose primary key is partly NULL are no objects. Default true. */
  readonly allowPartialPks?: boolean | undefined;
  /** Every query overwrites what its objects hold, changes included. Default false. */
  readonly alwaysRefresh?: boolean | undefined;
  /** An object with several delete-orphan parents is an orphan once all of them let it go, instead of one. Default false. */
  readonly legacyIsOrphan?: boolean | undefined;
  /** Functions that look at, and may replace, values that are set: by attribute key. */
  readonly validates?: Readonly<Record<string, ValidatorGiven>> | undefined;
  /** Columns that are not mapped: keys, or columns of the table. */
  readonly excludeProperties?: readonly (string | object)[] | undefined;
  /** The only columns that are mapped: keys, or columns of the table. */
  readonly includeProperties?: readonly (string | object)[] | undefined;
}

/** A validator as users write it: a function of the value, the key and the object, or that with options. */
export type ValidatorGiven =
  | ((value: never, key: string, target: never) => unknown)
  | {
      readonly validate: (value: never, key: string, target: never, isRemove: boolean) => unknown;
      readonly includeRemoves?: boolean;
      readonly includeBackrefs?: boolean;
    };

/** What a mapper is made of. @internal */
export interface MapperParts {
  readonly class: MappedClass;
  readonly registry: Registry;
  /** Null for single-table inheritance. */
  readonly table: FromClause | null;
  readonly inherits: Mapper | null;
  /** Properties by key, in the order of the shape; functions give a relationship when it is first needed. */
  readonly properties: ReadonlyMap<string, MapperProperty | (() => MapperProperty)>;
  readonly options: MapperOptions;
  /** Keys of the columns that a single-table subclass declared. */
  readonly columns: readonly string[];
}
