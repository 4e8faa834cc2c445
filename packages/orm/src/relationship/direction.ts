/** Which side of a relationship holds the key. */

/** `oneToMany`: the related rows refer to this one; `manyToOne`: this row refers; `manyToMany`: a table between. */
export type Direction = "oneToMany" | "manyToOne" | "manyToMany";

/** SQLAlchemy's name of a direction, as messages show it. */
export const directionNames: Readonly<Record<Direction, string>> = {
  oneToMany: "ONETOMANY",
  manyToOne: "MANYTOONE",
  manyToMany: "MANYTOMANY",
};
