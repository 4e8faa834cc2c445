/** INSERTs of many rows as few statements: how a compiled INSERT is repeated for each row. Next: ./steps/execute-many.ts. */
import type { DriverResult, DriverRow } from "@athanor/driver";
import type { Compiled, InsertBatchPlan } from "../compiler/compiled.ts";
import { Compiler } from "../compiler/compiler.ts";
import type { BindEntry } from "../compiler/expanding.ts";
import { escapeBindName, MARKER, markerFor, ParameterTypes } from "../compiler/expanding.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import type { SqlType, TypeDialect } from "../types/type.ts";
import type { BoundStatement, Prepared } from "./prepared.ts";

/** Values of one row, by bind. */
type Row = readonly unknown[];

/** A piece of text with the bind behind it; -1: none. */
interface Piece {
  readonly sql: string;
  readonly bind: number;
  readonly template: string | null;
}

/** A way to write an INSERT for many rows. */
export interface BatchForm {
  /** Rows per statement. */
  readonly size: number;
  /** Rows come back in the order of their parameter sets. */
  readonly isSorted: boolean;
  readonly returnsRows: boolean;
  bind(rows: readonly Row[]): BoundStatement;
  /** The rows that came back, in the order of the parameter sets where that was asked for. */
  ordered(result: DriverResult, rows: readonly Row[]): readonly DriverRow[];
}

/** The form for an INSERT; null where rows go one by one or by the driver's executemany. */
export function batchForm(dialect: Dialect, prepared: Prepared, rows: readonly Row[], page = 1000): BatchForm | null {
  const { compiled } = prepared;
  const plan = compiled.crud?.batch ?? null;
  const { capabilities } = dialect;
  if (plan === null || !capabilities.insertManyValues) return null;
  const returnsRows = compiled.resultColumns !== null;
  if (!returnsRows && !capabilities.insertManyValuesWithoutReturning) return null;
  if (compiled.isExpanding || !sharesStatementBinds(compiled, plan, rows)) return null;
  const isSorted = returnsRows && plan.isSorted;
  if (isSorted && (plan.sentinel === null || plan.isUpsert)) return null;
  const known = isSorted && plan.sentinel?.every((column) => compiled.crud?.boundColumns.has(column)) === true;
  if (isSorted && !known && plan.sentinel?.length !== 1) return null;
  const text = textOf(compiled, plan, isSorted && !known && capabilities.insertManySentinel === "counter");
  if (text === null) return null;
  return new Batches(dialect, prepared, plan, text, isSorted, known, pageSize(dialect, compiled, plan, page));
}

/** Binds outside of VALUES have one value for all rows. */
function sharesStatementBinds(compiled: Compiled, plan: InsertBatchPlan, rows: readonly Row[]): boolean {
  const own = new Set(plan.rowBinds);
  const first = rows[0] as Row;
  return compiled.binds.every((_, index) => own.has(index) || rows.every((row) => Object.is(row[index], first[index])));
}

function pageSize(dialect: Dialect, compiled: Compiled, plan: InsertBatchPlan, wanted: number): number {
  const { maxParameters } = dialect.capabilities;
  const perRow = Math.max(plan.rowBinds.length, 1);
  const fixed = compiled.binds.length - plan.rowBinds.length;
  const room = maxParameters > 0 ? Math.floor((maxParameters - fixed) / perRow) : wanted;
  return Math.max(1, Math.min(wanted, room));
}

/** The parts of an INSERT's text. */
interface BatchText {
  readonly before: readonly Piece[];
  readonly row: readonly Piece[];
  readonly after: readonly Piece[];
  /** Rows are numbered: `(…, 0), (…, 1)`. */
  readonly counts: boolean;
}

const texts = new WeakMap<Compiled, Map<boolean, BatchText | null>>();

function textOf(compiled: Compiled, plan: InsertBatchPlan, counts: boolean): BatchText | null {
  let known = texts.get(compiled);
  if (known === undefined) {
    known = new Map();
    texts.set(compiled, known);
  }
  let text = known.get(counts);
  if (text === undefined) {
    text = takeApart(compiled, plan, counts);
    known.set(counts, text);
  }
  return text;
}

/** Splits the text at the only row of its VALUES. */
function takeApart(compiled: Compiled, plan: InsertBatchPlan, counts: boolean): BatchText | null {
  const marked = compiled.pieces
    .map(({ sql, bind, template }) =>
      bind < 0 ? sql : `${sql}\u0001${bind}${template === null ? "" : `:${template}`}\u0002`,
    )
    .join("");
  const values = ` VALUES (${plan.expressions.join(", ")})`;
  const at = marked.indexOf(values);
  if (at < 0) return null;
  const row = plan.expressions.join(", ");
  const start = marked.slice(0, at);
  const end = marked.slice(at + values.length);
  if (!counts) return { before: piecesOf(`${start} VALUES `), row: piecesOf(row), after: piecesOf(end), counts };
  const compiler = new Compiler(compiled.dialect);
  const names = plan.expressions.map((_, index) => `p${index}`);
  const casts = names.map(
    (name, index) =>
      name + (compiled.dialect.capabilities.insertManyCasts ? castText(compiler, plan.columnTypes[index] ?? null) : ""),
  );
  return {
    before: piecesOf(`${start} SELECT ${casts.join(", ")} FROM (VALUES `),
    row: piecesOf(row),
    after: piecesOf(`) AS imp_sen(${[...names, "sen_counter"].join(", ")}) ORDER BY sen_counter${end}`),
    counts,
  };
}

/** Lengths are left out: the column checks them. */
function castText(compiler: Compiler, type: SqlType | null): string {
  if (type === null || type.affinity === "null") return "";
  const text = compiler.typeText(type);
  return `::${type.affinity === "string" ? text.replace(/\(\d+\)/, "") : text}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the compiler's own marks.
const markers = /\u0001(\d+)(?::([^\u0002]*))?\u0002/g;

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(markers)) {
    pieces.push({ sql: text.slice(last, match.index), bind: Number(match[1]), template: match[2] ?? null });
    last = match.index + match[0].length;
  }
  pieces.push({ sql: text.slice(last), bind: -1, template: null });
  return pieces;
}

class Batches implements BatchForm {
  readonly size: number;
  readonly isSorted: boolean;
  readonly returnsRows: boolean;
  readonly #dialect: Dialect;
  readonly #prepared: Prepared;
  readonly #plan: InsertBatchPlan;
  readonly #text: BatchText;
  /** The sentinel's values are among the parameters. */
  readonly #isKnown: boolean;

  constructor(
    dialect: Dialect,
    prepared: Prepared,
    plan: InsertBatchPlan,
    text: BatchText,
    isSorted: boolean,
    isKnown: boolean,
    size: number,
  ) {
    this.#dialect = dialect;
    this.#prepared = prepared;
    this.#plan = plan;
    this.#text = text;
    this.#isKnown = isKnown;
    this.isSorted = isSorted;
    this.size = size;
    this.returnsRows = prepared.compiled.resultColumns !== null;
  }

  bind(rows: readonly Row[]): BoundStatement {
    const writer = new BatchWriter(this.#prepared.compiled);
    const { before, row, after, counts } = this.#text;
    writer.write(before, rows[0] as Row, -1);
    rows.forEach((values, index) => {
      writer.add(index === 0 ? "(" : ", (");
      writer.write(row, values, index);
      writer.add(counts ? `, ${index})` : ")");
    });
    writer.write(after, rows[0] as Row, -1);
    return writer.bound();
  }

  ordered(result: DriverResult, rows: readonly Row[]): readonly DriverRow[] {
    if (!this.isSorted || rows.length === 1) return result.rows;
    if (result.rows.length !== rows.length) {
      throw new InvalidRequestError(
        `Sentinel-keyed result set did not produce correct number of rows ${rows.length}; produced ${result.rows.length}`,
      );
    }
    return this.#isKnown ? this.#byValue(result, rows) : this.#byNumber(result);
  }

  /** The database numbers rows in the order in which they were inserted. */
  #byNumber(result: DriverResult): readonly DriverRow[] {
    const place = this.#width();
    const number = (row: DriverRow): number | bigint => {
      const value = row[place];
      return typeof value === "string" ? BigInt(value) : (value as number | bigint);
    };
    const less = (one: DriverRow, other: DriverRow): number => (number(one) < number(other) ? -1 : 1);
    return [...result.rows].sort(less);
  }

  /** The values are the parameters' own. */
  #byValue(result: DriverResult, rows: readonly Row[]): readonly DriverRow[] {
    const { compiled } = this.#prepared;
    const dialect = this.#dialect;
    const columns = this.#plan.sentinel ?? [];
    const place = this.#width();
    const read = columns.map((column) => dialect.adaptType(column.type).resultProcessor(dialect as TypeDialect));
    const binds = columns.map((column) => this.#prepared.bindPosition(compiled.crud?.boundColumns.get(column) ?? ""));
    const byKey = new Map(
      result.rows.map((row) => [
        keyOf(columns.map((_, index) => read[index]?.(row[place + index]) ?? row[place + index])),
        row,
      ]),
    );
    return rows.map((values) => {
      const key = keyOf(binds.map((bind) => values[bind]));
      const row = byKey.get(key);
      if (row === undefined) {
        throw new InvalidRequestError(
          `Can't match sentinel values in result set to parameter sets; key ${JSON.stringify(key)} was not found.`,
          {
            fix: "the database gives these values back in another form: leave out sortByParameterOrder, or use a type whose values come back as they went",
          },
        );
      }
      return row;
    });
  }

  /** How many columns stand in front of the sentinel's. */
  #width(): number {
    return this.#prepared.compiled.resultColumns?.length ?? 0;
  }
}

function keyOf(values: readonly unknown[]): string {
  return values
    .map((value) =>
      value instanceof Date ? value.toISOString() : typeof value === "string" ? value.toLowerCase() : String(value),
    )
    .join("\u0000");
}

/** Writes text and parameters of one batch. */
class BatchWriter {
  readonly #compiled: Compiled;
  readonly #isNamed: boolean;
  readonly #isNumbered: boolean;
  readonly #positional: unknown[] = [];
  readonly #byName: Record<string, unknown> = {};
  readonly #types: ParameterTypes | null;
  /** Numbers of binds that stand outside of rows, or of the present row. */
  #numbers = new Map<number, number>();
  #sql = "";

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
    const { bindStyle } = compiled.dialect;
    this.#types = ParameterTypes.of(compiled.dialect);
    this.#isNamed = bindStyle === "named" || bindStyle === "at_named";
    this.#isNumbered = bindStyle === "numeric_dollar";
  }

  add(text: string): void {
    this.#sql += text;
  }

  /** @param row the row's number, -1 for text outside of rows. */
  write(pieces: readonly Piece[], values: Row, row: number): void {
    if (row >= 0) this.#numbers = new Map();
    for (const { sql, bind, template } of pieces) {
      this.#sql += sql;
      if (bind < 0) continue;
      const marker = this.#marker(bind, values[bind], row);
      this.#sql += template === null ? marker : template.replaceAll(MARKER, () => marker);
    }
  }

  #marker(bind: number, given: unknown, row: number): string {
    const { dialect, binds } = this.#compiled;
    const entry = binds[bind] as BindEntry;
    const value = entry.processor === null ? given : entry.processor(given);
    if (this.#isNamed) {
      const own = escapeBindName(entry.name);
      const name = row < 0 ? own : `${own}__${row}`;
      this.#byName[name] = value;
      this.#types?.add(name, entry.type, false);
      return markerFor(dialect, 0, name);
    }
    const known = this.#isNumbered ? this.#numbers.get(bind) : undefined;
    if (known !== undefined) return markerFor(dialect, known, entry.name);
    const position = this.#positional.push(value);
    this.#types?.add(entry.name, entry.type, false);
    this.#numbers.set(bind, position);
    return markerFor(dialect, position, entry.name);
  }

  bound(): BoundStatement {
    const bound = { sql: this.#sql, parameters: this.#isNamed ? this.#byName : this.#positional };
    return this.#types === null ? bound : { ...bound, parameterTypes: this.#types.all };
  }
}

/** Portions of the parameter sets. */
export function batchesOf<T>(rows: readonly T[], form: BatchForm): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < rows.length; start += form.size) batches.push(rows.slice(start, start + form.size));
  return batches;
}
