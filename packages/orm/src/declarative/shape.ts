/** Reads a shape: which members are columns of the table, which are properties. */
import {
  ArgumentError,
  Column,
  ColumnElement,
  type ColumnTypes,
  describe,
  isPlain,
  type Table,
  templateCopy,
} from "@athanor/core";
import { MapperProperty } from "../base/property.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { CompositeProperty } from "../mapping/composite.ts";

/** A shape, sorted. */
export interface ReadShape {
  /** The columns that belong to the table, by key. */
  readonly columns: Readonly<Record<string, ColumnTypes>>;
  /** What is mapped besides the table's columns, by key. */
  readonly properties: ReadonlyMap<string, MapperProperty | (() => MapperProperty)>;
}

/** A column of a shape under its key: the database's name is the key unless it was given. */
export function nameByKey(column: Column, key: string): void {
  if (column.name === "") (column as { name: string }).name = key;
  column.key = key;
}

/**
 * A shape for a table: columns that are part of another table already are templates, so that shapes can be shared. Columns that
 * the table has already, of a sibling in single-table inheritance, are used as they are.
 */
export function shapeFor(shape: unknown, into: Table | null): unknown {
  if (shape === null || typeof shape !== "object" || !isPlain(shape)) return shape;
  const own: [string, unknown][] = [];
  const owned = (column: Column, key: string): Column =>
    into?.columnList.find((each) => each.key === key) ?? (column.table === null ? column : templateCopy(column, key));
  for (const [key, member] of Object.entries(shape)) {
    if (member instanceof CompositeProperty) {
      own.push([
        key,
        member.withMembers(
          member.given.map((each) => (typeof each === "string" ? each : owned(each, each.key ?? each.name))),
        ),
      ]);
      continue;
    }
    const column = member instanceof ColumnProperty ? member.column : member;
    if (!(column instanceof Column)) continue;
    const used = owned(column, key);
    if (used !== column)
      own.push([key, member instanceof ColumnProperty ? new ColumnProperty([used], member.options) : used]);
  }
  return own.length === 0 ? shape : { ...shape, ...Object.fromEntries(own) };
}

/** The columns that a composite brings along. @throws ArgumentError for those without a name. */
function ownColumns(composite: CompositeProperty): Column[] {
  const columns = composite.given.filter((each) => typeof each !== "string" && each.table === null) as Column[];
  for (const { name } of columns)
    if (name === "")
      throw new ArgumentError("a column of a composite needs a name", { fix: 'write column("x1", t.integer)' });
  return columns;
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
    } else if (member instanceof CompositeProperty) {
      for (const column of ownColumns(member)) columns[column.key ?? column.name] = column;
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
