/** Types whose values are plain text or numbers: networks, text search, object identifiers, money, case-insensitive text, bytes. */
import {
  type Affinity,
  BinaryType,
  bytesToHex,
  defineVisitName,
  makeFactory,
  type Operator,
  operators,
  type Processor,
  quoteString,
  SqlType,
  STRINGTYPE,
  Text,
  type TypeDialect,
  type TypeFactory,
} from "@athanor/core";

/** A type that is written and read as text. */
export class TextualType extends SqlType<string> {
  override get affinity(): Affinity {
    return "other";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string";
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) => (value === null || value === undefined ? "NULL" : quoteString(String(value), dialect));
  }
}

/** An address, with or without a network: `10.0.0.1/8`. */
export class Inet extends TextualType {}
/** A network: `10.0.0.0/8`. */
export class Cidr extends TextualType {}
/** The address of a network card. */
export class MacAddr extends TextualType {}
/** The address of a network card, EUI-64. */
export class MacAddr8 extends TextualType {}
/** An amount of money as the server's locale writes it. */
export class Money extends TextualType {}
/** A name that stands for a number: a literal needs its type, since a comparison takes a bare text for the number. */
class CatalogName extends TextualType {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const plain = super.literalProcessor(dialect) as (value: unknown) => string;
    return (value) => (value === null || value === undefined ? "NULL" : `${plain(value)}::${this.visitName}`);
  }
}
/** The name of a relation. */
export class RegClass extends CatalogName {}
/** The name of a text search configuration. */
export class RegConfig extends CatalogName {}
/** The number of an object in the catalog. */
export class Oid extends SqlType<number> {
  override get affinity(): Affinity {
    return "integer";
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) =>
      value === null || value === undefined
        ? "NULL"
        : Number.isSafeInteger(value)
          ? String(value)
          : quoteString(String(value), dialect);
  }
}
/** Text that compares without regard to case; the extension `citext` must be there. */
export class CiText extends Text {}

/** The lexemes of a query: `'cat' & 'dog'`. */
export class TsQuery extends TextualType {}
/** A document prepared for full-text search. */
export class TsVector extends TextualType {
  /** What a document is matched with is a query, not a document. */
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    if (typeof value === "string" && operator !== null) {
      if (operator === operators.match) return STRINGTYPE;
      if (operator.symbol === "@@") return TSQUERY();
    }
    return super.coerceComparedValue(operator, value);
  }
}

/** Bytes. */
export class Bytea extends BinaryType {
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return byteaLiteral;
  }
}

const encoder = new TextEncoder();

/** Bytes: as they are where they are plain text, in hexadecimal digits otherwise; both forms need no backslash. */
export function byteaLiteral(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  const bytes = typeof value === "string" ? encoder.encode(value) : (value as Uint8Array);
  if (bytes.every((byte) => byte > 0 && byte < 128 && byte !== 92))
    return `'${String.fromCharCode(...bytes).replaceAll("'", "''")}'`;
  return `decode('${bytesToHex(bytes)}', 'hex')`;
}

const names: Readonly<Record<string, { readonly prototype: SqlType }>> = {
  INET: Inet,
  CIDR: Cidr,
  MACADDR: MacAddr,
  MACADDR8: MacAddr8,
  MONEY: Money,
  REGCLASS: RegClass,
  REGCONFIG: RegConfig,
  OID: Oid,
  CITEXT: CiText,
  TSQUERY: TsQuery,
  TSVECTOR: TsVector,
  BYTEA: Bytea,
};
for (const [name, type] of Object.entries(names)) defineVisitName(type, name);

/** Addresses of hosts and networks, as text: `"10.0.0.1/8"`. */
export const INET: TypeFactory<[], Inet> = makeFactory(Inet);
/** Networks, as text: `"10.0.0.0/8"`. */
export const CIDR: TypeFactory<[], Cidr> = makeFactory(Cidr);
/** MAC addresses of 6 bytes, as text. */
export const MACADDR: TypeFactory<[], MacAddr> = makeFactory(MacAddr);
/** MAC addresses of 8 bytes, as text. */
export const MACADDR8: TypeFactory<[], MacAddr8> = makeFactory(MacAddr8);
/** Amounts of money as the server writes them, as text. */
export const MONEY: TypeFactory<[], Money> = makeFactory(Money);
/** Names of tables, stored by their numbers. */
export const REGCLASS: TypeFactory<[], RegClass> = makeFactory(RegClass);
/** Names of text search configurations. */
export const REGCONFIG: TypeFactory<[], RegConfig> = makeFactory(RegConfig);
/** Numbers of the server's objects. */
export const OID: TypeFactory<[], Oid> = makeFactory(Oid);
/** Text compared without regard to upper and lower case; needs the extension citext. */
export const CITEXT: TypeFactory<[], CiText> = makeFactory(CiText);
/** Text searches, as text. */
export const TSQUERY: TypeFactory<[], TsQuery> = makeFactory(TsQuery);
/** Documents prepared for text search, as text. */
export const TSVECTOR: TypeFactory<[], TsVector> = makeFactory(TsVector);
/** Bytes, as Uint8Array. */
export const BYTEA: TypeFactory<[length?: number], Bytea> = makeFactory(Bytea);
