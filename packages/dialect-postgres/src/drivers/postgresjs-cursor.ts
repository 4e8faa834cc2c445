/**
 * Rows that stay on the server. postgres.js's own cursors keep their connection to themselves, so these are SQL's: DECLARE,
 * FETCH, CLOSE. Outside of a transaction the cursor has one of its own.
 */
import type { ColumnDescription, DriverResult } from "@athanor/driver";
import { ignore, type SentStatement } from "./connection.ts";
import { type Portion, PortionCursor } from "./portions.ts";

/** What a cursor asks of its connection. */
export interface CursorOwner {
  execute(statement: SentStatement): Promise<DriverResult>;
  script(sql: string): Promise<DriverResult>;
  hasFailed(): boolean;
  isLost(): boolean;
  /** A cursor outside of a transaction has ended. */
  released(): void;
}

/** A statement that DECLARE takes: a query that changes nothing. */
function isQuery(sql: string): boolean {
  if (/^[\s(]*(?:SELECT|VALUES|TABLE)\b/i.test(sql)) return true;
  return /^\s*WITH\b/i.test(sql) && !/\b(?:INSERT|UPDATE|DELETE|MERGE)\b/i.test(sql);
}

/** Opens a cursor; statements that no cursor can be declared for (INSERT … RETURNING) are run to their end. */
export async function openCursor(
  owner: CursorOwner,
  statement: SentStatement,
  name: string,
  size: number,
  inTransaction: boolean,
): Promise<PortionCursor> {
  if (!isQuery(statement.sql)) {
    try {
      const { columns, rows } = await owner.execute(statement);
      return new BufferedCursor(columns ?? [], { rows, isLast: true });
    } finally {
      if (!inTransaction) owner.released();
    }
  }
  const { textColumns, prelude } = statement;
  try {
    await owner.execute({
      ...statement,
      sql: `DECLARE ${name} NO SCROLL CURSOR FOR ${statement.sql}`,
      textColumns: undefined,
      prelude: inTransaction ? prelude : { ...prelude, begin: "BEGIN" },
    });
    const fetch = new Fetch(owner, name, textColumns);
    const first = await fetch.rows(size);
    return new DeclaredCursor(owner, fetch, first, name, !inTransaction);
  } catch (error) {
    if (!inTransaction) await endTransaction(owner);
    throw error;
  }
}

async function endTransaction(owner: CursorOwner): Promise<void> {
  if (!owner.isLost()) await owner.script(owner.hasFailed() ? "ROLLBACK" : "COMMIT").catch(ignore);
  owner.released();
}

/** Reads portions of a declared cursor. */
class Fetch {
  readonly #owner: CursorOwner;
  readonly #name: string;
  readonly #textColumns: readonly number[] | undefined;

  constructor(owner: CursorOwner, name: string, textColumns: readonly number[] | undefined) {
    this.#owner = owner;
    this.#name = name;
    this.#textColumns = textColumns;
  }

  async rows(size: number): Promise<Portion & { readonly columns: readonly ColumnDescription[] }> {
    const { columns, rows } = await this.#owner.execute({
      sql: `FETCH ${size} FROM ${this.#name}`,
      values: [],
      prelude: { begin: null, close: [] },
      textColumns: this.#textColumns,
    });
    return { columns: columns ?? [], rows, isLast: rows.length < size };
  }
}

/** Rows that are all there. */
class BufferedCursor extends PortionCursor {
  protected fetch(): Promise<Portion> {
    return Promise.resolve({ rows: [], isLast: true });
  }

  protected end(): Promise<void> {
    return Promise.resolve();
  }
}

class DeclaredCursor extends PortionCursor {
  readonly #owner: CursorOwner;
  readonly #fetch: Fetch;
  readonly #name: string;
  readonly #isAlone: boolean;

  constructor(
    owner: CursorOwner,
    fetch: Fetch,
    first: Portion & { readonly columns: readonly ColumnDescription[] },
    name: string,
    isAlone: boolean,
  ) {
    super(first.columns, first);
    this.#owner = owner;
    this.#fetch = fetch;
    this.#name = name;
    this.#isAlone = isAlone;
  }

  protected fetch(size: number): Promise<Portion> {
    return this.#fetch.rows(size);
  }

  protected async end(): Promise<void> {
    if (this.#isAlone) await endTransaction(this.#owner);
    else if (!this.#owner.hasFailed() && !this.#owner.isLost()) await this.#owner.script(`CLOSE ${this.#name}`);
  }
}
