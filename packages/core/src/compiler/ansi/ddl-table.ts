/** Every DDL visitor and hook: the part of the ANSI table that dialects extend for DDL. */
import { UnsupportedCompilationError } from "../../errors/errors.ts";
import type { NextValue } from "../../schema/sequence.ts";
import type { Visitor, Visitors } from "../visitors.ts";
import * as column from "./ddl-column.ts";
import * as comment from "./ddl-comment.ts";
import * as constraint from "./ddl-constraint.ts";
import * as create from "./ddl-create.ts";
import * as index from "./ddl-index.ts";
import * as names from "./ddl-names.ts";
import * as view from "./ddl-view.ts";

/** Sequences have no number to give where there are no sequences. */
const visitNextValue: Visitor = (compiler, _node: NextValue) => {
  throw new UnsupportedCompilationError(`Dialect '${compiler.dialect.name}' does not support sequence increments.`);
};

const visitConstraintComment: Visitor = (compiler) => {
  throw new UnsupportedCompilationError(`Dialect '${compiler.dialect.name}' does not support comments on constraints.`);
};

/** The default rendering of DDL. */
export const ansiDdlVisitors: Visitors = Object.freeze({
  // Statements
  createTable: create.visitCreateTable,
  dropTable: create.visitDropTable,
  createSchema: create.visitCreateSchema,
  dropSchema: create.visitDropSchema,
  createSequence: create.visitCreateSequence,
  dropSequence: create.visitDropSequence,
  createIndex: index.visitCreateIndex,
  dropIndex: index.visitDropIndex,
  addConstraint: constraint.visitAddConstraint,
  dropConstraint: constraint.visitDropConstraint,
  createView: view.visitCreateView,
  createTableAs: view.visitCreateTableAs,
  dropView: view.visitDropView,
  setTableComment: comment.visitSetTableComment,
  dropTableComment: comment.visitDropTableComment,
  setColumnComment: comment.visitSetColumnComment,
  dropColumnComment: comment.visitDropColumnComment,
  setConstraintComment: visitConstraintComment,
  dropConstraintComment: visitConstraintComment,
  ddl: create.visitDdlText,
  // Names
  tableName: names.visitTableName,
  sequenceName: names.visitSequenceName,
  qualifiedIndexName: names.visitQualifiedIndexName,
  indexName: index.visitIndexName,
  commentedColumn: comment.visitCommentedColumn,
  // Parts of CREATE TABLE
  createTablePrefix: create.visitCreateTablePrefix,
  createTableSuffix: create.visitCreateTableSuffix,
  postCreateTable: create.visitPostCreateTable,
  createColumn: column.visitCreateColumn,
  columnSpec: column.visitColumnSpec,
  columnType: column.visitColumnType,
  columnDefault: column.visitColumnDefault,
  computedColumn: column.visitComputedColumn,
  identityColumn: column.visitIdentityColumn,
  tableConstraints: constraint.visitTableConstraints,
  // Constraints
  constraintName: constraint.visitConstraintName,
  primaryKeyConstraint: constraint.visitPrimaryKeyConstraint,
  primaryKeyBody: constraint.visitPrimaryKeyBody,
  uniqueConstraint: constraint.visitUniqueConstraint,
  uniqueBody: constraint.visitUniqueBody,
  uniqueDistinct: constraint.visitUniqueDistinct,
  checkConstraint: constraint.visitCheckConstraint,
  checkBody: constraint.visitCheckBody,
  foreignKeyConstraint: constraint.visitForeignKeyConstraint,
  foreignKeyBody: constraint.visitForeignKeyBody,
  remoteTable: constraint.visitRemoteTable,
  constraintMatch: constraint.visitConstraintMatch,
  constraintCascades: constraint.visitConstraintCascades,
  onDelete: constraint.visitOnDelete,
  onUpdate: constraint.visitOnUpdate,
  constraintDeferrability: constraint.visitConstraintDeferrability,
  // Parts of other statements
  indexColumns: index.visitIndexColumns,
  sequenceOptions: column.visitSequenceOptions,
  sequenceType: create.visitSequenceType,
  nextValue: visitNextValue,
  viewIfNotExists: view.visitViewIfNotExists,
  selectedTableSuffix: view.visitSelectedTableSuffix,
} as unknown as Visitors);
