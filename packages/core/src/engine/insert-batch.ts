/** INSERTs of many rows as few statements: how a compiled INSERT is repeated for each row. Next: ./steps/execute-many.ts. */
import type { DriverResult, DriverRow } from "@athanor/driver";
import type { Compiled, InsertBatchPlan } from "../compiler/compiled.ts";
import { Compiler } from "../compiler/compiler.ts";
import type { BindEntry } from "../compiler/expanding.ts";
import { escapeBindName, MARKER, markerFor, ParameterTypes } from "../compiler/expanding.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import type { SqlType, TypeDialect } from "../types/type.ts";
import type { ParameterRows } from "./parameter-rows.ts";
import type { BoundStatement, Prepared } from "./prepared.ts";
import { type ParameterSet, type ReadSet, SetReaders } from "./set-reader.ts";

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
  /** The statement for the parameter sets from `start` to `end`. */
  bind(start: number, end: number): BoundStatement;
  /** The rows that came back for these parameter sets, in their order where that was asked for. */
  ordered(result: DriverResult, start: number, end: number): readonly DriverRow[];
}

/** The form for an INSERT; null where rows go one by one or by the driver's executemany. */
export function batchForm(dialect: Dialect, prepared: Prepared, rows: ParameterRows, page = 1000): BatchForm | null {
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
  const size = pageSize(dialect, compiled, plan, page);
  return new Batches(dialect, prepared, plan, rows, { text, isSorted, isKnown: known, size });
}

/** Binds outside of VALUES have one value for all rows. */
function sharesStatementBinds(compiled: Compiled, plan: InsertBatchPlan, rows: ParameterRows): boolean {
  const own = new Set(plan.rowBinds);
  const others = compiled.binds.flatMap((_, index) => (own.has(index) ? [] : [index]));
  if (others.length === 0) return true;
  const first = rows.values(0);
  for (let row = 1; row < rows.length; row++) {
    const values = rows.values(row);
    if (!others.every((index) => Object.is(values[index], first[index]))) return false;
  }
  return true;
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
  /** Reads sets in the order of a row's parameters; null where not all parameters stand in rows, go by name, or have types to be told. */
  readonly readers: SetReaders | null;
  /** Whole statements by their number of rows: those that were used lately. */
  readonly statements: Map<number, string>;
}

const keptStatements = 4;

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
  if (!counts) return batchText(compiled, `${start} VALUES `, row, end, false);
  const compiler = new Compiler(compiled.dialect);
  const names = plan.expressions.map((_, index) => `p${index}`);
  const casts = names.map(
    (name, index) =>
      name + (compiled.dialect.capabilities.insertManyCasts ? castText(compiler, plan.columnTypes[index] ?? null) : ""),
  );
  return batchText(
    compiled,
    `${start} SELECT ${casts.join(", ")} FROM (VALUES `,
    row,
    `) AS imp_sen(${[...names, "sen_counter"].join(", ")}) ORDER BY sen_counter${end}`,
    true,
  );
}

function batchText(compiled: Compiled, start: string, rowText: string, end: string, counts: boolean): BatchText {
  const [before, row, after] = [piecesOf(start), piecesOf(rowText), piecesOf(end)];
  const { bindStyle } = compiled.dialect;
  const isPositional = bindStyle === "qmark" || bindStyle === "numeric_dollar";
  const hasOthers = [...before, ...after].some(({ bind }) => bind >= 0);
  const places = row.map(({ bind }) => bind).filter((bind) => bind >= 0);
  const order = bindStyle === "numeric_dollar" ? [...new Set(places)] : places;
  const isSilent = ParameterTypes.of(compiled.dialect) === null;
  const readers =
    isPositional && isSilent && !hasOthers && order.length > 0 ? new SetReaders(compiled.binds, order) : null;
  return { before, row, after, counts, readers, statements: new Map() };
}

/** Lengths are left out: the column checks them. */
function castText(compiler: Compiler, type: SqlType | null): string {
  if (type === null || type.affinity === "null") return "";
  const text = compiler.typeText(type);
  return `::${type.affinity === "string" ? text.replace(/\(\d+\)/, "") : text}`;
}

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

/** How the rows of a batch are written and found again. */
interface BatchFacts {
  readonly text: BatchText;
  readonly isSorted: boolean;
  /** The sentinel's values are among the parameters. */
  readonly isKnown: boolean;
  readonly size: number;
}

class Batches implements BatchForm {
  readonly size: number;
  readonly isSorted: boolean;
  readonly returnsRows: boolean;
  readonly #dialect: Dialect;
  readonly #prepared: Prepared;
  readonly #plan: InsertBatchPlan;
  readonly #rows: ParameterRows;
  readonly #text: BatchText;
  readonly #isKnown: boolean;
  readonly #read: ReadSet | null;

  constructor(dialect: Dialect, prepared: Prepared, plan: InsertBatchPlan, rows: ParameterRows, facts: BatchFacts) {
    this.#dialect = dialect;
    this.#prepared = prepared;
    this.#plan = plan;
    this.#rows = rows;
    this.#text = facts.text;
    this.#isKnown = facts.isKnown;
    this.isSorted = facts.isSorted;
    this.size = facts.size;
    this.returnsRows = prepared.compiled.resultColumns !== null;
    const { readers } = facts.text;
    this.#read = readers === null ? null : rows.reader(readers);
  }

  bind(start: number, end: number): BoundStatement {
    const parameters = this.#read === null ? null : this.#readAll(this.#read, start, end);
    const { statements } = this.#text;
    const count = end - start;
    const known = parameters === null ? undefined : statements.get(count);
    if (known !== undefined) return { sql: known, parameters: parameters as unknown[] };
    const bound = this.#write(start, end);
    if (parameters !== null) {
      if (statements.size >= keptStatements) statements.delete(statements.keys().next().value as number);
      statements.set(count, bound.sql);
    }
    return bound;
  }

  /** The parameters of all rows behind each other; null where a set has to be looked at more closely. */
  #readAll(read: ReadSet, start: number, end: number): unknown[] | null {
    const parameters: unknown[] = [];
    const { sets } = this.#rows;
    for (let index = start; index < end; index++) {
      const row = read(sets[index] as ParameterSet);
      if (row === null) return null;
      for (let place = 0; place < row.length; place++) parameters.push(row[place]);
    }
    return parameters;
  }

  #write(start: number, end: number): BoundStatement {
    const writer = new BatchWriter(this.#prepared.compiled);
    const { before, row, after, counts } = this.#text;
    const first = this.#rows.values(start);
    writer.write(before, first, -1);
    for (let index = start; index < end; index++) {
      writer.add(index === start ? "(" : ", (");
      writer.write(row, this.#rows.values(index), index - start);
      writer.add(counts ? `, ${index - start})` : ")");
    }
    writer.write(after, first, -1);
    return writer.bound();
  }

  ordered(result: DriverResult, start: number, end: number): readonly DriverRow[] {
    const count = end - start;
    if (!this.isSorted || count === 1) return result.rows;
    if (result.rows.length !== count) {
      throw new InvalidRequestError(
        `Sentinel-keyed result set did not produce correct number of rows ${count}; produced ${result.rows.length}`,
      );
    }
    return this.#isKnown ? this.#byValue(result, start, end) : this.#byNumber(result);
  }

  /** The database numbers rows in the order in which they were inserted. */
  #byNumber(result: DriverResult): readonly DriverRow[] {
    const place = this.#width();
    const number = (row: DriverRow): number | bigint => {
      const value = row[place];
      return typeof value === "string" ? BigInt(value) : (value as number | bigint);
    };
    const { rows } = result;
    let isOrdered = true;
    for (let index = 1; isOrdered && index < rows.length; index++)
      isOrdered = number(rows[index - 1] as DriverRow) < number(rows[index] as DriverRow);
    if (isOrdered) return rows;
    return [...rows].sort((one, other) => (number(one) < number(other) ? -1 : 1));
  }

  /** The values are the parameters' own. */
  #byValue(result: DriverResult, start: number, end: number): readonly DriverRow[] {
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
    return Array.from({ length: end - start }, (_, index) => {
      const values = this.#rows.values(start + index);
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

/** A portion of the parameter sets, from `start` to `end`. */
export interface Portion {
  readonly start: number;
  readonly end: number;
}

/** Portions of the parameter sets. */
export function portionsOf(count: number, form: BatchForm): Portion[] {
  const portions: Portion[] = [];
  for (let start = 0; start < count; start += form.size)
    portions.push({ start, end: Math.min(start + form.size, count) });
  return portions;
}
