/** Reads a shape: which members are columns of the table, which are properties. */
import { ArgumentError, Column, ColumnElement, type ColumnTypes, describe, isPlain } from "@athanor/core";
import { MapperProperty } from "../base/property.ts";
import { ColumnProperty } from "../mapping/column-property.ts";

/** A shape, sorted. */
export interface ReadShape {
  /** The columns that belong to the table, by key. */
  readonly columns: Readonly<Record<string, ColumnTypes>>;
  /** What is mapped besides the table's columns, by key. */
  readonly properties: ReadonlyMap<string, MapperProperty | (() => MapperProperty)>;
}

/** Sorts the members of a shape. @throws ArgumentError for members that are nothing of the kind. */
export function readShape(shape: unknown, where: string): ReadShape {
  if (shape === null || typeof shape !== "object" || !isPlain(shape)) {
    throw new ArgumentError(
      `the shape of '${where}' is an object of columns and relationships, not ${describe(shape)}`,
    );
  }
  const columns: Record<string, ColumnTypes> = {};
  const properties = new Map<string, MapperProperty | (() => MapperProperty)>();
  for (const [key, member] of Object.entries(shape)) {
    if (member instanceof Column) columns[key] = member;
    else if (member instanceof ColumnProperty && member.column !== null && member.column.table === null) {
      columns[key] = member.column;
      properties.set(key, member);
    } else if (member instanceof MapperProperty) properties.set(key, member);
    else if (member instanceof ColumnElement) properties.set(key, new ColumnProperty([member]));
    else if (typeof member === "function") properties.set(key, member as () => MapperProperty);
    else {
      throw new ArgumentError(
        `the member ${JSON.stringify(key)} of '${where}' is neither a column nor a relationship but ${describe(member)}`,
        {
          fix: "write column(type, …), or () => many(Other) and () => one(Other) for relationships",
        },
      );
    }
  }
  return { columns, properties };
}
