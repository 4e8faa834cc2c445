/** `table.toMetadata()`: a table in another MetaData, with another schema or name if wanted. */
import { QuotedName } from "../ast/name.ts";
import type { SqlType } from "../types/type.ts";
import { warn } from "../util/warnings.ts";
import type { SchemaClasses } from "./classes.ts";
import type { Column } from "./column.ts";
import type { Constraint } from "./constraint.ts";
import { moveExpression } from "./expression.ts";
import { ForeignKeyConstraint } from "./foreign-key-constraint.ts";
import { copyInfo } from "./schema-item.ts";
import { BLANK_SCHEMA, quotedAs, RETAIN_SCHEMA, tableKey } from "./schema-name.ts";
import type { TableParts } from "./table-ports.ts";
import { typeInSchema } from "./type-constraints.ts";

/** Says which schema the copy of a foreign key refers to; null: the one it names. */
export type ReferredSchema = (
  table: Table,
  toSchema: string | null,
  constraint: ForeignKeyConstraint,
  referredSchema: string | null,
) => string | null;

/** Options of `toMetadata()`. */
export interface CopyOptions {
  /** The copy's schema; default: that of the table. `null`: that of the MetaData. */
  readonly schema?: string | QuotedName | typeof RETAIN_SCHEMA | typeof BLANK_SCHEMA | null;
  /** The copy's name; default: that of the table. */
  readonly name?: string | QuotedName;
  /** Default: foreign keys inside the table's schema follow it, others stay. */
  readonly referredSchemaFn?: ReferredSchema;
}

type Table = SchemaClasses["table"];
type MetaData = SchemaClasses["metadata"];

/** A copy of a table in another MetaData; the table of that name there, if there is one already. */
export function copyTable(
  source: Table,
  metadata: MetaData,
  options: CopyOptions,
  make: (parts: TableParts) => Table,
): Table {
  const name = options.name === undefined ? new QuotedName(source.name, source.quote) : quotedAs(options.name, null);
  const schema = targetSchema(source, metadata, options.schema);
  const schemaText = schema === null ? null : String(schema);
  const known = metadata.tables.get(tableKey(String(name), schemaText));
  if (known !== undefined) {
    warn(`Table '${source.name}' already exists within the given MetaData - not copying.`);
    return known;
  }
  const { comment, prefixes, implicitReturning, dialectOptions } = source;
  const copy = make({ name, schema, metadata, comment, prefixes, implicitReturning, dialectOptions });
  metadata.registerTable(copy);
  for (const column of source.columnList) {
    const made = column.copy({ foreignKeys: false });
    if (typeof options.schema === "string" || options.schema instanceof QuotedName) moveType(made, copy.schema);
    copy.attachColumn(made, { replace: false, at: null });
  }
  moveComputed(source, copy);
  copy.creator = source.creator?.toMetadata(metadata, copy) ?? null;
  copy.dropper = source.dropper?.toMetadata(metadata, copy) ?? null;
  for (const constraint of source.sortedConstraints) copyConstraint(constraint, source, copy, options.referredSchemaFn);
  for (const index of source.indexes) if (!index.columnFlag) index.copyTo(copy);
  copyInfo(source, copy);
  return copy;
}

function targetSchema(source: Table, metadata: MetaData, given: CopyOptions["schema"]): QuotedName | null {
  if (given === BLANK_SCHEMA) return null;
  if (given === null) return metadata.schema === null ? null : quotedAs(metadata.schema, metadata.quoteSchema);
  if (given !== undefined && given !== RETAIN_SCHEMA) return quotedAs(given, null);
  return source.schema === null ? null : quotedAs(source.schema, source.quoteSchema);
}

/** A type that is an object of the database follows its table into another schema. */
function moveType(column: Column, schema: string | null): void {
  (column as { type: SqlType }).type = typeInSchema(column.type, schema);
}

/** Expressions of computed columns and CHECKs of columns name the columns of the copy. */
function moveComputed(source: Table, copy: Table): void {
  for (const column of copy.columnList) {
    if (column.computed === null) continue;
    const moved = column.computed.withExpression(moveExpression(column.computed.sqltext, source, copy));
    moved.column = column;
    column.computed = moved;
    column.serverDefault = moved;
    column.serverOnupdate = moved;
  }
}

function copyConstraint(
  constraint: Constraint,
  source: Table,
  copy: Table,
  referredSchema: ReferredSchema | undefined,
): void {
  if (constraint instanceof ForeignKeyConstraint) {
    const referred = constraint.elements[0]?.referredSchema ?? null;
    const chosen =
      referredSchema === undefined
        ? referred === source.schema
          ? copy.schema
          : null
        : referredSchema(source, copy.schema, constraint, referred);
    constraint.copyTo(copy, chosen === null ? {} : { schema: chosen });
  } else if (!constraint.typeBound && !constraint.columnFlag) constraint.copyTo(copy);
}
