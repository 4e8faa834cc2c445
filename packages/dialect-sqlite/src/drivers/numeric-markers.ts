/**
 * Finds the parameters for which a number may go as REAL: SQLite turns it into the INTEGER that it is where it is stored in
 * a column of numeric affinity, or compared with one. Binding an INTEGER takes a bigint, which costs more than all the
 * rest of a parameter.  https://sqlite.org/datatype3.html#type_conversions_prior_to_comparison
 */
import { sqliteIdentifiers } from "../quoting.ts";

/** Declared types of a table's columns by lower-case name; null for no such table. */
export type DeclaredColumns = (table: string) => ReadonlyMap<string, string> | null;

const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|<=|>=|<>|!=|==|\|\||\S/g;

/** What may stand before a comparison and behind it, so that it is one between a column and a parameter and no more. */
const before: ReadonlySet<string> = new Set(["where", "and", "or", "on", "not", "(", "having", "when"]);
const behind: ReadonlySet<string> = new Set([
  "",
  ")",
  "and",
  "or",
  "order",
  "group",
  "limit",
  "returning",
  "then",
  ";",
]);
const comparisons: ReadonlySet<string> = new Set(["=", "==", "<", "<=", ">", ">=", "<>", "!="]);

/** One flag per positional parameter; null where numbers have to be looked at everywhere. */
export function findNumericMarkers(sql: string, declared: DeclaredColumns): readonly boolean[] | null {
  const reader = new Reader(sql, declared);
  if (reader.has("with") || !reader.has("?")) return null;
  const flags = reader.read();
  return flags.includes(true) ? flags : null;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #flags: boolean[] = [];
  readonly #safe = new Set<number>();
  readonly #declared: DeclaredColumns;
  readonly #known = new Map<string, ReadonlyMap<string, string> | null>();

  constructor(sql: string, declared: DeclaredColumns) {
    this.#declared = declared;
    this.#tokens = [...sql.matchAll(token)]
      .map(([text]) => (/^[A-Za-z]/.test(text) ? text.toLowerCase() : text))
      .filter((text) => !/^(?:--|\/\*)/.test(text));
  }

  has(word: string): boolean {
    return this.#tokens.includes(word);
  }

  read(): readonly boolean[] {
    const first = this.#at(0);
    if (first === "insert" || first === "replace") this.#readInsert();
    else if (first === "update") this.#readUpdate();
    this.#readComparisons();
    this.#tokens.forEach((text, index) => {
      if (text === "?") this.#flags.push(this.#safe.has(index));
    });
    return this.#flags;
  }

  #at(index: number): string {
    return this.#tokens[index] ?? "";
  }

  /** `INSERT INTO table (a, b) VALUES (?, ?), …` */
  #readInsert(): void {
    const into = this.#tokens.indexOf("into");
    const table = nameOf(this.#at(into + 1));
    let index = into + 2;
    if (into < 0 || table === null || this.#at(index) !== "(") return;
    const columns: (string | null)[] = [];
    for (index++; this.#at(index) !== ")" && index < this.#tokens.length; index++) {
      if (this.#at(index) !== ",") columns.push(nameOf(this.#at(index)));
    }
    if (this.#at(++index) !== "values") return;
    while (this.#at(++index) === "(") {
      index = this.#readRow(index, table, columns);
      if (this.#at(index + 1) !== ",") return;
      index++;
    }
  }

  /** Marks the parameters of one row that stand alone; gives the position of its closing parenthesis. */
  #readRow(open: number, table: string, columns: readonly (string | null)[]): number {
    let depth = 1;
    let position = 0;
    let index = open;
    while (depth > 0 && ++index < this.#tokens.length) {
      const text = this.#at(index);
      if (text === "(") depth++;
      else if (text === ")") depth--;
      else if (text === "," && depth === 1) position++;
      else if (
        text === "?" &&
        depth === 1 &&
        (this.#at(index - 1) === "," || index - 1 === open) &&
        (this.#at(index + 1) === "," || this.#at(index + 1) === ")")
      ) {
        const column = columns[position];
        if (column && this.#isNumeric(table, column)) this.#safe.add(index);
      }
    }
    return index;
  }

  /** `UPDATE table SET a=?, b=? …` */
  #readUpdate(): void {
    const table = nameOf(this.#at(1));
    if (table === null || this.#at(2) !== "set") return;
    let depth = 0;
    for (let index = 3; index < this.#tokens.length; index++) {
      const text = this.#at(index);
      if (text === "(") depth++;
      else if (text === ")") depth--;
      else if (depth === 0 && (text === "where" || text === "from" || text === "returning")) return;
      else if (
        text === "?" &&
        depth === 0 &&
        this.#at(index - 1) === "=" &&
        [",", "", "where", "from", "returning"].includes(this.#at(index + 1))
      ) {
        const column = nameOf(this.#at(index - 2));
        if (
          column !== null &&
          (this.#at(index - 3) === "," || this.#at(index - 3) === "set") &&
          this.#isNumeric(table, column)
        )
          this.#safe.add(index);
      }
    }
  }

  /** `table.column = ?`, `table.column IN (?, ?)`, `LIMIT ?`, `OFFSET ?` */
  #readComparisons(): void {
    for (let index = 0; index < this.#tokens.length; index++) {
      const previous = this.#at(index - 1);
      if (this.#at(index) === "?") {
        if ((previous === "limit" || previous === "offset") && ["", ")", "offset", ";"].includes(this.#at(index + 1)))
          this.#safe.add(index);
        else if (comparisons.has(previous) && behind.has(this.#at(index + 1)) && this.#isNumericColumn(index - 2))
          this.#safe.add(index);
      } else if (this.#at(index) === "(" && previous === "in") {
        const left = this.#at(index - 2) === "not" ? index - 3 : index - 2;
        const end = this.#endOfList(index);
        if (end > 0 && this.#isNumericColumn(left))
          for (let member = index + 1; member < end; member += 2) this.#safe.add(member);
      }
    }
  }

  /** Position of the parenthesis behind `(?, ?`; 0 where something else is in the list. */
  #endOfList(open: number): number {
    for (let index = open + 1; ; index += 2) {
      if (this.#at(index) !== "?") return 0;
      if (this.#at(index + 1) === ")") return index + 1;
      if (this.#at(index + 1) !== ",") return 0;
    }
  }

  /** Whether `table.column` ends here, with nothing before it that would be part of the comparison. */
  #isNumericColumn(index: number): boolean {
    const column = nameOf(this.#at(index));
    const table = nameOf(this.#at(index - 2));
    if (column === null || table === null || this.#at(index - 1) !== "." || !before.has(this.#at(index - 3)))
      return false;
    return !this.#isAlias(table) && this.#isNumeric(table, column);
  }

  /** Whether the statement gives the name to something: behind AS, another name, or a parenthesis. */
  #isAlias(name: string): boolean {
    return this.#tokens.some((text, index) => {
      if (index === 0 || nameOf(text) !== name) return false;
      const previous = this.#at(index - 1);
      return previous === "as" || previous === ")" || nameOf(previous) !== null;
    });
  }

  #isNumeric(table: string, column: string): boolean {
    let columns = this.#known.get(table);
    if (columns === undefined) {
      columns = this.#declared(table);
      this.#known.set(table, columns);
    }
    const type = columns?.get(column);
    return type !== undefined && hasNumericAffinity(type);
  }
}

/** The name in lower case that a token is; null for keywords, operators, strings and the rest. */
function nameOf(text: string): string | null {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"').toLowerCase();
  return /^[A-Za-z_\u0080-\uffff]/.test(text) && !sqliteIdentifiers.reserved.has(text) ? text : null;
}

/** SQLite's rule from the declared type to the affinity: INTEGER, REAL or NUMERIC, against TEXT or none. */
export function hasNumericAffinity(declared: string): boolean {
  const type = declared.toUpperCase();
  if (type.includes("INT")) return true;
  // In STRICT tables, ANY is no affinity at all.
  return type !== "" && type !== "ANY" && !/CHAR|CLOB|TEXT|BLOB/.test(type);
}
