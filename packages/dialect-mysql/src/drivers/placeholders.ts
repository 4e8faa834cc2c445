/** Where the parameters of a statement stand, and what is written around those whose type a package cannot send. */

/** Positions of the question marks outside of strings, names and comments. */
export function placeholders(sql: string): number[] {
  const found: number[] = [];
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at] as string;
    if (char === "?") found.push(at);
    else if (char === "'" || char === '"' || char === "`") at = endOfQuoted(sql, at);
    else if (char === "#" || (char === "-" && /^--(?:\s|$)/.test(sql.slice(at, at + 3)))) at = endOf(sql, "\n", at);
    else if (char === "/" && sql[at + 1] === "*") at = endOf(sql, "*/", at);
  }
  return found;
}

function endOf(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from);
  return at < 0 ? sql.length : at + mark.length - 1;
}

/** Where a quoted string or identifier ends; behind the text where it does not. */
export function endOfQuoted(sql: string, start: number): number {
  const quote = sql[start] as string;
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === "\\" && quote !== "`") at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at;
      at++;
    }
  }
  return sql.length;
}

/**
 * Writes an expression around some of the parameters.
 *
 * @param around what stands before and behind each parameter; null leaves it alone.
 */
export function wrapParameters(sql: string, around: readonly (readonly [string, string] | null)[]): string {
  const positions = placeholders(sql);
  // Something that is not understood is left as it is.
  if (positions.length !== around.length) return sql;
  let text = "";
  let from = 0;
  positions.forEach((position, index) => {
    const wrap = around[index];
    if (wrap == null) return;
    text += `${sql.slice(from, position)}${wrap[0]}?${wrap[1]}`;
    from = position + 1;
  });
  return text + sql.slice(from);
}
