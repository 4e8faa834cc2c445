/**
 * Reads CREATE TABLE and CREATE INDEX as `sqlite_master` keeps them: names of constraints, CHECK, what no PRAGMA tells.
 * https://sqlite.org/lang_createtable.html
 */
import { type Token, TokenReader } from "./tokens.ts";

/** A PRIMARY KEY or UNIQUE constraint. */
export interface ParsedKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  /** What stands behind ON CONFLICT. */
  readonly onConflict: string | null;
}

/** A CHECK constraint. */
export interface ParsedCheck {
  readonly name: string | null;
  readonly sqltext: string;
  readonly onConflict: string | null;
}

/** A foreign key. */
export interface ParsedForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly table: string;
  /** Empty: the primary key of the other table. */
  readonly referred: readonly string[];
  readonly ondelete: string | null;
  readonly onupdate: string | null;
  readonly match: string | null;
  readonly deferrable: boolean | null;
  readonly initially: string | null;
}

/** What a column says beside its type. */
export interface ParsedColumn {
  readonly name: string;
  readonly collation: string | null;
  readonly computed: string | null;
  readonly notNullConflict: string | null;
}

/** A table. */
export interface ParsedTable {
  readonly columns: readonly ParsedColumn[];
  readonly primaryKey: ParsedKey | null;
  readonly uniques: readonly ParsedKey[];
  readonly checks: readonly ParsedCheck[];
  readonly foreignKeys: readonly ParsedForeignKey[];
  readonly autoincrement: boolean;
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

/** What is collected while a table is read. */
interface Draft {
  readonly columns: ParsedColumn[];
  primaryKey: ParsedKey | null;
  readonly uniques: ParsedKey[];
  readonly checks: ParsedCheck[];
  readonly foreignKeys: ParsedForeignKey[];
  autoincrement: boolean;
}

/** Reads a CREATE TABLE; null for virtual tables, which have no definition of this form. */
export function parseTable(sql: string): ParsedTable | null {
  const reader = new TokenReader(sql);
  if (!reader.takes("CREATE")) return null;
  if (!reader.takes("TEMP")) reader.takes("TEMPORARY");
  if (!reader.takes("TABLE")) return null;
  reader.takes("IF", "NOT", "EXISTS");
  reader.name();
  if (reader.takes(".")) reader.name();
  const body = reader.group();
  if (body === null) return null;
  const draft: Draft = {
    columns: [],
    primaryKey: null,
    uniques: [],
    checks: [],
    foreignKeys: [],
    autoincrement: false,
  };
  for (const item of body.split()) readItem(item, draft);
  const options = reader.rest.toUpperCase();
  return { ...draft, strict: /\bSTRICT\b/.test(options), withoutRowid: /\bWITHOUT\s+ROWID\b/.test(options) };
}

const constraintWords = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

function readItem(item: TokenReader, draft: Draft): void {
  const first = item.next;
  if (first === null) return;
  // These words are reserved: a column of such a name is quoted.
  if (first.kind !== "word" || !constraintWords.includes(first.value)) {
    readColumn(item, draft);
    return;
  }
  // Commas between table constraints may be left out.
  while (!item.done) {
    const name = item.takes("CONSTRAINT") ? item.name() : null;
    if (!readTableConstraint(item, name, draft)) item.take();
  }
}

function readTableConstraint(item: TokenReader, name: string | null, draft: Draft): boolean {
  if (item.takes("PRIMARY", "KEY")) {
    const group = item.group();
    if (group !== null) {
      const parts = group.split();
      draft.autoincrement ||= parts.some((part) => /\bAUTOINCREMENT\s*$/i.test(part.rest));
      draft.primaryKey = { name, columns: parts.map((part) => part.name()), onConflict: conflict(item) };
    }
    return true;
  }
  if (item.takes("UNIQUE")) {
    const group = item.group();
    if (group !== null)
      draft.uniques.push({ name, columns: group.split().map((part) => part.name()), onConflict: conflict(item) });
    return true;
  }
  if (item.takes("CHECK")) {
    const group = item.group();
    if (group !== null) draft.checks.push({ name, sqltext: group.rest, onConflict: conflict(item) });
    return true;
  }
  if (item.takes("FOREIGN", "KEY")) {
    const columns =
      item
        .group()
        ?.split()
        .map((part) => part.name()) ?? [];
    if (item.takes("REFERENCES")) draft.foreignKeys.push(readReferences(item, name, columns));
    return true;
  }
  return false;
}

/** Words that end the name of a column's type. */
const afterType = new Set([
  "CONSTRAINT",
  "PRIMARY",
  "NOT",
  "NULL",
  "UNIQUE",
  "CHECK",
  "DEFAULT",
  "COLLATE",
  "REFERENCES",
  "GENERATED",
  "AS",
]);

function readColumn(item: TokenReader, draft: Draft): void {
  const column = item.name();
  const found: { -readonly [K in keyof ParsedColumn]: ParsedColumn[K] } = {
    name: column,
    collation: null,
    computed: null,
    notNullConflict: null,
  };
  while (item.next !== null && !(item.next.kind === "word" && afterType.has(item.next.value)))
    if (item.group() === null) item.take();
  let name: string | null = null;
  while (!item.done) {
    if (item.takes("CONSTRAINT")) {
      name = item.name();
      continue;
    }
    if (item.takes("PRIMARY", "KEY")) {
      if (!item.takes("ASC")) item.takes("DESC");
      draft.primaryKey = { name, columns: [column], onConflict: conflict(item) };
      draft.autoincrement ||= item.takes("AUTOINCREMENT");
    } else if (item.takes("NOT", "NULL")) found.notNullConflict = conflict(item);
    else if (item.takes("UNIQUE")) draft.uniques.push({ name, columns: [column], onConflict: conflict(item) });
    else if (item.takes("CHECK")) {
      const group = item.group();
      if (group !== null) draft.checks.push({ name, sqltext: group.rest, onConflict: conflict(item) });
    } else if (item.takes("DEFAULT")) {
      if (!item.takes("+")) item.takes("-");
      if (item.group() === null) item.take();
    } else if (item.takes("COLLATE")) found.collation = item.name();
    else if (item.takes("REFERENCES")) draft.foreignKeys.push(readReferences(item, name, [column]));
    else if (item.takes("AS")) found.computed = item.group()?.rest ?? null;
    else item.take();
    name = null;
  }
  draft.columns.push(found);
}

/** ` ON CONFLICT word`, or nothing. */
function conflict(item: TokenReader): string | null {
  return item.takes("ON", "CONFLICT") ? (item.take()?.value ?? null) : null;
}

function readReferences(item: TokenReader, name: string | null, columns: readonly string[]): ParsedForeignKey {
  const table = item.name();
  const referred =
    item
      .group()
      ?.split()
      .map((part) => part.name()) ?? [];
  let ondelete: string | null = null;
  let onupdate: string | null = null;
  let match: string | null = null;
  let deferrable: boolean | null = null;
  let initially: string | null = null;
  for (;;) {
    if (item.takes("ON", "DELETE")) ondelete = action(item);
    else if (item.takes("ON", "UPDATE")) onupdate = action(item);
    else if (item.takes("MATCH")) match = item.name();
    else if (item.takes("NOT", "DEFERRABLE")) deferrable = false;
    else if (item.takes("DEFERRABLE")) deferrable = true;
    else if (item.takes("INITIALLY")) initially = item.take()?.value ?? null;
    else break;
  }
  return { name, columns, table, referred, ondelete, onupdate, match, deferrable, initially };
}

/** What is done ON DELETE or ON UPDATE; null for what is done anyway. */
function action(item: TokenReader): string | null {
  if (item.takes("NO", "ACTION")) return null;
  const first = item.take() as Token;
  return first.value === "SET" ? `SET ${item.take()?.value}` : first.value;
}

/** One part of an index. */
export interface ParsedIndexPart {
  /** The text without ASC and DESC. */
  readonly text: string;
  /** The column, where it is nothing but one. */
  readonly column: string | null;
  readonly desc: boolean;
}

/** An index. */
export interface ParsedIndex {
  readonly parts: readonly ParsedIndexPart[];
  readonly where: string | null;
}

/** Reads a CREATE INDEX. */
export function parseIndex(sql: string): ParsedIndex | null {
  const reader = new TokenReader(sql);
  if (!reader.takes("CREATE")) return null;
  reader.takes("UNIQUE");
  if (!reader.takes("INDEX")) return null;
  reader.takes("IF", "NOT", "EXISTS");
  reader.name();
  if (reader.takes(".")) reader.name();
  if (!reader.takes("ON")) return null;
  reader.name();
  const parts = reader.group()?.split().map(readPart);
  if (parts === undefined) return null;
  return { parts, where: reader.takes("WHERE") ? reader.rest : null };
}

function readPart(part: TokenReader): ParsedIndexPart {
  const [, text = part.rest, order] = /^(.*?)\s+(ASC|DESC)$/is.exec(part.rest) ?? [];
  const alone = new TokenReader(text);
  const first = alone.take();
  const isColumn = alone.done && first !== null && (first.kind === "name" || first.kind === "word");
  return {
    text,
    column: isColumn ? (first.kind === "word" ? first.text : first.value) : null,
    desc: order?.toUpperCase() === "DESC",
  };
}
