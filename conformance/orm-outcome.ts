/** Holds what a scenario did against its record. */
import { canonicalSql, sameValue } from "./compare.ts";

/** A recorded statement; parameters are a list, or a list of lists for an executemany. */
export interface RecordedStatement {
  readonly sql: string;
  readonly params?: readonly unknown[];
  readonly executemany?: boolean;
}

/** A recorded scenario. */
export interface OrmCase {
  readonly id: string;
  readonly group: string;
  readonly models: string;
  readonly seeded: boolean;
  readonly typescript?: string;
  /** The scenario whose models and seed rows are those of this one. */
  readonly setup_of?: string;
  /** Source that defines models of the scenario's own, run before the tables are made. */
  readonly typescript_setup?: string;
  /** Source that adds its own seed rows: `s` is the session. */
  readonly typescript_seed?: string;
  readonly statements: readonly RecordedStatement[];
  readonly result?: unknown;
  readonly warnings?: readonly string[];
}

/** Scenarios with the models and seed rows that they share with others. */
export function withSetups(tests: readonly OrmCase[]): OrmCase[] {
  const byId = new Map(tests.map((test) => [test.id, test]));
  return tests.map((test) => {
    const from = test.setup_of === undefined ? undefined : byId.get(test.setup_of);
    if (from === undefined) return test;
    const { typescript_setup, typescript_seed } = from;
    return {
      ...test,
      ...(typescript_setup === undefined ? {} : { typescript_setup }),
      ...(typescript_seed === undefined ? {} : { typescript_seed }),
    };
  });
}

/** Rows become lists; undefined becomes null. */
export function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    const values = (value as { _mapping?: unknown })._mapping === undefined ? undefined : (value as Iterable<unknown>);
    if (values !== undefined || value instanceof Set) return [...(values ?? (value as Set<unknown>))].map(plain);
    if (Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
    return String(value);
  }
  return value;
}

const text = (statement: RecordedStatement): string => canonicalSql(statement.sql, "sqlite", true).toLowerCase();

export function sameStatements(expected: readonly RecordedStatement[], actual: readonly RecordedStatement[]): boolean {
  if (expected.length !== actual.length) return false;
  return expected.every((statement, index) => {
    const other = actual[index] as RecordedStatement;
    return (
      text(statement) === text(other) &&
      (statement.executemany ?? false) === (other.executemany ?? false) &&
      sameParams(plain(statement.params ?? []), plain(other.params ?? []))
    );
  });
}

/** JSON may be spaced as it likes. */
function sameParams(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, index) => sameParams(item, actual[index]));
  if (typeof expected === "string" && typeof actual === "string" && /^[[{]/.test(expected) && /^[[{]/.test(actual))
    return JSON.stringify(JSON.parse(expected)) === JSON.stringify(JSON.parse(actual));
  return sameValue(expected, actual);
}

const errorText = /^(\w*(?:Error|Found|Exception|Available)): /;
/** Python's names of errors that JavaScript, or we, call differently. */
const errorNames: Readonly<Record<string, readonly string[]>> = {
  TypeError: ["TypeError", "ArgumentError", "InvalidRequestError", "TypeArgumentError"],
  NoInspectionAvailable: ["UnmappedClassError"],
  ValueError: ["ArgumentError", "Error"],
  AttributeError: ["InvalidRequestError", "TypeError"],
};

export function sameResult(expected: unknown, actual: unknown): boolean {
  if (typeof expected === "string" && typeof actual === "string") {
    const [wanted, given] = [errorText.exec(expected)?.[1], errorText.exec(actual)?.[1]];
    if (wanted !== undefined && given !== undefined)
      return wanted === given || (errorNames[wanted]?.includes(given) ?? false);
  }
  // Names of attributes are in camelCase with us.
  if (typeof expected === "string" && /^[a-z]+(_[a-z0-9]+)+$/.test(expected))
    return (
      actual === expected || actual === expected.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    );
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, index) => sameResult(item, actual[index]));
  return sameValue(expected, actual);
}

export function sameWarnings(expected: readonly string[], actual: readonly string[]): boolean {
  const wanted = expected.filter((message) => !message.includes("deprecated") && !message.includes("legacy"));
  return wanted.length === actual.length;
}

export function show(
  statements: readonly RecordedStatement[],
  result: unknown,
  warnings: readonly string[] = [],
): string {
  const lines = statements.map(
    (statement) =>
      `\n      ${statement.sql.replaceAll(/\s+/g, " ")} ${json(statement.params ?? [])}${statement.executemany === true ? " (many)" : ""}`,
  );
  return `${lines.join("")}\n      => ${json(result)}${warnings.length > 0 ? `\n      warnings ${json(warnings)}` : ""}`;
}

function json(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? `${item}n` : item)) ?? "undefined";
}
