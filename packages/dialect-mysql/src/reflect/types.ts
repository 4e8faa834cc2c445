/** From `COLUMN_TYPE` to our types: `int(10) unsigned`, `enum('a','it''s')`, `varchar(20)`. */
import { type SqlType, t, warn } from "@athanor/core";
import * as my from "../types/factories.ts";

/** The character set and the collation of a column, where they are not the table's. */
export interface CharacterDetails {
  readonly charset?: string;
  readonly collation?: string;
}

interface Declared {
  readonly numbers: readonly number[];
  readonly values: readonly string[];
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  readonly characters: CharacterDetails;
}

/** Widths that the server writes where none was given: they say nothing. */
const usualWidths: Readonly<Record<string, readonly [signed: number, unsigned: number]>> = {
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
};

const integer =
  (name: string, make: (options: object) => SqlType) =>
  ({ numbers: [width], unsigned, zerofill }: Declared): SqlType => {
    const usual = usualWidths[name]?.[unsigned ? 1 : 0];
    const displayWidth = width === undefined || (width === usual && !zerofill) ? {} : { displayWidth: width };
    return make({ ...displayWidth, ...signs(unsigned, zerofill) });
  };

function signs(unsigned: boolean, zerofill: boolean): { unsigned?: boolean; zerofill?: boolean } {
  return { ...(unsigned ? { unsigned } : {}), ...(zerofill ? { zerofill } : {}) };
}

const decimal =
  (make: (...args: never[]) => SqlType) =>
  ({ numbers, unsigned, zerofill }: Declared): SqlType =>
    make(...([...numbers, signs(unsigned, zerofill)] as never[]));

const text =
  (make: (...args: never[]) => SqlType) =>
  ({ numbers: [length], characters }: Declared): SqlType =>
    make(...([...(length === undefined ? [] : [length]), characters] as never[]));

const bytes =
  (make: (length?: number) => SqlType) =>
  ({ numbers: [length] }: Declared): SqlType =>
    length === undefined ? make() : make(length);

const moment =
  (make: (options?: { fsp?: number }) => SqlType) =>
  ({ numbers: [fsp] }: Declared): SqlType =>
    fsp === undefined ? make() : make({ fsp });

const list =
  (make: (...args: never[]) => SqlType) =>
  ({ values, characters }: Declared): SqlType =>
    make(...([...values, characters] as never[]));

const makers: Readonly<Record<string, (declared: Declared) => SqlType>> = {
  tinyint: integer("tinyint", (options) => my.TINYINT(options)),
  smallint: integer("smallint", (options) => my.SMALLINT(options)),
  mediumint: integer("mediumint", (options) => my.MEDIUMINT(options)),
  int: integer("int", (options) => my.INTEGER(options)),
  bigint: integer("bigint", (options) => my.BIGINT(options)),
  decimal: decimal(my.DECIMAL as never),
  float: decimal(my.FLOAT as never),
  double: decimal(my.DOUBLE as never),
  bit: bytes((length) => my.BIT(length)),
  char: text(my.CHAR as never),
  varchar: text(my.VARCHAR as never),
  tinytext: text(my.TINYTEXT as never),
  text: text(my.TEXT as never),
  mediumtext: text(my.MEDIUMTEXT as never),
  longtext: text(my.LONGTEXT as never),
  binary: bytes((length) => (length === undefined ? my.BINARY() : my.BINARY(length))),
  varbinary: bytes((length) => (length === undefined ? my.VARBINARY() : my.VARBINARY(length))),
  tinyblob: () => my.TINYBLOB(),
  blob: () => my.BLOB(),
  mediumblob: () => my.MEDIUMBLOB(),
  longblob: () => my.LONGBLOB(),
  enum: list(my.ENUM as never),
  set: ({ values, characters }) =>
    my.SET(...([...values, { ...characters, ...(values.includes("") ? { retrieveAsBitwise: true } : {}) }] as never[])),
  date: () => my.DATE(),
  time: moment((options) => my.TIME(options)),
  datetime: moment((options) => my.DATETIME(options)),
  timestamp: moment((options) => my.TIMESTAMP(options)),
  year: () => my.YEAR(),
  json: () => my.JSON(),
  uuid: () => t.UUID(),
  inet4: () => my.INET4(),
  inet6: () => my.INET6(),
};

/** The type of a column. */
export function typeOfDeclaration(declared: string, characters: CharacterDetails): SqlType {
  const [, name = "", args, attributes = ""] =
    /^\s*(\w+)(?:\s*\(((?:'(?:[^'\\]|''|\\.)*'|[^')])*)\))?([\w\s]*)/s.exec(declared) ?? [];
  const make = makers[name.toLowerCase()];
  if (make === undefined) {
    warn(`Did not recognize type '${declared}' of the database`);
    return t.null();
  }
  const isList = args?.startsWith("'") === true;
  return make({
    numbers: args === undefined || isList ? [] : args.split(",").map(Number),
    values: isList ? listValues(args) : [],
    unsigned: /\bunsigned\b/i.test(attributes),
    zerofill: /\bzerofill\b/i.test(attributes),
    characters,
  });
}

const escapes: Readonly<Record<string, string>> = { "0": "\0", n: "\n", r: "\r", t: "\t", Z: "\x1a" };

/** `'a','it''s'` */
function listValues(text: string): string[] {
  return [...text.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)].map(([, value = ""]) =>
    value.replaceAll(/''|\\(.)/gs, (pair, letter: string | undefined) =>
      letter === undefined ? pair.charAt(0) : (escapes[letter] ?? letter),
    ),
  );
}
