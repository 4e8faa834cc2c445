/** CREATE TYPE, CREATE DOMAIN and their opposites. */
import { ArgumentError, DdlElement, defineKind, EnumType, type TypeLike, toType } from "@athanor/core";
import { Domain } from "../types/named.ts";

/** Options of the CREATE and DROP statements of types. */
export interface NamedTypeOptions {
  /** DROP: `IF EXISTS` */
  readonly ifExists?: boolean;
  /** DROP: `CASCADE` */
  readonly cascade?: boolean;
}

/** `CREATE TYPE … AS ENUM (…)` */
export class CreateEnumType extends DdlElement {
  readonly element: EnumType;
  constructor(element: EnumType) {
    super();
    this.element = element;
  }
}
defineKind(CreateEnumType, "createEnumType");

/** `DROP TYPE …` */
export class DropEnumType extends DdlElement {
  readonly element: EnumType;
  readonly dropOptions: NamedTypeOptions;
  constructor(element: EnumType, options: NamedTypeOptions = {}) {
    super();
    this.element = element;
    this.dropOptions = options;
  }
}
defineKind(DropEnumType, "dropEnumType");

/** `CREATE DOMAIN … AS …` */
export class CreateDomainType extends DdlElement {
  readonly element: Domain;
  constructor(element: Domain) {
    super();
    this.element = element;
  }
}
defineKind(CreateDomainType, "createDomainType");

/** `DROP DOMAIN …` */
export class DropDomainType extends DdlElement {
  readonly element: Domain;
  readonly dropOptions: NamedTypeOptions;
  constructor(element: Domain, options: NamedTypeOptions = {}) {
    super();
    this.element = element;
    this.dropOptions = options;
  }
}
defineKind(DropDomainType, "dropDomainType");

function enumOf(type: TypeLike): EnumType {
  const found = toType(type);
  if (found instanceof EnumType) return found;
  throw new ArgumentError("this is not an enumeration", { fix: 'pass pg.ENUM("a", "b", { name: "my_type" })' });
}

function domainOf(type: TypeLike): Domain {
  const found = toType(type);
  if (found instanceof Domain) return found;
  throw new ArgumentError("this is not a domain", { fix: 'pass pg.DOMAIN("posint", t.integer)' });
}

/** `CREATE TYPE name AS ENUM ('a', 'b')` */
export function createEnumType(type: TypeLike): CreateEnumType {
  return new CreateEnumType(enumOf(type));
}

/** `DROP TYPE name` */
export function dropEnumType(type: TypeLike, options: NamedTypeOptions = {}): DropEnumType {
  return new DropEnumType(enumOf(type), options);
}

/** `CREATE DOMAIN name AS type …` */
export function createDomainType(type: TypeLike): CreateDomainType {
  return new CreateDomainType(domainOf(type));
}

/** `DROP DOMAIN name` */
export function dropDomainType(type: TypeLike, options: NamedTypeOptions = {}): DropDomainType {
  return new DropDomainType(domainOf(type), options);
}
