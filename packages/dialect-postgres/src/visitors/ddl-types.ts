/** CREATE TYPE … AS ENUM, CREATE DOMAIN, and DROP. */
import {
  type Compiler,
  collationText,
  defaultText,
  EnumType,
  fittingName,
  type NamedType,
  type NamedTypeDdl,
  STRINGTYPE,
  type Visitor,
} from "@athanor/core";
import {
  CreateDomainType,
  CreateEnumType,
  DropDomainType,
  DropEnumType,
  type NamedTypeOptions,
} from "../expressions/named-type-ddl.ts";
import { Domain } from "../types/named.ts";
import { conditionText } from "./ddl-options.ts";
import { namedType } from "./type.ts";

function visitCreateEnum(compiler: Compiler, { element }: CreateEnumType): string {
  return `CREATE TYPE ${namedType(compiler, element)} AS ENUM (${element.enums.map((value) => compiler.literalValue(value, STRINGTYPE)).join(", ")})`;
}

function visitCreateDomain(compiler: Compiler, { element }: CreateDomainType): string {
  let text = `CREATE DOMAIN ${namedType(compiler, element)} AS ${compiler.typeText(element.dataType)}`;
  text += collationText(compiler, element.collation, element.collationSchema);
  if (element.default !== undefined) text += ` DEFAULT ${defaultText(compiler, element.default)}`;
  if (element.constraintName !== undefined)
    text += ` CONSTRAINT ${compiler.identifier(fittingName(element.constraintName, false, compiler.dialect.capabilities.maxIdentifierLength))}`;
  if (element.notNull) text += " NOT NULL";
  if (element.check !== undefined) text += ` CHECK (${conditionText(compiler, element.check)})`;
  return text;
}

function dropText(kind: string, name: string, { ifExists, cascade }: NamedTypeOptions): string {
  return `DROP ${kind} ${ifExists ? "IF EXISTS " : ""}${name}${cascade ? " CASCADE" : ""}`;
}

export const namedTypeVisitors: Readonly<Record<string, Visitor>> = {
  createEnumType: visitCreateEnum as Visitor,
  dropEnumType: ((compiler: Compiler, { element, dropOptions }: DropEnumType) =>
    dropText("TYPE", namedType(compiler, element), dropOptions)) as Visitor,
  createDomainType: visitCreateDomain as Visitor,
  dropDomainType: ((compiler: Compiler, { element, dropOptions }: DropDomainType) =>
    dropText("DOMAIN", namedType(compiler, element), dropOptions)) as Visitor,
};

/** The statements that make a type an object of the database; null for types that are none. */
export function namedTypeDdl(type: NamedType): NamedTypeDdl | null {
  const { name } = type;
  if (name === undefined) return null;
  const about = { name, schema: type.schema ?? null };
  if (type instanceof Domain) return { ...about, create: new CreateDomainType(type), drop: new DropDomainType(type) };
  if (type instanceof EnumType && type.nativeEnum)
    return { ...about, create: new CreateEnumType(type), drop: new DropEnumType(type) };
  return null;
}
