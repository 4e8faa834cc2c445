/** Brings recorded and produced values to one form, so that they can be compared. */

/** White space is folded, and parameter markers are written as our drivers want them. */
export function canonicalSql(sql: string, dialect: string, expected: boolean): string {
  let text = sql.replaceAll(/\s+/g, " ").trim();
  text = text.replaceAll(/\(\s+/g, "(").replaceAll(/\s+\)/g, ")");
  if (dialect === "mssql" && expected) text = text.replaceAll(/(?<![:\w]):([A-Za-z_]\w*)/g, "@$1");
  return text;
}

/** PostgreSQL: numbers in the order of the text, with the parameters moved along. */
export function renumber(sql: string, params: readonly unknown[]): { sql: string; params: unknown[] } {
  const order: number[] = [];
  const text = sql.replaceAll(/\$(\d+)/g, (_, number: string) => {
    const index = Number(number) - 1;
    let position = order.indexOf(index);
    if (position < 0) position = order.push(index) - 1;
    return `$${position + 1}`;
  });
  return { sql: text, params: order.map((index) => params[index]) };
}

const special: Record<string, (value: unknown) => unknown> = {
  $decimal: (value) => number(value),
  $date: (value) => `date ${String(value)}`,
  $datetime: (value) =>
    `date ${new Date(/[zZ]|[+-]\d\d:\d\d$/.test(String(value)) ? String(value) : `${String(value)}Z`).getTime()}`,
  $time: (value) => `date ${String(value)}`,
  $interval_seconds: (value) => `interval ${Number(value)}`,
  $bytes_hex: (value) => `bytes ${String(value)}`,
  $uuid: (value) => `date ${String(value)}`,
  $enum: (value) => value,
  $range: (value) => `range ${JSON.stringify(value)}`,
  $multirange: (value) => `range ${JSON.stringify(value)}`,
  $tuple: (value) => canonicalExpected(value),
  $json: (value) => canonicalExpected(value),
  $symbol: (value) => `symbol ${String(value)}`,
  $default: () => "default",
};

/** Numbers compare by value, also decimals and numeric strings. */
function number(value: unknown): unknown {
  return Number(value);
}

/** A recorded value. */
export function canonicalExpected(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonicalExpected);
  if (value !== null && typeof value === "object") {
    const [key, ...rest] = Object.keys(value);
    const convert = key === undefined || rest.length > 0 ? undefined : special[key];
    if (convert !== undefined) return convert((value as Record<string, unknown>)[key as string]);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, canonicalExpected(item)]));
  }
  return value;
}

/** Whether a produced value is the recorded one. Strings stand for dates, times, decimals, UUIDs and intervals. */
export function sameValue(expected: unknown, actual: unknown): boolean {
  if (expected === "default") return true;
  if (typeof expected === "string" && expected.startsWith("symbol "))
    return expected === "symbol REQUIRED" ? actual === null || actual === undefined : true;
  if (typeof expected === "string" && expected.startsWith("date ")) {
    const text = expected.slice(5);
    if (actual instanceof Date) return String(actual.getTime()) === text;
    return String(actual) === text;
  }
  if (typeof expected === "string" && expected.startsWith("interval "))
    return durationSeconds(actual) === Number(expected.slice(9));
  if (typeof expected === "string" && expected.startsWith("bytes "))
    return actual instanceof Uint8Array && Buffer.from(actual).toString("hex") === expected.slice(6);
  if (typeof expected === "string" && expected.startsWith("range ")) return sameRange(expected.slice(6), actual);
  if (typeof expected === "number") {
    if (typeof actual === "boolean") return Number(actual) === expected;
    return typeof actual !== "object" && Number(actual) === expected;
  }
  if (typeof expected === "boolean") return actual === expected || actual === Number(expected);
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => sameValue(item, actual[index]))
    );
  if (expected !== null && typeof expected === "object") {
    if (actual === null || typeof actual !== "object") return false;
    const names = Object.keys(expected);
    return (
      names.length === Object.keys(actual).length &&
      names.every((name) =>
        sameValue((expected as Record<string, unknown>)[name], (actual as Record<string, unknown>)[name]),
      )
    );
  }
  return expected === actual || (expected === null && actual === undefined);
}

function sameRange(expected: string, actual: unknown): boolean {
  const range = actual as { lower?: unknown; upper?: unknown; bounds?: string } | null;
  if (range === null || typeof range !== "object") return false;
  const given = JSON.parse(expected) as unknown;
  const parts = Array.isArray(given) ? given : Object.values(given as object);
  const [lower, upper, bounds] = parts as [unknown, unknown, string];
  return (
    sameValue(canonicalExpected(lower), range.lower ?? null) &&
    sameValue(canonicalExpected(upper), range.upper ?? null) &&
    (bounds === undefined || bounds === range.bounds)
  );
}

function durationSeconds(value: unknown): number {
  const match =
    /^(-)?P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
      String(value),
    );
  if (match === null) return Number.NaN;
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === undefined ? total : -total;
}

/** Python's exception classes and ours. */
const classes: Record<string, readonly string[]> = {
  TypeError: ["TypeError", "ArgumentError"],
  ValueError: ["ArgumentError", "CompileError", "ValueError"],
  NotImplementedError: [
    "UnsupportedArrayOperator",
    "CompileError",
    "UnsupportedCompilationError",
    "NotSupportedError",
    "UnsupportedOperatorError",
    "InvalidRequestError",
  ],
  KeyError: ["NoSuchColumnError", "ArgumentError"],
  AttributeError: ["NoSuchColumnError", "ArgumentError", "TypeError"],
};

/** Whether a thrown error is of the recorded class, or of a more exact one. */
export function sameErrorClass(recorded: string, error: unknown): boolean {
  const name = recorded.split(":")[0] as string;
  const wanted = classes[name] ?? [name];
  for (
    let type = (error as object | null)?.constructor as { name: string } | null;
    type !== null && type !== undefined;
    type = Object.getPrototypeOf(type) as { name: string } | null
  ) {
    if (wanted.includes(type.name)) return true;
    if (type.name === "Error" || type.name === "") break;
  }
  return false;
}
