/**
 * Statements with many parameters in a form that the server parses and the client writes faster: columns of an INSERT and
 * lists of IN travel as one array each. What events and logs show is the statement as it was given. Knows no driver.
 */

import { arrayedLists } from "./arrayed-lists.ts";
import { batchColumns, bulkBatch } from "./bulk-insert.ts";
import { itemText, type SentValue } from "./parameters.ts";

/** Statements with fewer parameters go as they are. */
export const fewParameters = 64;
const keptForms = 32;

/** How a statement is sent. */
export interface ShortStatement {
  readonly sql: string;
  readonly values: readonly SentValue[];
  /** Is planned for its very values each time: the server must see how long its lists are. */
  readonly isUnnamed: boolean;
}

/** Makes the values of a form; null where one is no plain value. */
interface ShortForm {
  readonly sql: string;
  readonly isUnnamed: boolean;
  readonly values: (parameters: readonly unknown[]) => readonly SentValue[] | null;
}

/** The short forms of one connection's statements, by their text. */
export class ShortForms {
  readonly #known = new Map<string, ShortForm | null>();

  /** The short form of a statement with these parameters; null where there is none. */
  of(sql: string, parameters: readonly unknown[]): ShortStatement | null {
    let form = this.#known.get(sql);
    if (form === undefined) {
      form = formOf(sql);
      if (this.#known.size >= keptForms) this.#known.clear();
      this.#known.set(sql, form);
    }
    if (form === null) return null;
    const values = form.values(parameters);
    return values === null ? null : { sql: form.sql, values, isUnnamed: form.isUnnamed };
  }
}

function formOf(sql: string): ShortForm | null {
  if (sql.startsWith("INSERT")) {
    const bulk = bulkBatch(sql);
    if (bulk === null) return null;
    const { width } = bulk;
    return { sql: bulk.sql, isUnnamed: false, values: (parameters) => batchColumns(parameters, width, itemText) };
  }
  const lists = arrayedLists(sql);
  return lists === null ? null : { sql: lists.sql, isUnnamed: true, values: lists.values };
}
