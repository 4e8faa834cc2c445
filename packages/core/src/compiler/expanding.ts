/** Turns the pieces of a compiled statement into text: markers for parameters, lists for IN, inlined literals. */
import { ArgumentError, CompileError, InvalidRequestError } from "../errors/errors.ts";
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
      return `@${quoteBindName(dialect, name)}`;
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

/** A name as the dialect's text can carry it; its driver writes the parameter's name in the same way. */
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
  return new Expansion(compiled, values, convert).render();
}

/** One rendering: the text so far stands on the stack, the parameters here. */
export class Expansion {
  readonly #compiled: Expandable;
  readonly #values: readonly unknown[] | null;
  readonly #convert: boolean;
  readonly #isNumbered: boolean;
  readonly #types: ParameterTypes | null;
  readonly #positional: unknown[] = [];
  /** Null where parameters go by position. */
  readonly #byName: Record<string, unknown> | null;
  /** Numbers of parameters that were met, by bind: they are sent once. */
  #numbers: Map<number, number> | null = null;
  /** Texts of named lists that were met, by bind. */
  #lists: Map<number, string> | null = null;

  constructor(compiled: Expandable, values: readonly unknown[] | null, convert: boolean) {
    const { bindStyle } = compiled.dialect;
    this.#compiled = compiled;
    this.#values = values;
    this.#convert = convert;
    this.#isNumbered = bindStyle === "numeric_dollar";
    this.#byName = bindStyle === "named" || bindStyle === "at_named" ? {} : null;
    this.#types = values === null || !convert ? null : ParameterTypes.of(compiled.dialect);
  }

  render(): ExpandedStatement {
    const { binds, pieces } = this.#compiled;
    let sql = "";
    for (const piece of pieces) {
      sql += piece.sql;
      if (piece.bind >= 0) sql += this.#piece(piece, binds[piece.bind] as BindEntry);
    }
    const parameters = this.#byName ?? this.#positional;
    const types = this.#types;
    return types === null ? { sql, parameters } : { sql, parameters, parameterTypes: types.all };
  }

  #piece(piece: TextPiece, entry: BindEntry): string {
    const { bind } = entry;
    if ((bind.literalExecute || (bind.literalForDriver && this.#convert)) && this.#values !== null) {
      const { dialect } = this.#compiled;
      const value = this.#values[piece.bind];
      return bind.expanding
        ? literalInList(value, entry, dialect, piece.template)
        : literalText(value, entry.type, dialect);
    }
    if (!bind.expanding) return wrapped(piece.template, this.#single(piece.bind, entry));
    if (this.#byName === null && !this.#isNumbered) return this.#list(piece, entry);
    const known = this.#lists?.get(piece.bind);
    if (known !== undefined) return known;
    const text = this.#list(piece, entry);
    (this.#lists ??= new Map()).set(piece.bind, text);
    return text;
  }

  #single(index: number, entry: BindEntry): string {
    if (this.#isNumbered) {
      const known = this.#numbers?.get(index);
      if (known !== undefined) return markerFor(this.#compiled.dialect, known, entry.name);
      (this.#numbers ??= new Map()).set(index, this.#positional.length + 1);
    }
    const values = this.#values;
    const value = values === null ? undefined : this.#convert ? sentValue(entry, values[index]) : values[index];
    const name = this.#byName === null ? entry.name : escapeBindName(entry.name);
    return this.#add(name, value, entry.type, entry.bind.isOut);
  }

  /** Notes a parameter and returns its marker. */
  #add(name: string, value: unknown, type: SqlType, isOut: boolean): string {
    this.#types?.add(name, type, isOut);
    if (this.#byName !== null) {
      this.#byName[name] = value;
      return markerFor(this.#compiled.dialect, 0, name);
    }
    this.#positional.push(value);
    return markerFor(this.#compiled.dialect, this.#positional.length, name);
  }

  #list(piece: TextPiece, entry: BindEntry): string {
    if (this.#values === null) return `(__[POSTCOMPILE_${entry.name}])`;
    const { dialect } = this.#compiled;
    const given = this.#values[piece.bind];
    if (given === undefined || (given === null && entry.bind.required))
      throw new InvalidRequestError(`A value is required for bind parameter '${entry.name}'`, { fix: "pass an array" });
    if (!isIterable(given))
      throw new ArgumentError(`parameter ${JSON.stringify(entry.name)} expands to a list, but its value is not one`, {
        fix: "pass an array",
      });
    const members = Array.isArray(given) ? (given as readonly unknown[]) : [...given];
    const { tupleTypes } = entry.bind;
    if (members.length === 0) return emptyList(dialect, entry, tupleTypes);
    if (tupleTypes !== null || (Array.isArray(members[0]) && entry.type.affinity !== "array")) {
      const rows = members.map((member, row) => this.#tuple(piece, entry, member as Iterable<unknown>, row + 1));
      return `(${tupleValuesPrefix(dialect)}${rows.join(", ")})`;
    }
    let text = "(";
    for (let index = 0; index < members.length; index++) {
      if (index > 0) text += ", ";
      text += this.#member(piece, entry, members[index], null, index + 1);
    }
    return `${text})`;
  }

  #tuple(piece: TextPiece, entry: BindEntry, members: Iterable<unknown>, row: number): string {
    const types = entry.bind.tupleTypes;
    const texts = [...members].map((value, column) =>
      this.#member(piece, entry, value, types?.[column] ?? null, `${row}_${column + 1}`),
    );
    return `(${texts.join(", ")})`;
  }

  #member(piece: TextPiece, entry: BindEntry, value: unknown, type: SqlType | null, suffix: number | string): string {
    const { dialect } = this.#compiled;
    const sent = !this.#convert ? value : type === null ? sentValue(entry, value) : processAs(type, dialect, value);
    const name = this.#byName === null ? entry.name : escapeBindName(`${entry.name}_${suffix}`);
    const marker = this.#add(name, sent, type === null ? entry.type : dialect.adaptType(type), false);
    return wrapped(piece.template, marker);
  }
}

/** A marker in the template that its type brings along. */
function wrapped(template: string | null, marker: string): string {
  return template === null ? marker : template.replaceAll(MARKER, () => marker);
}

/** A value as the driver gets it. */
export function sentValue({ processor, type }: BindEntry, value: unknown): unknown {
  return processor === null || (value === null && !type.convertsNull) ? value : processor(value);
}

function tupleValuesPrefix(dialect: CompilerDialect): string {
  return (dialect as { tupleInValues?: boolean }).tupleInValues ? "VALUES " : "";
}

function processAs(type: SqlType, dialect: CompilerDialect, value: unknown): unknown {
  const processor = dialect.adaptType(type).bindProcessor(dialect);
  return processor === null || value === null ? value : processor(value);
}

function emptySet(dialect: CompilerDialect): string {
  const text = dialect.emptySet?.();
  if (text === undefined)
    throw new CompileError(`the ${dialect.name} dialect has no query without rows for an empty list`, {
      fix: "write the condition with .in(), or do not pass an empty list",
    });
  return text;
}

function emptyList(dialect: CompilerDialect, entry: BindEntry, tupleTypes: readonly SqlType[] | null): string {
  // Text around the parameter may say IN or NOT IN.
  if (entry.bind.expandOperator === null) return `(${emptySet(dialect)})`;
  const width = tupleTypes?.length ?? 0;
  const own = (dialect as { emptyInList?: (width: number, negated: boolean) => string }).emptyInList?.(
    width,
    entry.bind.expandOperator === operators.notIn,
  );
  if (own !== undefined) return own;
  const nulls = width > 0 ? `(${Array.from({ length: width }, () => "NULL").join(", ")})` : "NULL";
  return entry.bind.expandOperator === operators.notIn ? `(${nulls}) OR (1 = 1)` : `(${nulls}) AND (1 != 1)`;
}

/** An IN list with its values in the text, each in the template. */
export function literalInList(
  value: unknown,
  entry: BindEntry,
  dialect: CompilerDialect,
  template: string | null,
): string {
  const members = isIterable(value) ? [...value] : [];
  const { tupleTypes } = entry.bind;
  if (members.length === 0) return emptyList(dialect, entry, tupleTypes);
  if (tupleTypes === null)
    return `(${members.map((member) => wrapped(template, literalText(member, entry.type, dialect))).join(", ")})`;
  const rows = members.map((member) => {
    const parts = [...(member as Iterable<unknown>)].map((part, index) =>
      literalText(part, tupleTypes[index] ?? typeOfValueSlot.resolve(part), dialect),
    );
    return `(${parts.join(", ")})`;
  });
  return `(${tupleValuesPrefix(dialect)}${rows.join(", ")})`;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return value !== null && typeof value === "object" && Symbol.iterator in value;
}
