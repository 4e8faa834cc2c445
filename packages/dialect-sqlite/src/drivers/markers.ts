/** Reads SQL text as far as its parameters and its end are concerned: past strings, quoted names and comments. */

const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[:@$][A-Za-z_]\w*|;/g;

/** The parameters of a statement. */
export interface Markers {
  /** How many positional `?` there are. */
  readonly count: number;
  /** Names without their first character; a numbered `?1` is named `?1`. */
  readonly names: readonly string[];
}

/** Finds the parameters of a statement. */
export function findMarkers(sql: string): Markers {
  let count = 0;
  const names = new Set<string>();
  for (const [text] of sql.matchAll(token)) {
    const first = text.charAt(0);
    if (text === "?") count++;
    else if (first === "?") names.add(text);
    else if (first === ":" || first === "@" || first === "$") names.add(text.slice(1));
  }
  return { count, names: [...names] };
}

/**
 * Position behind the semicolon that ends the first statement; the length of the text where there is none, and 0 where
 * there is no statement at all. A trigger's body holds semicolons of its own.
 */
export function statementEnd(sql: string): number {
  const bare = sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\s;]+/g, "");
  if (bare === "") return 0;
  if (/^\s*create\s+(?:temp\w*\s+)?trigger\b/i.test(sql)) return sql.length;
  for (const match of sql.matchAll(token)) if (match[0] === ";") return match.index + 1;
  return sql.length;
}
