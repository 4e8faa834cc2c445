/** Columns of a result, and how their texts become values: the same for every driver. */
import type { ColumnDescription, DriverRow } from "@athanor/driver";
import { type Reader, readers } from "./readers.ts";

/** What is known of the rows of a statement. */
export interface RowLayout {
  readonly columns: readonly ColumnDescription[];
  /** Positions of the columns that are converted, and how. */
  readonly positions: readonly number[];
  readonly read: readonly Reader[];
}

/** A column as a RowDescription tells of it. */
export interface TypedField {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Columns and conversions of a RowDescription. */
export function layoutOf(fields: readonly TypedField[]): RowLayout {
  const columns: ColumnDescription[] = [];
  const positions: number[] = [];
  const read: Reader[] = [];
  for (let index = 0; index < fields.length; index++) {
    const { name, dataTypeID } = fields[index] as TypedField;
    columns.push({ name, typeCode: dataTypeID });
    const reader = readers.get(dataTypeID);
    if (reader === undefined) continue;
    positions.push(index);
    read.push(reader);
  }
  return { columns, positions, read };
}

/** A layout that leaves some columns as the server's text. */
export function withTextColumns(layout: RowLayout, textColumns: readonly number[]): RowLayout {
  const positions: number[] = [];
  const read: Reader[] = [];
  layout.positions.forEach((position, index) => {
    if (textColumns.includes(position)) return;
    positions.push(position);
    read.push(layout.read[index] as Reader);
  });
  return { columns: layout.columns, positions, read };
}

/** Converts a row in place: the protocol makes a list of texts for each. */
export function readRow(layout: RowLayout, fields: (string | null)[]): DriverRow {
  const { positions, read } = layout;
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index] as number;
    const text = fields[position] as string | null;
    if (text !== null) (fields as unknown[])[position] = (read[index] as Reader)(text);
  }
  return fields;
}
