/** Turns the pieces of a compiled statement into text: markers for parameters, lists for IN, inlined literals. */
import { ArgumentError } from "../errors/errors.ts";
import type { BindParameter } from "../expression/bind.ts";
import { operators } from "../operator/table.ts";
import { type Processor, type SqlType, typeOfValueSlot } from "../types/type.ts";
import type { CompilerDialect } from "./dialect-port.ts";
import { literalText } from "./literals.ts";

/** One bind parameter of a compiled statement. */
export interface BindEntry {
  /** The name under which execution may give a value. */
  readonly name: string;
  readonly bind: BindParameter;
  readonly type: SqlType;
  readonly processor: Processor;
  /** Position among the parameters of the cache key; -1 for parameters that the compiler made. */
  source: number;
}

/** What expanding needs of a compiled statement. */
export interface Expandable {
  readonly dialect: CompilerDialect;
  readonly pieces: readonly TextPiece[];
  readonly binds: readonly BindEntry[];
}

/** SQL text, and the parameter behind it (-1: none). */
export interface TextPiece {
  readonly sql: string;
  /** Index into the statement's binds. */
  readonly bind: number;
  /** Template around the marker, e.g. PostgreSQL's `§::JSON`; null: the marker alone. */
  readonly template: string | null;
}

/** A statement ready for a driver. */
export interface ExpandedStatement {
  readonly sql: string;
  /** Positional values, or values by name. */
  readonly parameters: unknown[] | Record<string, unknown>;
  /** What the driver is told about them; absent where the dialect says nothing. */
  readonly parameterTypes?: unknown[] | Record<string, unknown>;
}

/** Stands for the parameter's marker in a bind template. */
export const MARKER = "\u0003";

/** Renders the marker of a positional or named parameter. */
export function markerFor(dialect: CompilerDialect, position: number, name: string): string {
  switch (dialect.bindStyle) {
    case "qmark":
      return "?";
    case "numeric_dollar":
      return `$${position}`;
    case "named":
      return `:${quoteBindName(dialect, name)}`;
    case "at_named":
      return `@${name}`;
  }
}

const bindEscapes: Readonly<Record<string, string>> = {
  "%": "P",
  "(": "A",
  ")": "Z",
  ":": "C",
  ".": "_",
  "[": "_",
  "]": "_",
  " ": "_",
};

/** A bind name as named markers can carry it. */
export function escapeBindName(name: string): string {
  return /[%():.[\] ]/.test(name)
    ? name.replaceAll(/[%():.[\] ]/g, (character) => bindEscapes[character] as string)
    : name;
}

function quoteBindName(dialect: CompilerDialect, name: string): string {
  return (dialect as { bindName?: (name: string) => string }).bindName?.(name) ?? name;
}

/** Collects what a dialect says about the parameters of one statement; see `CompilerDialect.parameterType`. */
export class ParameterTypes {
  readonly #dialect: CompilerDialect;
  readonly #positional: unknown[] = [];
  readonly #byName: Record<string, unknown> = {};

  /** Null for dialects that say nothing. */
  static of(dialect: CompilerDialect): ParameterTypes | null {
    return dialect.parameterType === undefined ? null : new ParameterTypes(dialect);
  }

  private constructor(dialect: CompilerDialect) {
    this.#dialect = dialect;
  }

  /** Adds a parameter; `type` is the dialect's own. */
  add(name: string, type: SqlType, isOut: boolean): void {
    const said = this.#dialect.parameterType?.(type, isOut);
    this.#positional.push(said);
    this.#byName[name] = said;
  }

  /** By position or by name, as the dialect's parameters are. */
  get all(): unknown[] | Record<string, unknown> {
    const { bindStyle } = this.#dialect;
    return bindStyle === "named" || bindStyle === "at_named" ? this.#byName : this.#positional;
  }
}

/**
 * Renders a statement. `values` are one value per bind entry, not yet processed; null renders text only, with one
 * marker per list. `convert: false` leaves the values as the program gave them.
 */
export function renderExpanded(
  compiled: Expandable,
  values: readonly unknown[] | null,
  convert = true,
): ExpandedStatement {
  const { dialect, binds, pieces } = compiled;
  const named = dialect.bindStyle === "named" || dialect.bindStyle === "at_named";
  const positional: unknown[] = [];
  const byName: Record<string, unknown> = {};
  const numbers = new Map<number, number>();
  const types = values === null || !convert ? null : ParameterTypes.of(dialect);
  let sql = "";
  const emit = (index: number, entry: BindEntry): string => {
    const value = values === null ? undefined : convert ? process(entry, values[index]) : values[index];
    if (named) {
      const name = escapeBindName(entry.name);
      byName[name] = value;
      types?.add(name, entry.type, entry.bind.isOut);
      return markerFor(dialect, 0, name);
    }
    if (dialect.bindStyle === "numeric_dollar") {
      const known = numbers.get(index);
      if (known !== undefined) return markerFor(dialect, known, entry.name);
      positional.push(value);
      types?.add(entry.name, entry.type, entry.bind.isOut);
      numbers.set(index, positional.length);
      return markerFor(dialect, positional.length, entry.name);
    }
    positional.push(value);
    types?.add(entry.name, entry.type, entry.bind.isOut);
    return markerFor(dialect, positional.length, entry.name);
  };
  const expanded = new Map<number, string>();
  for (const piece of pieces) {
    sql += piece.sql;
    if (piece.bind < 0) continue;
    const entry = binds[piece.bind] as BindEntry;
    const wrap = (marker: string): string =>
      piece.template === null ? marker : piece.template.replaceAll(MARKER, () => marker);
    if (entry.bind.literalExecute && values !== null) {
      sql += entry.bind.expanding
        ? literalList(entry, values[piece.bind], dialect)
        : literalText(values[piece.bind], entry.type, dialect);
    } else if (entry.bind.expanding) {
      if (named && expanded.has(piece.bind)) sql += expanded.get(piece.bind) as string;
      else {
        const text = list(compiled, piece.bind, entry, values, wrap, positional, byName, named, convert, types);
        expanded.set(piece.bind, text);
        sql += text;
      }
    } else sql += wrap(emit(piece.bind, entry));
  }
  const parameters = named ? byName : positional;
  return types === null ? { sql, parameters } : { sql, parameters, parameterTypes: types.all };
}

function process(entry: BindEntry, value: unknown): unknown {
  return entry.processor === null || (value === null && !entry.type.shouldEvaluateNone)
    ? value
    : entry.processor(value);
}

function list(
  compiled: Expandable,
  index: number,
  entry: BindEntry,
  values: readonly unknown[] | null,
  wrap: (marker: string) => string,
  positional: unknown[],
  byName: Record<string, unknown>,
  named: boolean,
  convert: boolean,
  types: ParameterTypes | null,
): string {
  const { dialect } = compiled;
  if (values === null) return `(__[POSTCOMPILE_${entry.name}])`;
  const given = values[index];
  if (!isIterable(given))
    throw new ArgumentError(`parameter ${JSON.stringify(entry.name)} expands to a list, but its value is not one`, {
      fix: "pass an array",
    });
  const members = [...given];
  const tupleTypes = entry.bind.tupleTypes;
  if (members.length === 0) return emptyList(dialect, entry, tupleTypes);
  let count = 0;
  const marker = (value: unknown, suffix: string, type: SqlType | null): string => {
    const processed = !convert ? value : type === null ? process(entry, value) : processAs(type, dialect, value);
    const name = named ? escapeBindName(`${entry.name}_${suffix}`) : entry.name;
    types?.add(name, type === null ? entry.type : dialect.adaptType(type), false);
    if (named) {
      byName[name] = processed;
      return wrap(markerFor(dialect, 0, name));
    }
    positional.push(processed);
    return wrap(markerFor(dialect, positional.length, entry.name));
  };
  if (tupleTypes !== null || (Array.isArray(members[0]) && entry.type.affinity !== "array")) {
    const prefix = tupleValuesPrefix(dialect);
    const rows = members.map((member) => {
      count++;
      return `(${[...(member as Iterable<unknown>)].map((value, position) => marker(value, `${count}_${position + 1}`, tupleTypes?.[position] ?? null)).join(", ")})`;
    });
    return `(${prefix}${rows.join(", ")})`;
  }
  return `(${members.map((value) => marker(value, String(++count), null)).join(", ")})`;
}

function tupleValuesPrefix(dialect: CompilerDialect): string {
  return (dialect as { tupleInValues?: boolean }).tupleInValues ? "VALUES " : "";
}

function processAs(type: SqlType, dialect: CompilerDialect, value: unknown): unknown {
  const processor = dialect.adaptType(type).bindProcessor(dialect);
  return processor === null || value === null ? value : processor(value);
}

function emptyList(dialect: CompilerDialect, entry: BindEntry, tupleTypes: readonly SqlType[] | null): string {
  const width = tupleTypes?.length ?? 0;
  const own = (dialect as { emptyInList?: (width: number, negated: boolean) => string }).emptyInList?.(
    width,
    entry.bind.expandOperator === operators.notIn,
  );
  if (own !== undefined) return own;
  const nulls = width > 0 ? `(${Array.from({ length: width }, () => "NULL").join(", ")})` : "NULL";
  return entry.bind.expandOperator === operators.notIn ? `(${nulls}) OR (1 = 1)` : `(${nulls}) AND (1 != 1)`;
}

function literalList(entry: BindEntry, value: unknown, dialect: CompilerDialect): string {
  const members = isIterable(value) ? [...value] : [];
  const { tupleTypes } = entry.bind;
  if (members.length === 0) return emptyList(dialect, entry, tupleTypes);
  if (tupleTypes === null) return `(${members.map((member) => literalText(member, entry.type, dialect)).join(", ")})`;
  const rows = members.map((member) => {
    const parts = [...(member as Iterable<unknown>)].map((part, index) =>
      literalText(part, tupleTypes[index] ?? typeOfValueSlot.resolve(part), dialect),
    );
    return `(${parts.join(", ")})`;
  });
  return `(${tupleValuesPrefix(dialect)}${rows.join(", ")})`;
}

/** An IN list with its values in the text. */
export function literalInList(values: unknown, entry: BindEntry, dialect: CompilerDialect): string {
  return literalList(entry, values, dialect);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return value !== null && typeof value === "object" && Symbol.iterator in value;
}
