/** Schemas of objects, made of columns. */
import {
  ArgumentError,
  type Column,
  describe,
  type SchemaIssue,
  type SchemaResult,
  type StandardSchemaV1,
  Table,
} from "@athanor/core";
import { isPromiseLike } from "@athanor/driver";
import { findMapper } from "../mapping/class-map.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import { checkValue, type SchemaPurpose } from "./schema-values.ts";

type Values = Record<string, unknown>;

/** An attribute with the column behind it. */
type NamedColumn = readonly [key: string, column: Column];

/** The attributes of a mapped class, or the columns of a table, by key. @throws ArgumentError for anything else. */
export function columnsOfSource(source: unknown): readonly NamedColumn[] {
  if (source instanceof Table) return source.columnList.map((column) => [column.key as string, column]);
  const mapper = findMapper(source);
  if (mapper === undefined)
    throw new ArgumentError(`a schema is made of a mapped class or a table, not of ${describe(source)}`);
  return mapper.columnAttrs.flatMap((property: ColumnProperty): NamedColumn[] =>
    property.column === null ? [] : [[property.key, property.column]],
  );
}

/** The database computes it. */
function isComputed(column: Column): boolean {
  return column.computed !== null;
}

/** INSERT can do without it. */
function mayBeLeftOut(column: Column): boolean {
  return (
    column.nullable ||
    column.default !== null ||
    column.serverDefault !== null ||
    column.identity !== null ||
    (column.table as unknown as Table | null)?.autoincrementColumn === column
  );
}

/** The schema of objects with these attributes. */
export function objectSchema(
  columns: readonly NamedColumn[],
  purpose: SchemaPurpose,
  attributes: Readonly<Record<string, StandardSchemaV1 | undefined>>,
): StandardSchemaV1 & { readonly keys: readonly string[] } {
  const known = new Map(columns.filter(([, column]) => purpose === "select" || !isComputed(column)));
  for (const key of Object.keys(attributes))
    if (!known.has(key))
      throw new ArgumentError(`the schema has no attribute '${key}'`, {
        fix: `it has ${[...known.keys()].join(", ")}`,
      });
  const validate = (value: unknown): SchemaResult<unknown> | Promise<SchemaResult<unknown>> => {
    if (value === null || typeof value !== "object" || Array.isArray(value))
      return { issues: [{ message: `Expected an object, not ${describe(value)}` }] };
    const given = value as Values;
    const issues: SchemaIssue[] = [];
    const output: Values = {};
    const waiting: Promise<void>[] = [];
    for (const key of Object.keys(given))
      if (!known.has(key)) issues.push({ message: "There is no such attribute", path: [key] });
    for (const [key, column] of known) {
      const item = given[key];
      if (item === undefined) {
        if (purpose === "select" || (purpose === "insert" && !mayBeLeftOut(column)))
          issues.push({ message: "Required", path: [key] });
        continue;
      }
      const checked = checkAttribute(column, item, purpose, attributes[key]);
      const take = (result: SchemaResult<unknown>): void => {
        if (result.issues === undefined) output[key] = result.value;
        else issues.push(...result.issues.map(({ message, path = [] }) => ({ message, path: [key, ...path] })));
      };
      if (isPromiseLike(checked))
        waiting.push(Promise.resolve(checked as PromiseLike<SchemaResult<unknown>>).then(take));
      else take(checked as SchemaResult<unknown>);
    }
    const result = (): SchemaResult<unknown> => (issues.length > 0 ? { issues } : { value: output });
    return waiting.length === 0 ? result() : Promise.all(waiting).then(result);
  };
  return { keys: [...known.keys()], "~standard": { version: 1, vendor: "athanor", validate } };
}

/** Checks one value: null by the column, then by the attribute's own schema or that of its type. */
function checkAttribute(
  column: Column,
  value: unknown,
  purpose: SchemaPurpose,
  own: StandardSchemaV1 | undefined,
): SchemaResult<unknown> | PromiseLike<SchemaResult<unknown>> {
  if (value === null) return column.nullable ? { value: null } : { issues: [{ message: "Must not be null" }] };
  if (own === undefined) return checkValue(column.type, value, purpose);
  const checked = own["~standard"].validate(value);
  const byColumn = (result: SchemaResult<unknown>): SchemaResult<unknown> | PromiseLike<SchemaResult<unknown>> =>
    result.issues === undefined && result.value !== null ? checkValue(column.type, result.value, purpose) : result;
  return isPromiseLike(checked) ? Promise.resolve(checked).then(byColumn) : byColumn(checked as SchemaResult<unknown>);
}
