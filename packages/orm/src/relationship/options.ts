/** The options of `many()` and `one()`, under SQLAlchemy's names. */
import { ArgumentError } from "@athanor/core";

/** How a relationship is loaded. */
export type LazyStrategy =
  | "select"
  | "joined"
  | "selectin"
  | "subquery"
  | "immediate"
  | "raise"
  | "raiseOnSql"
  | "noload"
  | "writeOnly"
  | "dynamic";

/** The strategies as users may spell them: SQLAlchemy's names hold too. */
export type LazyName = LazyStrategy | "write_only" | "raise_on_sql";

const strategies: ReadonlySet<string> = new Set<LazyStrategy>([
  "select",
  "joined",
  "selectin",
  "subquery",
  "immediate",
  "raise",
  "raiseOnSql",
  "noload",
  "writeOnly",
  "dynamic",
]);

/** The strategy that a name means. @throws ArgumentError */
export function lazyStrategy(name: LazyName, where: string): LazyStrategy {
  const known = name === "write_only" ? "writeOnly" : name === "raise_on_sql" ? "raiseOnSql" : name;
  if (strategies.has(known)) return known;
  throw new ArgumentError(`${where}: there is no loading strategy ${JSON.stringify(name)}`, {
    fix: `lazy is one of ${[...strategies].join(", ")}`,
  });
}

/** Options that lists and scalars share. Functions are typed `() => unknown`, or classes that refer to each other could not be inferred. */
export interface RelationshipOptions {
  /** The attribute of the other class that mirrors this one. */
  readonly backPopulates?: string | null | undefined;
  /** `"all, delete-orphan"` and the like. Default `"save-update, merge"`. */
  readonly cascade?: string | readonly string[] | null | undefined;
  /** How it is loaded. Default `"select"`: on first access. */
  readonly lazy?: LazyName | undefined;
  /** The order of a loaded collection: an attribute, a list of them, or a function that gives either. */
  readonly orderBy?: object | undefined;
  /** The table between two many-to-many classes: the table, a function that gives it, or its name in the metadata. */
  readonly secondary?: object | string | undefined;
  /** The condition that joins the two classes (or this class and the secondary table), where foreign keys do not tell it. */
  readonly primaryjoin?: object | undefined;
  /** The condition that joins the secondary table and the related class. */
  readonly secondaryjoin?: object | undefined;
  /** Which columns of the condition refer to the others. */
  readonly foreignKeys?: object | undefined;
  /** Which columns of a self-referential condition belong to the related side. */
  readonly remoteSide?: object | undefined;
  /** A collection or a scalar; `many()` and `one()` say it already. */
  readonly uselist?: boolean | undefined;
  /** Only for reading: nothing is written by it. */
  readonly viewonly?: boolean | undefined;
  /** On delete: `true` leaves unloaded children to ON DELETE, `"all"` leaves loaded ones alone too. */
  readonly passiveDeletes?: boolean | "all" | undefined;
  /** ON UPDATE CASCADE carries changed keys on. Default true. */
  readonly passiveUpdates?: boolean | undefined;
  /** Rows that refer to each other: insert first, then UPDATE the reference. */
  readonly postUpdate?: boolean | undefined;
  /** An object may have one parent only; delete-orphan on a many-to-one needs it. */
  readonly singleParent?: boolean | undefined;
  /** Joined loading by INNER JOIN. */
  readonly innerjoin?: boolean | "nested" | "unnested" | undefined;
  /** How deep joined and selectin loading goes in self-referential relationships. */
  readonly joinDepth?: number | undefined;
  /** `selectinload()` leaves the own table out of its statement where it can. Default: where it can. */
  readonly omitJoin?: boolean | null | undefined;
  /** `subqueryload()` makes its inner statement DISTINCT. Default: where the key is not the primary key. */
  readonly distinctTargetKey?: boolean | null | undefined;
  /** Load for pending objects too. */
  readonly loadOnPending?: boolean | undefined;
  /** Refuse objects of other classes. Default true. */
  readonly enableTypechecks?: boolean | undefined;
  /** A change loads the old object first. */
  readonly activeHistory?: boolean | undefined;
  /** Keep the other side in step. Default true, false for viewonly relationships. */
  readonly syncBackref?: boolean | undefined;
  /** Relationships that may write the same columns, without a warning. */
  readonly overlaps?: string | undefined;
  /** What holds the objects: an array class, `Set`, a keyed map, or a factory. */
  readonly collectionClass?: unknown;
  /** A note for readers of the program. */
  readonly doc?: string | null | undefined;
  /** Notes of the user's own. */
  readonly info?: Readonly<Record<PropertyKey, unknown>> | undefined;
}
