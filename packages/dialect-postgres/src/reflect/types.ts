/** From `format_type()` to our types: `character varying(50)[]`, `timestamp(3) with time zone`, `"My Schema".mood`. */
import { type ReflectedDomain, type SqlType, StringType, t, verbatim } from "@athanor/core";
import { ARRAY } from "../types/array.ts";
import { BIT } from "../types/bit.ts";
import { HSTORE } from "../types/hstore.ts";
import { JSON as JSON_TYPE, JSONB, JSONPATH } from "../types/json.ts";
import { DOMAIN, type Domain, type DomainOptions, ENUM } from "../types/named.ts";
import * as ranges from "../types/ranges.ts";
import {
  BYTEA,
  CIDR,
  CITEXT,
  INET,
  MACADDR,
  MACADDR8,
  MONEY,
  OID,
  REGCLASS,
  REGCONFIG,
  TSQUERY,
  TSVECTOR,
} from "../types/simple.ts";
import { INTERVAL, TIME, TIMESTAMP } from "../types/temporal.ts";
import { PgVerbatimType } from "../types/verbatim.ts";
import type { NamedTypes } from "./named-types.ts";

type Make = (...args: number[]) => SqlType;

const moment =
  (make: (options: { timezone: boolean; precision?: number }) => SqlType, timezone: boolean): Make =>
  (precision) =>
    make(precision === undefined ? { timezone } : { timezone, precision });

/** Types without arguments. */
const plain: Readonly<Record<string, () => SqlType>> = {
  bigint: () => t.BIGINT(),
  boolean: () => t.BOOLEAN(),
  bytea: () => BYTEA(),
  cidr: () => CIDR(),
  citext: () => CITEXT(),
  date: () => t.DATE(),
  "double precision": () => t.DOUBLE_PRECISION(),
  hstore: () => HSTORE(),
  inet: () => INET(),
  integer: () => t.INTEGER(),
  json: () => JSON_TYPE(),
  jsonb: () => JSONB(),
  jsonpath: () => JSONPATH(),
  macaddr: () => MACADDR(),
  macaddr8: () => MACADDR8(),
  money: () => MONEY(),
  oid: () => OID(),
  real: () => t.REAL(),
  regclass: () => REGCLASS(),
  regconfig: () => REGCONFIG(),
  smallint: () => t.SMALLINT(),
  text: () => t.TEXT(),
  tsquery: () => TSQUERY(),
  tsvector: () => TSVECTOR(),
  uuid: () => t.UUID(),
  int4range: () => ranges.INT4RANGE(),
  int8range: () => ranges.INT8RANGE(),
  numrange: () => ranges.NUMRANGE(),
  daterange: () => ranges.DATERANGE(),
  tsrange: () => ranges.TSRANGE(),
  tstzrange: () => ranges.TSTZRANGE(),
  int4multirange: () => ranges.INT4MULTIRANGE(),
  int8multirange: () => ranges.INT8MULTIRANGE(),
  nummultirange: () => ranges.NUMMULTIRANGE(),
  datemultirange: () => ranges.DATEMULTIRANGE(),
  tsmultirange: () => ranges.TSMULTIRANGE(),
  tstzmultirange: () => ranges.TSTZMULTIRANGE(),
};

/** Types with a length or a precision. */
const sized: Readonly<Record<string, Make>> = {
  bit: (length) => BIT(length),
  "bit varying": (length) => BIT({ varying: true, ...(length === undefined ? {} : { length }) }),
  character: (length) => t.CHAR(length),
  "character varying": (length) => (length === undefined ? t.VARCHAR() : t.VARCHAR(length)),
  numeric: (precision, scale) =>
    precision === undefined ? t.NUMERIC() : scale === undefined ? t.NUMERIC(precision) : t.NUMERIC(precision, scale),
  "timestamp without time zone": moment(TIMESTAMP, false),
  "timestamp with time zone": moment(TIMESTAMP, true),
  "time without time zone": moment(TIME, false),
  "time with time zone": moment(TIME, true),
};

const intervalPattern =
  /^interval(?:\s+(?<fields>(?:year|month|day|hour|minute|second)(?:\s+to\s+\w+)?))?(?:\s*\((?<precision>\d+)\))?$/i;

/** What a column says of its type besides the name. */
export interface TypeDetails {
  /** The dimensions that the array was declared with. */
  readonly dimensions?: number;
  readonly collation?: string | null;
  readonly collationSchema?: string | null;
}

/** The type by its name in SQL. */
export function typeOfText(text: string, named: NamedTypes, details: TypeDetails = {}): SqlType {
  const [, item = text, brackets = ""] = /^(.*?)((?:\[\])*)$/s.exec(text) ?? [];
  const collated = withCollation(itemType(item, named), details);
  if (brackets === "") return collated;
  const dimensions = details.dimensions ?? 1;
  return ARRAY(collated, dimensions > 1 ? { dimensions } : {});
}

function itemType(text: string, named: NamedTypes): SqlType {
  if (Object.hasOwn(plain, text)) return (plain[text] as () => SqlType)();
  const interval = intervalPattern.exec(text);
  if (interval !== null) {
    const { fields, precision } = interval.groups as Record<string, string | undefined>;
    return INTERVAL({
      ...(fields === undefined ? {} : { fields: fields.toUpperCase() }),
      ...(precision === undefined ? {} : { precision: Number(precision) }),
    });
  }
  const [, head = text, args, tail = ""] = /^([a-z ]+?)\s*(?:\(([^)]*)\))?(\s+[a-z ]+)?$/.exec(text) ?? [];
  const name = `${head}${tail}`;
  if (Object.hasOwn(sized, name)) {
    const numbers = args === undefined ? [] : args.split(",").map(Number);
    return (sized[name] as Make)(...numbers);
  }
  const parts = JSON.stringify(identifierParts(text));
  const found = named.enums.get(parts);
  if (found !== undefined)
    return ENUM(...found.labels, { name: found.name, ...(found.visible ? {} : { schema: found.schema }) } as never);
  const domain = named.domains.get(parts);
  return domain === undefined ? new PgVerbatimType(text) : domainType(domain, named);
}

function domainType(domain: ReflectedDomain, named: NamedTypes): Domain {
  const [first] = domain.constraints;
  const options: { -readonly [K in keyof DomainOptions]: DomainOptions[K] } = { notNull: !domain.nullable };
  if (!domain.visible) options.schema = domain.schema;
  if (domain.collation !== null) options.collation = domain.collation;
  if (domain.default !== null) options.default = verbatim(domain.default);
  if (first !== undefined) {
    options.constraintName = first.name;
    // Further conditions are joined: a domain of ours has one.
    const { constraints } = domain;
    options.check = verbatim(
      constraints.length === 1 ? first.check : constraints.map(({ check }) => `(${check})`).join(" AND "),
    );
  }
  return DOMAIN(domain.name, typeOfText(domain.type, named), options) as Domain;
}

function withCollation(type: SqlType, { collation = null, collationSchema = null }: TypeDetails): SqlType {
  if (collation === null || !(type instanceof StringType)) return type;
  const copy = type.copy() as SqlType & { collation: string | undefined; collationSchema: string | undefined };
  copy.collation = collation;
  if (collationSchema !== null) copy.collationSchema = collationSchema;
  return copy;
}

/** `schema."Name"` in its parts. */
function identifierParts(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? (bare as string),
  );
}
