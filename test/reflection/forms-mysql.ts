/** What MySQL and MariaDB have, for ./random-schema.ts; expressions as each of the two keeps them. */
import { literalColumn, type SqlType, t } from "@athanor/core";
import * as my from "@athanor/dialect-mysql";
import { oddNames } from "./forms.ts";
import type { Forms, IndexForm, TypeForm } from "./random-schema.ts";

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

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

/** @param given A literal as the server keeps it: MySQL in quotes, MariaDB numbers without. */
const typesOf = (isMariaDB: boolean): TypeForm[] => {
  const now = (digits = ""): string =>
    isMariaDB ? `current_timestamp(${digits})` : `CURRENT_TIMESTAMP${digits === "" ? "" : `(${digits})`}`;
  const literal = (value: string): string => (isMariaDB ? value : `'${value}'`);
  const expression = (value: string): string => (isMariaDB ? value : `(${value})`);
  return [
    integer(() => my.INTEGER(), literal("0"), literal("-7")),
    integer(() => my.INTEGER({ unsigned: true })),
    integer(() => my.TINYINT()),
    keyable(() => my.TINYINT(1), literal("1")),
    integer(() => my.SMALLINT({ unsigned: true })),
    integer(() => my.MEDIUMINT()),
    integer(() => my.BIGINT(), literal("9223372036854775807")),
    keyable(() => my.BIGINT({ unsigned: true }), literal("18446744073709551615")),
    plain(() => my.INTEGER({ displayWidth: 5, zerofill: true, unsigned: true })),
    keyable(() => my.DECIMAL(10, 2), literal("-1.50")),
    keyable(() => my.DECIMAL(8, 0, { unsigned: true })),
    plain(() => my.FLOAT()),
    plain(() => my.FLOAT(7, 3)),
    plain(() => my.DOUBLE(), literal("1.5")),
    plain(() => my.DOUBLE(10, 3, { unsigned: true })),
    keyable(() => my.BIT(3), "b'101'"),
    { ...keyable(() => my.VARCHAR(50), "'it''s :ok : 100%'", "''", "'a\\\\b'", "'a\"b`c'"), text: true, local: true },
    { ...keyable(() => my.VARCHAR(20, { charset: "utf8mb4", collation: "utf8mb4_unicode_ci" })), text: true },
    keyable(() => my.CHAR(3, { charset: "latin1", collation: "latin1_german2_ci" }), "'abc'"),
    keyable(() => my.CHAR(3, { charset: "ascii", collation: "ascii_bin" })),
    plain(() => my.TEXT()),
    plain(() => my.TINYTEXT()),
    plain(() => my.MEDIUMTEXT({ charset: "latin1", collation: "latin1_bin" })),
    plain(() => my.LONGTEXT()),
    keyable(() => my.BINARY(8)),
    keyable(() => my.VARBINARY(16)),
    plain(() => my.TINYBLOB()),
    plain(() => my.BLOB()),
    plain(() => my.MEDIUMBLOB()),
    plain(() => my.LONGBLOB()),
    { ...keyable(() => my.ENUM("a", "it's", "b\\c,)", "", "ü"), "'it''s'"), local: true },
    keyable(() => my.ENUM("x", "y", { charset: "latin1", collation: "latin1_bin" })),
    plain(() => my.SET("x", "y z", "p'q")),
    keyable(() => my.DATE(), expression("curdate()"), "'2020-01-01'"),
    keyable(() => my.TIME(), "'10:00:00'"),
    plain(() => my.TIME({ fsp: 3 })),
    keyable(() => my.DATETIME(), now()),
    keyable(() => my.DATETIME({ fsp: 6 }), now("6"), `${now("6")} ON UPDATE ${now("6")}`),
    keyable(() => my.TIMESTAMP(), `${now()} ON UPDATE ${now()}`),
    plain(() => my.TIMESTAMP({ fsp: 2 }), now("2")),
    plain(() => my.YEAR(), literal("2020")),
    plain(() => my.JSON()),
    ...(isMariaDB ? [keyable(() => t.UUID(), "uuid()"), keyable(() => my.INET4()), keyable(() => my.INET6())] : []),
  ];
};

/** MySQL alone has indexes over expressions. */
const expressionIndexes: IndexForm[] = [
  {
    parts: ({ texts: [a], name }) => (a === undefined ? null : [literalColumn(`(lower(${name(a)}))`)]),
  },
  {
    parts: ({ integers: [a], keyable: [b], name }) =>
      a === undefined ? null : [literalColumn(`((${name(a)} + 1))`).desc(), b],
  },
];

const inherent = (prefix: string, collation: string): Record<string, unknown> => ({
  [`${prefix}Engine`]: "InnoDB",
  [`${prefix}DefaultCharset`]: "utf8mb4",
  [`${prefix}Collate`]: collation,
});

export function mysqlForms(isMariaDB: boolean): Forms {
  const options = inherent("mysql", isMariaDB ? "utf8mb4_general_ci" : "utf8mb4_0900_ai_ci");
  const other = { ...options, mysqlCollate: "utf8mb4_bin" };
  return {
    types: typesOf(isMariaDB),
    // Blanks at the end of a name are not allowed.
    names: oddNames.map((name) => name.trimEnd()),
    name: quoted,
    checks: [
      ({ integers: [a], name }) => (a === undefined ? null : `${name(a)} > 0`),
      ({ integers: [a], name }) =>
        a === undefined
          ? null
          : isMariaDB
            ? `${name(a)} < 1000 and ${name(a)} <> 5`
            : `(${name(a)} < 1000) and (${name(a)} <> 5)`,
      ({ all: [a], name }) => (a === undefined ? null : `${name(a)} is not null`),
      () => (isMariaDB ? "1 = 1" : "1 = 1"),
    ],
    checkOptions: [{}],
    computations: [
      (name) => (isMariaDB ? `${name} * 2` : `(${name} * 2)`),
      (name) => (isMariaDB ? `abs(${name}) + 1` : `(abs(${name}) + 1)`),
    ],
    persisted: [true, false],
    indexes: [
      { parts: ({ keyable: [a, b] }) => (a === undefined ? null : b === undefined ? [a] : [a, b]) },
      { parts: ({ keyable: [a] }) => (a === undefined ? null : [a]), options: () => ({ unique: true }) },
      { parts: ({ keyable: [a, b] }) => (a === undefined ? null : b === undefined ? [a.desc()] : [a.desc(), b]) },
      {
        parts: ({ texts: [a] }) => (a === undefined ? null : [a]),
        options: ({ texts: [a] }) => ({ mysqlLength: { [a?.key as string]: 7 } }),
      },
      {
        parts: ({ texts: [a] }) => (a === undefined ? null : [a.desc()]),
        options: ({ texts: [a] }) => ({ mysqlLength: { [a?.key as string]: 3 } }),
      },
      { parts: ({ texts: [a] }) => (a === undefined ? null : [a]), options: () => ({ mysqlPrefix: "FULLTEXT" }) },
      ...(isMariaDB ? [] : expressionIndexes),
    ],
    tableOptions: [
      options,
      options,
      other,
      { ...options, mysqlRowFormat: "COMPRESSED", mysqlKeyBlockSize: "4" },
      { ...options, mysqlRowFormat: "DYNAMIC" },
    ],
    keyedTableOptions: [{}],
    numberedTableOptions: [{}],
    keyOptions: [{}],
    uniqueOptions: [{}],
    foreignKeyOptions: [
      {},
      { ondelete: "CASCADE" },
      { ondelete: "SET NULL", onupdate: "CASCADE" },
      { onupdate: "SET NULL" },
      ...(isMariaDB ? [] : [{ ondelete: "RESTRICT" }]),
    ],
    columnItems: [() => null],
    comments: true,
    uniquesAreIndexes: true,
    unnamed: { primaryKey: "always", unique: false, check: false, foreignKey: false },
  };
}
