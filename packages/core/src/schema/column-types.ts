/** Types of columns: what a column's value is and whether INSERT must give it. Types only. */

/** How INSERT treats a column: a value must be given, may be given, or cannot be given. */
export type InsertMode = "required" | "optional" | "generated";

/** What the type of every column says about it; the least that a table's shape asks of its members. */
export interface ColumnTypes {
  /** The value of a result. */
  readonly "~value": unknown;
  /** What is accepted as a value. */
  readonly "~input": unknown;
  /** Methods of expressions beside the usual ones. */
  readonly "~ops": unknown;
  /** How INSERT treats the column. */
  readonly "~insert": InsertMode;
}

/** What stands beside the type of a column, by what it means for the column's value. */
export type ItemKind = "foreignKey" | "constraint" | "default" | "identity" | "computed";

/** A foreign key, a constraint, a sequence, an identity or a computation. */
export interface ColumnItem<out Kind extends ItemKind = ItemKind> {
  readonly "~item": Kind;
}

/** Whether a column with these options holds no NULL. */
export type IsNotNull<PrimaryKey, Nullable, Kind> = [Nullable] extends [true]
  ? false
  : [Nullable] extends [false]
    ? true
    : [PrimaryKey] extends [true]
      ? true
      : "identity" extends Kind
        ? true
        : false;

/** A column's value: with null, unless it cannot be. */
export type NullableValue<T, PrimaryKey, Nullable, Kind> =
  IsNotNull<PrimaryKey, Nullable, Kind> extends true ? T : T | null;

/** Whether a primary key of type `T` is numbered by the database. */
type IsNumbered<T, Autoincrement, Kind> = [T] extends [number | bigint]
  ? [Autoincrement] extends [false]
    ? false
    : "foreignKey" extends Kind
      ? [Autoincrement] extends [true | "ignore_fk"]
        ? true
        : false
      : true
  : false;

/** How INSERT treats a column with these options. */
export type InsertModeOf<T, PrimaryKey, Nullable, Default, Autoincrement, Kind> = "computed" extends Kind
  ? "generated"
  : [Default] extends [undefined]
    ? "identity" extends Kind
      ? "optional"
      : "default" extends Kind
        ? "optional"
        : IsNotNull<PrimaryKey, Nullable, Kind> extends true
          ? [PrimaryKey] extends [true]
            ? IsNumbered<T, Autoincrement, Kind> extends true
              ? "optional"
              : "required"
            : "required"
          : "optional"
    : "optional";

/** Flattens an intersection for display. */
type Flat<T> = { [K in keyof T]: T[K] } & {};

type Member<E, Key extends string> = E extends { readonly [K in Key]: infer V } ? V : unknown;

type Mode<E> = E extends { readonly "~insert": infer M } ? M : "optional";

/** Anything with columns: a table, an alias. */
export interface WithColumns<out C extends object = object> {
  readonly "~columns": C;
}

/** A row of a table, by column key: `type User = Selectable<typeof users>`. */
export type Selectable<T extends WithColumns> = { [K in keyof T["~columns"]]: Member<T["~columns"][K], "~value"> };

/** What INSERT takes for a table: columns that cannot be left out are required, computed ones are missing. */
export type Insertable<T extends WithColumns> = Flat<
  {
    [K in keyof T["~columns"] as Mode<T["~columns"][K]> extends "required" ? K : never]: Member<
      T["~columns"][K],
      "~input"
    >;
  } & {
    [K in keyof T["~columns"] as Mode<T["~columns"][K]> extends "optional" ? K : never]?: Member<
      T["~columns"][K],
      "~input"
    >;
  }
>;

/** What UPDATE takes for a table: any of the columns that are not computed. */
export type Updatable<T extends WithColumns> = {
  [K in keyof T["~columns"] as Mode<T["~columns"][K]> extends "generated" ? never : K]?: Member<
    T["~columns"][K],
    "~input"
  >;
};
