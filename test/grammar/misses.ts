/** What the grammars take although the databases refuse it. */
import type { GatedDialect } from "./gate.ts";

/** One level of parentheses. */
interface Level {
  /** Begins with SELECT or WITH. */
  readonly query: boolean;
  top: boolean;
  offset: boolean;
  orderBy: boolean;
  xml: boolean;
}

/** Rules beyond the grammar; `words` are the tokens in upper case. */
export function misses(dialect: GatedDialect, words: readonly string[]): string[] {
  return dialect === "mssql" ? mssqlMisses(words) : oracleMisses(words);
}

function mssqlMisses(words: readonly string[]): string[] {
  const found: string[] = [];
  const levels: Level[] = [newLevel(words[0])];
  for (const [index, word] of words.entries()) {
    const level = levels.at(-1) as Level;
    const next = words[index + 1];
    if (word === "(") levels.push(newLevel(next));
    else if (word === ")") {
      levels.pop();
      if (level.query && level.orderBy && !level.top && !level.offset && !level.xml)
        found.push("ORDER BY in a subquery needs TOP or OFFSET");
      if (levels.length === 0) return [...found, "a parenthesis too many"];
    } else if (word === "TOP" && words[index - 1]?.match(/^(?:SELECT|DISTINCT|ALL)$/)) level.top = true;
    else if (word === "OFFSET") {
      level.offset = true;
      if (level.top) found.push("TOP together with OFFSET");
      if (!level.orderBy) found.push("OFFSET without ORDER BY");
    } else if (word === "||" || (word === "|" && next === "|")) found.push("|| is no operator");
    else if (word === ":" && next === ":") found.push(":: is no operator");
    else if (word === "::") found.push(":: is no operator");
    else if (word === "FOR" && next === "XML") level.xml = true;
    else if (word === "ORDER" && next === "BY") level.orderBy = true;
    else if (/^(?:UNION|EXCEPT|INTERSECT)$/.test(word)) level.top = false;
  }
  return found;
}

function oracleMisses(words: readonly string[]): string[] {
  const found: string[] = [];
  const returning = words.indexOf("RETURNING");
  if (returning >= 0 && !words.includes("INTO", returning)) found.push("RETURNING without INTO");
  for (const [index, word] of words.entries())
    if (word === "AS" && words[index + 1] === "TEXT" && words[index + 2] === ")") found.push("there is no type TEXT");
  return found;
}

function newLevel(first: string | undefined): Level {
  return { query: first === "SELECT" || first === "WITH", top: false, offset: false, orderBy: false, xml: false };
}
