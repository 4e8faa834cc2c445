/** What every new connection gets before its first statement: settings and functions, the same for both libraries. */
import { ArgumentError } from "@athanor/driver";
import type { SQLiteConnectOptions } from "../connect-options.ts";
import { defineAggregate, defineFunction } from "./callbacks.ts";
import type { NativeDatabase } from "./native.ts";

/** Applies the options to a database that was just opened; closes it where that fails. */
export function prepareSession(database: NativeDatabase, options: SQLiteConnectOptions): void {
  try {
    // SQLite's own default; the libraries are built with another. https://sqlite.org/foreignkeys.html#fk_enable
    setPragma(database, "foreign_keys", options.pragmas["foreign_keys"] ?? "off");
    for (const [name, value] of Object.entries(options.pragmas))
      if (name !== "foreign_keys") setPragma(database, name, value);
    defineFunction(database, "regexp", regexp);
    for (const [name, given] of Object.entries(options.functions ?? {})) defineFunction(database, name, given);
    for (const [name, given] of Object.entries(options.aggregates ?? {})) defineAggregate(database, name, given);
  } catch (error) {
    database.close();
    throw error;
  }
}

function setPragma(database: NativeDatabase, name: string, value: string | number | boolean): void {
  const text = String(value);
  if (!/^\w+$/.test(name) || !/^-?\w+$/.test(text)) throw new ArgumentError(`not a setting of SQLite: ${name}=${text}`);
  const statement = database.prepare(`PRAGMA ${name} = ${text}`);
  if (statement.isReader) statement.all([]);
  else statement.run([]);
}

let lastPattern = "";
let lastRegExp = /(?:)/;

/** `value REGEXP pattern`: JavaScript's regular expressions, found anywhere in the text. */
function regexp(pattern: unknown, value: unknown): number | null {
  if (pattern === null || value === null || pattern === undefined || value === undefined) return null;
  const text = String(pattern);
  if (text !== lastPattern) {
    lastRegExp = new RegExp(text, "u");
    lastPattern = text;
  }
  return lastRegExp.test(String(value)) ? 1 : 0;
}
