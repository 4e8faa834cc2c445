/** What the type of a column adds to its table: CHECK constraints of booleans and enums, and types that live in a schema. */
import { TypeCoerce } from "../expression/cast.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import { ArrayType } from "../types/array.ts";
import { BooleanType } from "../types/boolean.ts";
import { TypeDecorator } from "../types/decorator.ts";
import { EnumType } from "../types/enum.ts";
import { INTEGERTYPE } from "../types/numeric.ts";
import { STRINGTYPE } from "../types/string.ts";
import type { SqlType } from "../types/type.ts";
import { CheckConstraint } from "./check.ts";
import type { Column } from "./column.ts";
import type { RuleDialect } from "./constraint.ts";

/** A type that is an object of the database by itself: an enumeration, a domain. */
export interface NamedType extends SqlType {
  readonly name: string | undefined;
  readonly schema: string | null | undefined;
  /** Take the table's schema. */
  readonly inheritSchema?: boolean;
  /** The MetaData that creates and drops it. */
  readonly metadata?: object | undefined;
  /** Create and drop it together with its tables. */
  readonly createType: boolean;
}

declare module "./classes.ts" {
  interface SchemaClasses {
    namedType: NamedType;
  }
}

/** Whether a type is an object of the database. */
export function isNamedType(type: SqlType): type is NamedType {
  return "createType" in type && "schema" in type;
}

/** The named types that a type is or contains, those of single dialects included. */
export function namedTypesIn(type: SqlType): NamedType[] {
  const own = isNamedType(type)
    ? [type]
    : type instanceof TypeDecorator
      ? namedTypesIn(type.implInstance)
      : type instanceof ArrayType
        ? namedTypesIn(type.itemType)
        : [];
  return [...own, ...Object.values(type.variants).flatMap(namedTypesIn)];
}

/** A type for a column of one table: named types take a schema from the table or the MetaData, if they have none. */
export function typeForTable(type: SqlType, tableSchema: string | null, metadataSchema: string | null): SqlType {
  if (!isNamedType(type)) return type;
  const schema = type.inheritSchema === true ? tableSchema : type.schema === undefined ? metadataSchema : type.schema;
  if (schema === null || schema === undefined || schema === type.schema) return type;
  return Object.assign(type.copy(), { schema, inheritSchema: false });
}

/** The type as it is in another schema: itself where neither it nor its items are objects of the database. */
export function typeInSchema(type: SqlType, schema: string | null): SqlType {
  if (isNamedType(type)) return Object.assign(type.copy(), { schema });
  if (!(type instanceof ArrayType)) return type;
  const itemType = typeInSchema(type.itemType, schema);
  return itemType === type.itemType ? type : Object.assign(type.copy(), { itemType });
}

/** The CHECK constraints that the type of a column asks for. They are rendered where the database has no such type. */
export function typeConstraints(column: Column): CheckConstraint[] {
  const { type } = column;
  const candidates = [type, ...Object.values(type.variants)];
  return candidates.flatMap((candidate) => {
    const impl = candidate instanceof TypeDecorator ? candidate.implInstance : candidate;
    if (impl instanceof EnumType && impl.createConstraint)
      return [bound(column, candidate, enumCheck(column, impl), impl.name, enumRule(impl))];
    if (impl instanceof BooleanType && impl.createConstraint)
      return [bound(column, candidate, booleanCheck(column), impl.name, booleanRule)];
    return [];
  });
}

function bound(
  column: Column,
  candidate: SqlType,
  check: ClauseElement,
  name: string | undefined,
  rule: (dialect: RuleDialect) => boolean,
): CheckConstraint {
  const { type } = column;
  return new CheckConstraint(
    check,
    { name },
    (dialect) => (type.variants[dialect.name] ?? type) === candidate && rule(dialect),
  );
}

function enumCheck(column: Column, type: EnumType<unknown>): ClauseElement {
  return (new TypeCoerce(column as ColumnElement, STRINGTYPE) as unknown as ColumnElement<string>).in(type.enums);
}

function booleanCheck(column: Column): ClauseElement {
  return (new TypeCoerce(column as ColumnElement, INTEGERTYPE) as unknown as ColumnElement<number>).in([0, 1]);
}

function enumRule(type: EnumType<unknown>): (dialect: RuleDialect) => boolean {
  return (dialect) => !type.nativeEnum || !dialect.supportsNativeEnum;
}

function booleanRule(dialect: RuleDialect): boolean {
  return !dialect.supportsNativeBoolean && dialect.capabilities.booleanCheck !== false;
}
