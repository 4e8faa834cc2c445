/** The dialect without a database: ANSI rendering with named parameters. Base of the real ones. */

import { functionVisitors } from "../compiler/ansi/function.ts";
import { ansiVisitors } from "../compiler/ansi/table.ts";
import { ansiTypeVisitors } from "../compiler/ansi/types.ts";
import type { BindStyle } from "../compiler/dialect-port.ts";
import { ansiIdentifiers, type IdentifierRules } from "../compiler/quoting.ts";
import type { FunctionVisitors, TypeVisitors, Visitors } from "../compiler/visitors.ts";
import { DatabaseError } from "../errors/database.ts";
import { type Capabilities, Dialect, type TranslatedError } from "./dialect.ts";

/** What an ANSI database can do. */
export const defaultCapabilities: Capabilities = {
  labelLength: 9999,
  maxIdentifierLength: 9999,
  booleanConstants: false,
  orderByLabel: true,
  integerDivision: true,
  insertReturning: false,
  updateReturning: false,
  deleteReturning: false,
  keysByReturning: false,
  insertManyReturning: false,
  defaultValues: false,
  multiRowInsert: false,
  defaultMetavalue: false,
  sequences: false,
  optionalSequences: true,
  identityColumns: false,
  recursiveKeyword: true,
  insertManyValues: false,
  insertManyValuesWithoutReturning: false,
  maxParameters: 0,
  savepoints: true,
  twoPhase: false,
  lastRowId: true,
  saneRowCount: true,
  saneMultiRowCount: true,
  serverSideCursors: false,
  alter: true,
  comments: false,
  inlineComments: false,
  schemas: true,
  insertManySentinel: "rows",
  insertManyCasts: false,
  ifExists: true,
};

/** An ANSI database. */
export class DefaultDialect extends Dialect {
  readonly name: string = "default";
  readonly capabilities: Capabilities = defaultCapabilities;
  readonly bindStyle: BindStyle = "named";
  readonly identifiers: IdentifierRules = ansiIdentifiers;
  readonly visitors: Visitors = ansiVisitors;
  readonly functionVisitors: FunctionVisitors = functionVisitors;
  readonly typeVisitors: TypeVisitors = ansiTypeVisitors;

  translateError(error: unknown): TranslatedError {
    return { class: DatabaseError, message: error instanceof Error ? error.message : String(error) };
  }
}
