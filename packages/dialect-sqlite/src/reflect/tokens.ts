/** SQLite's SQL in tokens, for reading CREATE statements back from `sqlite_master`.  https://sqlite.org/lang.html */

/** A token. */
export interface Token {
  /** Quoted names are names; `mark` is punctuation. */
  readonly kind: "word" | "name" | "string" | "number" | "mark";
  /** Words in upper case, names and strings without their quotes, anything else as it stands. */
  readonly value: string;
  /** Words as they stand. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const pattern =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<string>[xX]?'(?:[^']|'')*')|(?<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\w*)|(?<word>[\p{L}_$\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*)|(?<mark>[\s\S])/gu;

/** The tokens of a statement, without blanks and comments. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(pattern)) {
    const { blank, name, string, number, word } = match.groups as Record<string, string | undefined>;
    if (blank !== undefined) continue;
    const [text] = match;
    const place = { text, start: match.index, end: match.index + text.length };
    if (name !== undefined) tokens.push({ kind: "name", value: unquote(name), ...place });
    else if (string !== undefined) tokens.push({ kind: "string", value: unquote(string), ...place });
    else if (number !== undefined) tokens.push({ kind: "number", value: number, ...place });
    else if (word !== undefined) tokens.push({ kind: "word", value: word.toUpperCase(), ...place });
    else tokens.push({ kind: "mark", value: text, ...place });
  }
  return tokens;
}

function unquote(text: string): string {
  const quote = text[0] as string;
  if (quote === "[") return text.slice(1, -1);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

/** Walks along the tokens of one statement. */
export class TokenReader {
  readonly sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  readonly #end: number;

  constructor(sql: string, tokens: readonly Token[] = tokenize(sql), start = 0, end = tokens.length) {
    this.sql = sql;
    this.#tokens = tokens;
    this.#at = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** The next token, which stays. */
  get next(): Token | null {
    return this.#at < this.#end ? (this.#tokens[this.#at] as Token) : null;
  }

  take(): Token | null {
    const token = this.next;
    if (token !== null) this.#at++;
    return token;
  }

  /** Whether the next tokens are these words or marks. */
  sees(...values: readonly string[]): boolean {
    return values.every((value, offset) => {
      const token = this.#at + offset < this.#end ? this.#tokens[this.#at + offset] : undefined;
      return token !== undefined && (token.kind === "word" || token.kind === "mark") && token.value === value;
    });
  }

  /** Takes the next tokens if they are these words or marks. */
  takes(...values: readonly string[]): boolean {
    if (!this.sees(...values)) return false;
    this.#at += values.length;
    return true;
  }

  /** A name: quoted, as a string, or a word as it stands. */
  name(): string {
    const token = this.take();
    return token === null ? "" : token.kind === "word" ? token.text : token.value;
  }

  /** What stands between the next parentheses; null where there are none. */
  group(): TokenReader | null {
    if (!this.sees("(")) return null;
    const start = this.#at + 1;
    let depth = 0;
    for (; this.#at < this.#end; this.#at++) {
      const { kind, value } = this.#tokens[this.#at] as Token;
      if (kind !== "mark") continue;
      if (value === "(") depth++;
      else if (value === ")" && --depth === 0) break;
    }
    return new TokenReader(this.sql, this.#tokens, start, this.#at++);
  }

  /** The text of what is left. */
  get rest(): string {
    const first = this.next;
    if (first === null) return "";
    return this.sql.slice(first.start, (this.#tokens[this.#end - 1] as Token).end);
  }

  /** Cuts what is left at its commas. */
  split(): TokenReader[] {
    const parts: TokenReader[] = [];
    let depth = 0;
    let start = this.#at;
    for (; this.#at < this.#end; this.#at++) {
      const { kind, value } = this.#tokens[this.#at] as Token;
      if (kind !== "mark") continue;
      if (value === "(") depth++;
      else if (value === ")") depth--;
      else if (value === "," && depth === 0) {
        parts.push(new TokenReader(this.sql, this.#tokens, start, this.#at));
        start = this.#at + 1;
      }
    }
    if (start < this.#end) parts.push(new TokenReader(this.sql, this.#tokens, start, this.#end));
    return parts;
  }

  /** The text of the tokens from the one taken first until now. */
  textFrom(first: Token): string {
    return this.sql.slice(first.start, (this.#tokens[this.#at - 1] as Token).end);
  }
}
