/** What SQLite has, for ./random-schema.ts. It keeps every text as it was written. */
import { func, literalColumn, t, verbatim } from "@athanor/core";
import * as sqlite from "@athanor/dialect-sqlite";
import { oddNames } from "./forms.ts";
import type { Forms, TypeForm } from "./random-schema.ts";

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const integer = { keyable: true, integer: true, defaults: ["0", "-1", "+7", "(1 + 2)", "NULL", "TRUE"] };
const string = {
  keyable: true,
  text: true,
  defaults: ["'it''s'", "''", "'a,b)(:x \\\\ %'", "NULL", "('a' || 'b')", "x'00ff'"],
};
const collations = ["NOCASE", "RTRIM", undefined];

const types: TypeForm[] = [
  { make: () => t.INTEGER(), ...integer, numbers: true },
  { make: () => t.SMALLINT(), ...integer },
  { make: () => t.BIGINT(), ...integer, defaults: ["9223372036854775807", "-9223372036854775808"] },
  { make: () => t.NUMERIC(10, 2), keyable: true, defaults: ["-1.50", "1e3", "0x1F"] },
  { make: () => t.NUMERIC(), keyable: true },
  { make: () => t.DECIMAL(8) },
  { make: () => t.FLOAT(), defaults: ["1.5e-3", ".5"] },
  { make: () => t.FLOAT(53) },
  { make: () => t.REAL() },
  { make: () => t.DOUBLE() },
  { make: () => t.DOUBLE_PRECISION() },
  ...collations.map((collation): TypeForm => ({ make: () => t.VARCHAR(50, { collation }), ...string })),
  ...collations.map((collation): TypeForm => ({ make: () => t.TEXT({ collation }), ...string })),
  { make: () => t.VARCHAR(), ...string },
  { make: () => t.CHAR(3), ...string },
  { make: () => t.NVARCHAR(20), ...string },
  { make: () => t.NCHAR(4), ...string },
  { make: () => t.CLOB() },
  { make: () => t.BOOLEAN(), defaults: ["1", "FALSE"] },
  { make: () => t.DATE(), defaults: ["CURRENT_DATE"] },
  { make: () => t.TIME(), defaults: ["CURRENT_TIME"] },
  { make: () => t.DATETIME(), defaults: ["(datetime('now', 'utc'))"] },
  { make: () => t.TIMESTAMP(), defaults: ["CURRENT_TIMESTAMP"] },
  { make: () => t.BLOB(), defaults: ["x'00FF'", "(zeroblob(3))"] },
  { make: () => t.BINARY(8), keyable: true },
  { make: () => t.VARBINARY(16) },
  { make: () => t.JSON() },
  { make: () => sqlite.JSONB() },
  { make: () => t.UUID(), keyable: true },
];

const strictTypes: TypeForm[] = [
  { make: () => t.INTEGER(), ...integer, numbers: true, defaults: ["0", "(1 + 2)"] },
  { make: () => t.TEXT(), ...string },
  { make: () => t.REAL() },
  { make: () => t.BLOB() },
  { make: () => sqlite.ANY(), keyable: true, defaults: ["'x'", "1"] },
];

const conflicts = ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"];
const onConflict = [{}, {}, ...conflicts.map((sqliteOnConflict) => ({ sqliteOnConflict }))];
const actions = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", undefined];

export const sqliteForms: Forms = {
  types,
  names: oddNames,
  name: quoted,
  checks: [
    ({ integers: [a], name }) => (a === undefined ? null : `${name(a)} > 0`),
    ({ texts: [a], name }) =>
      a === undefined ? null : `${name(a)} <> 'x,)y -- :z' AND (length(${name(a)}) < 1000 OR ${name(a)} IN ('a', 'b'))`,
    ({ all: [a], name }) => (a === undefined ? null : `${name(a)} /* a (comment */ -- and ) another\n IS NOT NULL`),
    ({ all: [a, b], name }) =>
      a === undefined || b === undefined ? null : `CASE WHEN ${name(a)} = ${name(b)} THEN 1 ELSE 0 END = 0`,
    () => "(1 = 1)",
  ],
  checkOptions: [{}],
  computations: [(name) => `${name} * 2`, (name) => `abs(${name}) + coalesce(${name}, 1)`, (name) => `(${name})`],
  persisted: [true, false],
  indexes: [
    { parts: ({ all: [a, b] }) => [a, b] },
    { parts: ({ all: [a] }) => [a], options: () => ({ unique: true }) },
    { parts: ({ all: [a, b] }) => [a?.desc(), b] },
    { parts: ({ texts: [a] }) => (a === undefined ? null : [func.lower(a)]) },
    {
      parts: ({ texts: [a], all: [b], name }) =>
        a === undefined ? null : [literalColumn(`${name(a)} COLLATE NOCASE`), b],
    },
    { parts: ({ texts: [a], name }) => (a === undefined ? null : [literalColumn(`${name(a)} COLLATE RTRIM`).desc()]) },
    { parts: ({ integers: [a], name }) => (a === undefined ? null : [literalColumn(`(${name(a)} + 1) % 3`), a]) },
    {
      parts: ({ all: [a] }) => [a],
      options: ({ all: [a], name }) => ({
        sqliteWhere: verbatim(`${name(a as never)} IS NOT NULL AND ${name(a as never)} <> ':x'`),
      }),
    },
    {
      parts: ({ all: [a, b] }) => [a?.desc(), b],
      options: ({ all: [a], name }) => ({ unique: true, sqliteWhere: verbatim(`(${name(a as never)} > 3)`) }),
    },
  ],
  tableOptions: [{}],
  keyedTableOptions: [{}, { sqliteWithRowid: false }],
  numberedTableOptions: [{}, { sqliteAutoincrement: true }],
  keyOptions: onConflict,
  uniqueOptions: onConflict,
  foreignKeyOptions: [
    ...actions.map((ondelete) => ({ ondelete })),
    ...actions.map((onupdate) => ({ onupdate, ondelete: "CASCADE" })),
    { deferrable: true },
    { deferrable: true, initially: "DEFERRED" },
    { deferrable: true, initially: "IMMEDIATE", onupdate: "CASCADE" },
    { deferrable: false },
    { match: "FULL" },
    { match: "SIMPLE", ondelete: "SET NULL", deferrable: true, initially: "DEFERRED" },
  ],
  columnItems: [
    () => null,
    () => null,
    () => null,
    ...conflicts.map((sqliteOnConflictNotNull) => () => ({ options: { nullable: false, sqliteOnConflictNotNull } })),
  ],
  comments: false,
  uniquesAreIndexes: false,
  unnamed: { primaryKey: true, unique: true, check: true, foreignKey: true },
};

/** Tables that check their values, and those without a number for each row. */
export const strictForms: Forms = {
  ...sqliteForms,
  types: strictTypes,
  tableOptions: [{ sqliteStrict: true }],
};
