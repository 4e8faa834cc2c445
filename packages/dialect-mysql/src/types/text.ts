/** MySQL's text types: character set, collation and the old attributes ASCII, UNICODE, BINARY and NATIONAL. */
import { defineVisitName, type StringOptions, StringType, Text } from "@athanor/core";
import { splitArguments } from "./arguments.ts";

/** What text columns can have on MySQL. */
export interface CharacterOptions {
  /** `CHARACTER SET name` */
  readonly charset?: string | undefined;
  /** `ASCII`: latin1. */
  readonly ascii?: boolean | undefined;
  /** `UNICODE`: ucs2. */
  readonly unicode?: boolean | undefined;
  /** `BINARY`: the binary collation of the character set. */
  readonly binary?: boolean | undefined;
  /** `NATIONAL`: the server's national character set. */
  readonly national?: boolean | undefined;
}

/** Options of the text types. */
export interface TextOptions extends StringOptions, CharacterOptions {}

/** Arguments of the text factories. */
export type TextArgs =
  | readonly [length?: number | null]
  | readonly [length: number | null | undefined, options: TextOptions]
  | readonly [options: TextOptions];

/** Own attributes of a text type, taken from a trailing options object. */
export function characterOptions(
  args: readonly unknown[],
): Required<{ [K in keyof CharacterOptions]: Exclude<CharacterOptions[K], undefined> | undefined }> {
  const [, options] = splitArguments<CharacterOptions>(args);
  return {
    charset: options.charset,
    ascii: options.ascii,
    unicode: options.unicode,
    binary: options.binary,
    national: options.national,
  };
}

/** Base of CHAR, VARCHAR and their national forms. */
export abstract class CharacterType extends StringType implements CharacterOptions {
  readonly charset: string | undefined;
  readonly ascii: boolean | undefined;
  readonly unicode: boolean | undefined;
  readonly binary: boolean | undefined;
  readonly national: boolean | undefined;

  constructor(...args: (number | null | undefined | TextOptions)[]) {
    super(...args);
    Object.assign(this, characterOptions(args));
  }
}

/** VARCHAR(length). */
export class MySQLVarChar extends CharacterType {}
defineVisitName(MySQLVarChar, "VARCHAR");

/** CHAR(length). */
export class MySQLChar extends CharacterType {}
defineVisitName(MySQLChar, "CHAR");

/** NATIONAL VARCHAR(length). */
export class MySQLNVarChar extends CharacterType {}
defineVisitName(MySQLNVarChar, "NVARCHAR");

/** NATIONAL CHAR(length). */
export class MySQLNChar extends CharacterType {}
defineVisitName(MySQLNChar, "NCHAR");

/** Base of the TEXT family. */
abstract class LongTextType extends Text implements CharacterOptions {
  readonly charset: string | undefined;
  readonly ascii: boolean | undefined;
  readonly unicode: boolean | undefined;
  readonly binary: boolean | undefined;
  readonly national: boolean | undefined;

  constructor(...args: (number | null | undefined | TextOptions)[]) {
    super(...args);
    Object.assign(this, characterOptions(args));
  }
}

/** TEXT, up to 2^16 - 1 bytes; with a length, the smallest of the family that holds it. */
export class MySQLText extends LongTextType {}
defineVisitName(MySQLText, "TEXT");

/** TINYTEXT, up to 255 bytes. */
export class MySQLTinyText extends LongTextType {}
defineVisitName(MySQLTinyText, "TINYTEXT");

/** MEDIUMTEXT, up to 2^24 - 1 bytes. */
export class MySQLMediumText extends LongTextType {}
defineVisitName(MySQLMediumText, "MEDIUMTEXT");

/** LONGTEXT, up to 2^32 - 1 bytes. */
export class MySQLLongText extends LongTextType {}
defineVisitName(MySQLLongText, "LONGTEXT");

/** MariaDB's INET4 and INET6: text on the way in and out. */
export class MariaDBInet4 extends StringType {}
defineVisitName(MariaDBInet4, "INET4");

/** An IPv6 address. */
export class MariaDBInet6 extends StringType {}
defineVisitName(MariaDBInet6, "INET6");
