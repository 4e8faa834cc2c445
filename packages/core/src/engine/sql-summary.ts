/** What a statement does, read off its text: for monitoring, where the verb and the first table are enough. */

/** Verb and table of a statement. */
export interface SqlSummary {
  /** The first word, in capitals. */
  readonly operation: string;
  /** The table or other object that is named behind it; null where there is none, or several. */
  readonly collection: string | null;
}

const known = new Map<string, SqlSummary>();
const most = 500;

/** Describes a statement; kept by text. */
export function describeSql(sql: string): SqlSummary {
  let summary = known.get(sql);
  if (summary === undefined) {
    summary = read(sql);
    if (known.size >= most) known.clear();
    known.set(sql, summary);
  }
  return summary;
}

const name = String.raw`(?:"(?:[^"]|"")+"|\`[^\`]+\`|\[[^\]]+\]|[\w$]+)`;
const path = `${name}(?:\\.${name})*`;
const patterns: Readonly<Record<string, RegExp>> = {
  INSERT: new RegExp(`^INSERT\\b[^(]*?\\bINTO\\s+(${path})`, "i"),
  REPLACE: new RegExp(`^REPLACE\\s+INTO\\s+(${path})`, "i"),
  UPDATE: new RegExp(`^UPDATE\\s+(?:ONLY\\s+)?(${path})`, "i"),
  DELETE: new RegExp(`^DELETE\\s+FROM\\s+(?:ONLY\\s+)?(${path})`, "i"),
  MERGE: new RegExp(`^MERGE\\s+INTO\\s+(${path})`, "i"),
  SELECT: new RegExp(`\\bFROM\\s+(${path})(?![\\w.(])`, "i"),
  CREATE: new RegExp(`^CREATE\\s+(?:[A-Z]+\\s+)*?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${path})`, "i"),
  DROP: new RegExp(`^DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?(${path})`, "i"),
  ALTER: new RegExp(`^ALTER\\s+TABLE\\s+(${path})`, "i"),
};

function read(given: string): SqlSummary {
  const sql = given.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
  const operation = (/^[A-Za-z]+/.exec(sql)?.[0] ?? "").toUpperCase();
  const pattern = Object.hasOwn(patterns, operation) ? patterns[operation] : undefined;
  const found = pattern?.exec(sql)?.[1];
  const isOne = operation !== "SELECT" || !hasSeveral(sql);
  return { operation, collection: found === undefined || !isOne ? null : unquoted(found) };
}

/** Joins and set operations name more than one table. */
function hasSeveral(sql: string): boolean {
  return (
    /\bJOIN\b|\b(?:UNION|INTERSECT|EXCEPT)\b/i.test(sql) ||
    (sql.match(/\bFROM\b/gi)?.length ?? 0) > 1 ||
    /\bFROM\s+[^()]*?,/i.test(sql.split(/\bWHERE\b|\bORDER BY\b|\bGROUP BY\b|\bLIMIT\b/i)[0] ?? "")
  );
}

function unquoted(text: string): string {
  return text.replaceAll(/"((?:[^"]|"")+)"|`([^`]+)`|\[([^\]]+)\]/g, (_, ...parts) => {
    const [double, tick, bracket] = parts as (string | undefined)[];
    return double?.replaceAll('""', '"') ?? tick ?? bracket ?? "";
  });
}
