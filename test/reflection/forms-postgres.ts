/** What PostgreSQL has, for ./random-schema.ts; expressions as `pg_get_expr()` writes them. */
import { func, identity, literalColumn, type SqlType, t, verbatim } from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";
import { oddNames } from "./forms.ts";
import type { Forms, TypeForm } from "./random-schema.ts";

const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !["select", "constraint"].includes(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;

const plain = (make: () => SqlType, ...defaults: string[]): TypeForm => ({
  make,
  ...(defaults.length > 0 ? { defaults } : {}),
});
const keyable = (make: () => SqlType, ...defaults: string[]): TypeForm => ({
  ...plain(make, ...defaults),
  keyable: true,
});
const integer = (make: () => SqlType, ...defaults: string[]): TypeForm => ({
  ...keyable(make, ...defaults),
  integer: true,
  numbers: true,
});

/** The types; those that are objects of the database are in the schema of the tables. */
const typesIn = (schema: string | null): TypeForm[] => [
  integer(() => t.INTEGER(), "0", "'-1'::integer", "(1 + 2)"),
  integer(() => t.SMALLINT(), "7"),
  integer(() => t.BIGINT(), "'9223372036854775807'::bigint"),
  keyable(() => t.NUMERIC(10, 2), "1.50", "'-1.5'::numeric"),
  keyable(() => t.NUMERIC()),
  keyable(() => t.NUMERIC(5, 0)),
  keyable(() => t.REAL()),
  keyable(() => t.DOUBLE_PRECISION(), "'NaN'::double precision", "pi()"),
  { ...keyable(() => t.TEXT(), "''::text", "'it''s 100% :x'::text", "'a\\b'::text", "CURRENT_USER"), text: true },
  { ...keyable(() => t.TEXT({ collation: "C" }), "upper('x'::text)"), text: true },
  keyable(() => t.VARCHAR(50), "'x'::character varying", "NULL::character varying"),
  keyable(() => t.VARCHAR(), "'{\"a\": [1]}'::character varying"),
  keyable(() => t.VARCHAR(10, { collation: "POSIX" })),
  keyable(() => t.CHAR(3), "'abc'::bpchar"),
  keyable(() => t.BOOLEAN(), "true", "false"),
  keyable(() => t.DATE(), "CURRENT_DATE", "'2020-01-01'::date"),
  keyable(() => pg.TIME(), "'10:00:00'::time without time zone"),
  keyable(() => pg.TIME({ timezone: true, precision: 3 })),
  keyable(() => pg.TIMESTAMP(), "now()", "'2020-01-01 00:00:00'::timestamp without time zone"),
  keyable(() => pg.TIMESTAMP({ precision: 0 })),
  keyable(() => pg.TIMESTAMP({ timezone: true }), "CURRENT_TIMESTAMP", "(now() + '1 day'::interval)"),
  keyable(() => pg.TIMESTAMP({ timezone: true, precision: 4 })),
  keyable(() => pg.INTERVAL(), "'01:00:00'::interval"),
  plain(() => pg.INTERVAL({ fields: "DAY TO SECOND", precision: 2 })),
  plain(() => pg.INTERVAL({ fields: "YEAR TO MONTH" })),
  keyable(() => pg.BYTEA(), "'\\x00ff'::bytea"),
  plain(() => pg.JSON(), "'{}'::json"),
  plain(() => pg.JSONB(), "'{\"a\": 1}'::jsonb"),
  plain(() => pg.JSONPATH()),
  keyable(() => t.UUID(), "gen_random_uuid()"),
  keyable(() => pg.INET()),
  keyable(() => pg.CIDR()),
  keyable(() => pg.MACADDR()),
  keyable(() => pg.MACADDR8()),
  keyable(() => pg.MONEY()),
  keyable(() => pg.OID()),
  plain(() => pg.REGCLASS()),
  plain(() => pg.TSVECTOR()),
  plain(() => pg.TSQUERY()),
  keyable(() => pg.BIT(3), "'101'::\"bit\""),
  keyable(() => pg.BIT({ varying: true })),
  plain(() => pg.BIT(5, { varying: true })),
  keyable(() => pg.ARRAY(t.INTEGER), "'{}'::integer[]", "ARRAY[1, 2]"),
  plain(() => pg.ARRAY(t.NUMERIC(5, 1), { dimensions: 2 })),
  plain(() => pg.ARRAY(t.VARCHAR(7)), "'{}'::character varying[]"),
  plain(() => pg.ARRAY(t.TEXT({ collation: "C" }))),
  plain(() => pg.ARRAY(pg.TIMESTAMP({ timezone: true, precision: 2 }))),
  plain(() => pg.ARRAY(pg.BIT(3))),
  plain(() => pg.ARRAY(pg.INTERVAL({ fields: "DAY TO SECOND", precision: 2 }))),
  plain(() => pg.ARRAY(pg.JSONB)),
  keyable(() => pg.INT4RANGE(), "'empty'::int4range"),
  keyable(() => pg.TSTZRANGE()),
  plain(() => pg.NUMMULTIRANGE()),
  plain(() => new pg.PgVerbatimType("xml")),
  plain(() => new pg.PgVerbatimType("point"), "point((1)::double precision, (2)::double precision)"),
  plain(() => new pg.PgVerbatimType('"char"')),
  keyable(() => pg.ENUM("sad", "it's ok", "a,b", "", { name: "mood of, 'x'", schema } as never)),
  plain(() => pg.ARRAY(pg.ENUM("x", "y", { name: "plain", schema } as never))),
  keyable(() =>
    pg.DOMAIN("Positive Number", t.NUMERIC(8, 2), {
      schema,
      check: "VALUE > 0::numeric",
      constraintName: "ck positive",
      notNull: true,
    } as never),
  ),
];

const deferrals = [{}, {}, { deferrable: true }, { deferrable: true, initially: "DEFERRED" }];

export const postgresForms = (schema: string | null): Forms => ({
  types: typesIn(schema),
  names: oddNames,
  name: quoted,
  checks: [
    ({ integers: [a], name }) => (a === undefined ? null : `${name(a)} > 0`),
    ({ texts: [a], name }) =>
      a === undefined
        ? null
        : `${name(a)} <> 'x,)y -- :z'::text AND (length(${name(a)}) < 1000 OR (${name(a)} = ANY (ARRAY['a'::text, 'b'::text])))`,
    ({ all: [a], name }) => (a === undefined ? null : `${name(a)} IS NOT NULL`),
    ({ texts: [a], name }) => (a === undefined ? null : `${name(a)} ~ '^\\w+:\\d$'::text`),
    () => "1 = 1",
  ],
  checkOptions: [{}, {}, { postgresqlNoInherit: true }],
  computations: [(name) => `${name} * 2`, (name) => `abs(${name}) + COALESCE(${name}, 1)`],
  persisted: [true],
  indexes: [
    { parts: ({ keyable: [a, b] }) => (a === undefined ? null : b === undefined ? [a] : [a, b]) },
    {
      parts: ({ keyable: [a] }) => (a === undefined ? null : [a]),
      options: ({ all: [a, b] }) => ({ unique: true, postgresqlInclude: [...new Set([a?.key, b?.key])] }),
    },
    {
      parts: ({ keyable: [a] }) => (a === undefined ? null : [a.desc()]),
      options: () => ({ unique: true, postgresqlNullsNotDistinct: true }),
    },
    {
      parts: ({ keyable: [a, b] }) =>
        a === undefined ? null : b === undefined ? [a.nullsFirst()] : [a.desc().nullsLast(), b.nullsFirst()],
    },
    { parts: ({ texts: [a] }) => (a === undefined ? null : [func.lower(a)]) },
    {
      parts: ({ texts: [a], name }) =>
        a === undefined ? null : [literalColumn(`upper(${name(a)}) COLLATE "POSIX" text_pattern_ops`).desc()],
    },
    { parts: ({ texts: [a], name }) => (a === undefined ? null : [literalColumn(`${name(a)} COLLATE "POSIX"`)]) },
    {
      parts: ({ integers: [a], keyable: [b], name }) =>
        a === undefined ? null : [literalColumn(`(${name(a)} + 1)`), literalColumn(`abs(${name(a)})`).desc(), b],
    },
    {
      parts: ({ keyable: [a] }) => (a === undefined ? null : [a]),
      options: ({ all: [a], name }) => ({ postgresqlWhere: verbatim(`${name(a as never)} IS NOT NULL`) }),
    },
    {
      parts: ({ texts: [a] }) => (a === undefined ? null : [a.desc()]),
      options: ({ texts: [a], name }) => ({
        postgresqlOps: { [a?.key as string]: "text_pattern_ops" },
        postgresqlWhere: verbatim(`${name(a as never)} <> ':x \\y'::text AND length(${name(a as never)}) > 3`),
      }),
    },
    {
      parts: ({ integers: [a] }) => (a === undefined ? null : [a]),
      options: () => ({ postgresqlUsing: "hash", postgresqlWith: { fillfactor: 50 } }),
    },
    {
      parts: ({ integers: [a, b] }) => (a === undefined ? null : b === undefined ? [a] : [a, b]),
      options: () => ({ postgresqlUsing: "brin", postgresqlWith: { pages_per_range: 16 } }),
    },
  ],
  tableOptions: [{}, {}, { postgresqlWith: { fillfactor: 70, autovacuum_enabled: false } }],
  keyedTableOptions: [{}],
  numberedTableOptions: [{}],
  keyOptions: deferrals,
  uniqueOptions: [...deferrals, { postgresqlNullsNotDistinct: true }],
  foreignKeyOptions: [
    {},
    { ondelete: "CASCADE", onupdate: "SET NULL" },
    { ondelete: "SET DEFAULT", onupdate: "RESTRICT" },
    { ondelete: "SET NULL", match: "FULL", deferrable: true },
    { deferrable: true, initially: "DEFERRED" },
    { onupdate: "CASCADE" },
  ],
  columnItems: [
    () => null,
    () => null,
    () => null,
    (form) =>
      form.integer === true
        ? {
            items: [
              identity({ always: true, start: 5, increment: 2, minvalue: 1, maxvalue: 100, cycle: true, cache: 3 }),
            ],
            options: { nullable: false },
          }
        : null,
    (form) =>
      form.integer === true
        ? {
            items: [
              identity({
                always: false,
                start: -1,
                increment: -1,
                minvalue: -100,
                maxvalue: -1,
                cycle: false,
                cache: 1,
              }),
            ],
            options: { nullable: false },
          }
        : null,
  ],
  comments: true,
  uniquesAreIndexes: false,
  unnamed: { primaryKey: false, unique: false, check: false, foreignKey: false },
});
