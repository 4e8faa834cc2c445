/** Constraints, inside CREATE TABLE and by ALTER TABLE. */

import type { AddConstraint, CreateTable } from "../../ddl/create.ts";
import type { DropConstraint } from "../../ddl/drop.ts";
import { CompileError } from "../../errors/errors.ts";
import type { CheckConstraint } from "../../schema/check.ts";
import type { ColumnCollectionConstraint, UniqueConstraint } from "../../schema/column-constraint.ts";
import type { Constraint } from "../../schema/constraint.ts";
import { ForeignKeyConstraint } from "../../schema/foreign-key-constraint.ts";
import type { PrimaryKeyConstraint } from "../../schema/primary-key.ts";
import type { Table } from "../../schema/table.ts";
import type { Compiler } from "../compiler.ts";
import { columnIdentifier } from "./ddl-column.ts";
import { constraintIdentifier, schemaExpression, sqlPhrase } from "./ddl-names.ts";

/** What may stand behind ON DELETE. */
export const onDeletePhrases: RegExp = /^(?:RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT)$/i;
/** What may stand behind ON UPDATE. */
export const onUpdatePhrases: RegExp = onDeletePhrases;
/** What may stand behind INITIALLY. */
export const initiallyPhrases: RegExp = /^(?:DEFERRED|IMMEDIATE)$/i;

/** The constraints of CREATE TABLE, the primary key first. */
export function visitTableConstraints(compiler: Compiler, create: CreateTable): string {
  return constraintList(compiler, constraintsOf(compiler, create));
}

/** Constraints as they stand in CREATE TABLE. */
export function constraintList(compiler: Compiler, constraints: readonly Constraint[]): string {
  return constraints
    .map((constraint) => compiler.visit(constraint))
    .filter((text) => text !== "")
    .join(", \n\t");
}

/** The constraints that are created together with a table, the primary key first. */
export function constraintsOf(compiler: Compiler, create: CreateTable): Constraint[] {
  const { element: table, includeForeignKeyConstraints: included } = create;
  const { alter } = compiler.dialect.capabilities;
  const rest = table.sortedConstraints.filter((constraint) => {
    if (constraint === table.primaryKey) return false;
    if (!(constraint instanceof ForeignKeyConstraint)) return true;
    return (included === null || included.includes(constraint)) && !(alter && constraint.useAlter);
  });
  return [table.primaryKey, ...rest].filter((constraint) => constraint.isCreatedOn(compiler.dialect));
}

/** `CONSTRAINT name `, or nothing. */
export function visitConstraintName(compiler: Compiler, constraint: Constraint): string {
  const identifier = constraintIdentifier(compiler, constraint);
  return identifier === null ? "" : `CONSTRAINT ${identifier} `;
}

/** The names of a constraint's columns. */
export function columnNames(compiler: Compiler, columns: ColumnCollectionConstraint["columns"]): string {
  return columns.map((column) => columnIdentifier(compiler, column)).join(", ");
}

/** `PRIMARY KEY (…)` */
export function visitPrimaryKeyConstraint(compiler: Compiler, constraint: PrimaryKeyConstraint): string {
  if (constraint.columns.length === 0) return "";
  return `${compiler.hook("constraintName", constraint)}${compiler.hook("primaryKeyBody", constraint)}${compiler.hook("constraintDeferrability", constraint)}`;
}

/** What stands between the name of a primary key and its deferrability. */
export function visitPrimaryKeyBody(compiler: Compiler, constraint: PrimaryKeyConstraint): string {
  return `PRIMARY KEY (${columnNames(compiler, constraint.implicit ? constraint.columnsAutoincrementFirst : constraint.columns)})`;
}

/** `UNIQUE (…)` */
export function visitUniqueConstraint(compiler: Compiler, constraint: UniqueConstraint): string {
  if (constraint.columns.length === 0) return "";
  return `${compiler.hook("constraintName", constraint)}${compiler.hook("uniqueBody", constraint)}${compiler.hook("constraintDeferrability", constraint)}`;
}

/** What stands between the name of a UNIQUE constraint and its deferrability. */
export function visitUniqueBody(compiler: Compiler, constraint: UniqueConstraint): string {
  return `UNIQUE ${compiler.hook("uniqueDistinct", constraint)}(${columnNames(compiler, constraint.columns)})`;
}

/** `NULLS NOT DISTINCT ` and the like. */
export function visitUniqueDistinct(): string {
  return "";
}

/** `CHECK (…)`, of a table or of a column. */
export function visitCheckConstraint(compiler: Compiler, constraint: CheckConstraint): string {
  return `${compiler.hook("constraintName", constraint)}${compiler.hook("checkBody", constraint)}${compiler.hook("constraintDeferrability", constraint)}`;
}

/** What stands between the name of a CHECK constraint and its deferrability. */
export function visitCheckBody(compiler: Compiler, constraint: CheckConstraint): string {
  return `CHECK (${schemaExpression(compiler, constraint.sqltext)})`;
}

/** `FOREIGN KEY(…) REFERENCES …` */
export function visitForeignKeyConstraint(compiler: Compiler, constraint: ForeignKeyConstraint): string {
  const parts = [
    "constraintName",
    "foreignKeyBody",
    "constraintMatch",
    "constraintCascades",
    "constraintDeferrability",
  ];
  return parts.map((part) => compiler.hook(part, constraint)).join("");
}

/** What stands between the name of a foreign key and its options. */
export function visitForeignKeyBody(compiler: Compiler, constraint: ForeignKeyConstraint): string {
  const referred = constraint.elements.map((element) => element.column);
  return `FOREIGN KEY(${columnNames(compiler, constraint.columns)}) REFERENCES ${compiler.hook("remoteTable", constraint)} (${columnNames(compiler, referred)})`;
}

/** The table that a foreign key refers to. */
export function visitRemoteTable(compiler: Compiler, constraint: ForeignKeyConstraint): string {
  return compiler.hook<Table>("tableName", constraint.referredTable);
}

/** ` MATCH …` */
export function visitConstraintMatch(_compiler: Compiler, constraint: ForeignKeyConstraint): string {
  return constraint.match === null ? "" : ` MATCH ${constraint.match}`;
}

/** ` ON DELETE … ON UPDATE …` */
export function visitConstraintCascades(compiler: Compiler, constraint: ForeignKeyConstraint): string {
  const onDelete = constraint.ondelete === null ? "" : compiler.hook("onDelete", constraint);
  return `${onDelete}${constraint.onupdate === null ? "" : compiler.hook("onUpdate", constraint)}`;
}

/** ` ON DELETE …` */
export function visitOnDelete(_compiler: Compiler, constraint: ForeignKeyConstraint): string {
  return ` ON DELETE ${sqlPhrase(constraint.ondelete ?? "", onDeletePhrases)}`;
}

/** ` ON UPDATE …` */
export function visitOnUpdate(_compiler: Compiler, constraint: ForeignKeyConstraint): string {
  return ` ON UPDATE ${sqlPhrase(constraint.onupdate ?? "", onUpdatePhrases)}`;
}

/** ` DEFERRABLE INITIALLY …` */
export function visitConstraintDeferrability(_compiler: Compiler, constraint: Constraint): string {
  const { deferrable, initially } = constraint;
  const text = deferrable === null ? "" : deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
  return initially === null ? text : `${text} INITIALLY ${sqlPhrase(initially, initiallyPhrases)}`;
}

/** `ALTER TABLE … ADD CONSTRAINT …` */
export function visitAddConstraint(compiler: Compiler, add: AddConstraint): string {
  return `ALTER TABLE ${compiler.hook<Table>("tableName", add.element.table)} ADD ${compiler.visit(add.element)}`;
}

/** `ALTER TABLE … DROP CONSTRAINT …` */
export function visitDropConstraint(compiler: Compiler, drop: DropConstraint): string {
  const table = compiler.hook<Table>("tableName", drop.element.table);
  return `ALTER TABLE ${table} DROP CONSTRAINT ${drop.ifExists ? "IF EXISTS " : ""}${requiredName(compiler, drop.element)}${drop.cascade ? " CASCADE" : ""}`;
}

/**
 * The name of a constraint that is to be dropped.
 *
 * @throws CompileError when it has none.
 */
export function requiredName(compiler: Compiler, constraint: Constraint): string {
  const identifier = constraintIdentifier(compiler, constraint);
  if (identifier !== null) return identifier;
  throw new CompileError(`Can't emit DROP CONSTRAINT for constraint ${constraint.constructor.name}; it has no name`, {
    fix: "name the constraint, or give the MetaData a naming convention",
  });
}
