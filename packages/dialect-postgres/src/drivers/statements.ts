/** Statements that the server has prepared for one connection: a bounded store, oldest out first. */
import type { PreparedStatements } from "../connect-options.ts";
import type { RowLayout } from "./row-layout.ts";

/** A statement that was executed before. */
export interface KnownStatement {
  /** Its name on the server; null while it was not prepared. */
  name: string | null;
  /** Known after the first execution under the name; null for statements without rows. */
  layout: RowLayout | null | undefined;
}

/** Texts longer than this are not kept. */
const longestText = 100_000;

/** The statements of a connection. */
export class StatementStore {
  readonly #known = new Map<string, KnownStatement>();
  readonly #size: number;
  #policy: PreparedStatements;
  #names = 0;
  #prepared = 0;
  /** Names that the server may forget; closed with the next statement. */
  readonly toClose: string[] = [];

  constructor(policy: PreparedStatements, size: number) {
    this.#policy = size > 0 ? policy : "off";
    this.#size = size;
  }

  get policy(): PreparedStatements {
    return this.#policy;
  }

  /** Named statements at the moment. */
  get size(): number {
    return this.#prepared;
  }

  /** Forgets everything and prepares nothing any more: something in between loses named statements. */
  giveUp(): void {
    this.#policy = "off";
    this.clear();
  }

  /** Forgets everything, e.g. after DISCARD ALL. */
  clear(): void {
    this.#known.clear();
    this.#prepared = 0;
    this.toClose.length = 0;
  }

  /** Forgets every statement: what they return may have changed. The server closes them. */
  forgetAll(): void {
    for (const { name } of this.#known.values()) if (name !== null) this.toClose.push(name);
    this.#known.clear();
    this.#prepared = 0;
  }

  /** Forgets one statement; the server closes it, if it knows it. */
  forget(sql: string): void {
    const known = this.#known.get(sql);
    if (known === undefined) return;
    this.#known.delete(sql);
    if (known.name === null) return;
    this.#prepared--;
    this.toClose.push(known.name);
  }

  /** How a text is to be executed: under a name that is known, under a new one, or without; null: without. */
  find(sql: string): KnownStatement | null {
    if (this.#policy === "off" || sql.length > longestText) return null;
    const known = this.#known.get(sql);
    if (known !== undefined) {
      if (known.name === null) {
        known.name = this.#newName();
        known.layout = undefined;
      }
      // The one used last stands last.
      if (this.#known.size >= this.#size) {
        this.#known.delete(sql);
        this.#known.set(sql, known);
      }
      return known;
    }
    const entry: KnownStatement = { name: this.#policy === "named" ? this.#newName() : null, layout: undefined };
    this.#known.set(sql, entry);
    if (this.#known.size > this.#size) this.#evict();
    return entry.name === null ? null : entry;
  }

  #newName(): string {
    this.#prepared++;
    return `athanor_${++this.#names}`;
  }

  #evict(): void {
    const [oldest] = this.#known.keys();
    this.forget(oldest as string);
  }
}
