/** A compiled statement made ready for executions: how values become parameters, how rows become objects. */
import type { ColumnDescription, DriverParameters, ExecuteOptions } from "@athanor/driver";
import { type Compiled, RESULT_KEYS } from "../compiler/compiled.ts";
import type { BindEntry } from "../compiler/expanding.ts";
import { escapeBindName, ParameterTypes, renderExpanded } from "../compiler/expanding.ts";
import { ListTexts } from "../compiler/list-texts.ts";
import { ArgumentError, InvalidRequestError } from "../errors/errors.ts";
import type { BindParameter } from "../expression/bind.ts";
import { ResultKeys } from "../result/keys.ts";
import { RowShape } from "../result/row.ts";
import { JSONType } from "../types/json.ts";
import { BigInteger } from "../types/numeric.ts";
import { type Processor, type TypeDialect, type TypeLike, toType } from "../types/type.ts";
import { warn } from "../util/warnings.ts";
import { type ParameterSet, SetReaders } from "./set-reader.ts";

export type { ParameterSet };

/** SQL text with what the driver gets beside it. */
export interface BoundStatement {
  readonly sql: string;
  readonly parameters: DriverParameters;
  /** What the driver is told about the parameters, where that differs from execution to execution. */
  readonly parameterTypes?: unknown[] | Record<string, unknown>;
}

/** A compiled statement with everything that is worked out once. */
export class Prepared {
  readonly compiled: Compiled;
  /** When it was compiled, by `performance.now()`. */
  readonly createdAt: number = performance.now();
  /** How many milliseconds that took. */
  readonly compileTime: number;
  /** Nothing is to be computed before the driver is called, and it is called once. */
  readonly isSimple: boolean;
  /** Rows belong to the program, not to the engine. */
  readonly givesRows: boolean;
  readonly executeOptions: ExecuteOptions;
  /** Positions of the binds in the order of the driver's parameters; null where they go by name. */
  readonly #order: readonly number[] | null;
  /** Names of the binds, for statements of fixed text whose parameters go by name; null for others. */
  readonly #names: readonly string[] | null;
  /** Null for statements of fixed text, and where the text depends on more than the lengths of lists. */
  readonly #listTexts: ListTexts | null;
  readonly #processors: readonly Processor[];
  readonly #hasCallables: boolean;
  #shape: RowShape | null = null;
  #driverShape: RowShape | null = null;
  #bindIndex: Map<string, number> | null = null;
  #setReaders: SetReaders | null = null;

  constructor(compiled: Compiled, compileTime: number) {
    this.compiled = compiled;
    this.compileTime = compileTime;
    const { crud, binds, dialect } = compiled;
    const implicit = crud !== null && crud.implicitReturning.length > 0;
    this.givesRows = compiled.returnsRows && !implicit;
    this.isSimple = (crud === null || crud.prefetch.length === 0) && compiled.surroundings === null;
    this.executeOptions = Object.freeze({
      returnsRows: compiled.returnsRows,
      ...bigIntegers(compiled),
      ...textColumns(compiled),
      ...(crud !== null && crud.lastRowIdColumn !== null && !compiled.returnsRows ? { wantsLastRowId: true } : null),
      ...fixedParameterTypes(compiled),
    });
    this.#processors = binds.map((entry) => entry.processor);
    this.#hasCallables = binds.some((entry) => entry.bind.callable !== null);
    const isNamed = dialect.bindStyle === "named" || dialect.bindStyle === "at_named";
    this.#order = isNamed || compiled.isExpanding ? null : driverOrder(compiled);
    this.#listTexts = compiled.isExpanding ? ListTexts.of(compiled) : null;
    this.#names = isNamed && !compiled.isExpanding ? binds.map((entry) => escapeBindName(entry.name)) : null;
  }

  /** Statement-level values are constant: no bind computes its value. */
  get hasConstantValues(): boolean {
    return !this.#hasCallables;
  }

  /** One value per bind entry, from the statement (`keyed`: the parameters its cache key met) and from parameters. */
  values(
    keyed: readonly BindParameter[] | null,
    params: ParameterSet | null,
    given: ParameterSet | null,
    group = -1,
  ): unknown[] {
    const { binds } = this.compiled;
    const count = binds.length;
    const values: unknown[] = new Array(count);
    for (let index = 0; index < count; index++) {
      const entry = binds[index] as BindEntry;
      const bind = keyed === null || entry.source < 0 ? entry.bind : (keyed[entry.source] as BindParameter);
      const found = params === null ? undefined : lookUp(params, entry, bind);
      if (found !== undefined) values[index] = found;
      else {
        const fallback = given === null ? undefined : lookUp(given, entry, bind);
        if (fallback !== undefined) values[index] = fallback;
        else if (bind.required && bind.callable === null) throw missing(entry, group);
        else values[index] = bind.effectiveValue;
      }
    }
    return values;
  }

  /**
   * What the driver gets for one value per bind entry.
   *
   * @param processors conversions in place of the binds' own; for statements that are {@link isFixed}.
   */
  bind(values: readonly unknown[], processors: readonly Processor[] = this.#processors): BoundStatement {
    const order = this.#order;
    const names = this.#names;
    const sql = this.compiled.fixedText as string;
    if (order !== null) return { sql, parameters: this.parameters(values, order, processors) };
    if (names !== null) return { sql, parameters: this.#byName(values, names, processors) };
    const lists = this.#listTexts;
    return (lists === null ? renderExpanded(this.compiled, values) : lists.render(values)) as BoundStatement;
  }

  /** Options for the driver's call with what {@link bind} made. */
  optionsFor({ parameterTypes }: BoundStatement): ExecuteOptions {
    return parameterTypes === undefined ? this.executeOptions : { ...this.executeOptions, parameterTypes };
  }

  /** The types of the parameters by name, for listeners that may replace them. */
  inputTypes(): Map<string, TypeLike> {
    return new Map<string, TypeLike>(this.compiled.binds.map(({ name, bind }) => [name, bind.type]));
  }

  /** Conversions for replaced types. */
  processorsFor(types: ReadonlyMap<string, TypeLike>): readonly Processor[] {
    const dialect = this.compiled.dialect as TypeDialect;
    return this.compiled.binds.map(({ name, bind, processor }) => {
      const type = types.get(name);
      return type === undefined || type === bind.type
        ? processor
        : dialect.adaptType(toType(type)).bindProcessor(dialect);
    });
  }

  #byName(
    values: readonly unknown[],
    names: readonly string[],
    processors: readonly Processor[],
  ): Record<string, unknown> {
    const parameters: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) {
      const processor = processors[index] as Processor;
      const value = values[index];
      parameters[names[index] as string] = processor === null ? value : processor(value);
    }
    return parameters;
  }

  /** Positional parameters; for statements whose text is fixed. */
  parameters(
    values: readonly unknown[],
    order: readonly number[] = this.#order as readonly number[],
    processors: readonly Processor[] = this.#processors,
  ): unknown[] {
    const count = order.length;
    const parameters: unknown[] = new Array(count);
    for (let index = 0; index < count; index++) {
      const position = order[index] as number;
      const processor = processors[position] as Processor;
      parameters[index] = processor === null ? values[position] : processor(values[position]);
    }
    return parameters;
  }

  /** The text is the same for all values, and parameters go by position. */
  get isFixed(): boolean {
    return this.#order !== null;
  }

  /** Reads parameter sets in the order of the driver's parameters; null where parameters go by name or the text varies. */
  get setReaders(): SetReaders | null {
    if (this.#order === null) return null;
    this.#setReaders ??= new SetReaders(this.compiled.binds, this.#order);
    return this.#setReaders;
  }

  /** Position of a bind by name; -1 when there is none. */
  bindPosition(name: string): number {
    this.#bindIndex ??= new Map(this.compiled.binds.map((entry, index) => [entry.name, index]));
    return this.#bindIndex.get(name) ?? -1;
  }

  /** {@link shape}, with the columns' names as the driver reports them (`driverColumnNames`). */
  driverShape(columns: readonly ColumnDescription[]): RowShape {
    const known = this.#driverShape;
    if (known !== null && sameNames(known, columns)) return known;
    const shape = this.shape(columns);
    const width = shape.keys.names.length;
    this.#driverShape = shape.renamed(columns.slice(0, width).map((column) => column.name));
    return this.#driverShape;
  }

  /** The shape of rows with these columns; worked out at the first execution. */
  shape(columns: readonly ColumnDescription[]): RowShape {
    const known = this.#shape;
    if (known !== null && (this.compiled.resultColumns !== null || sameNames(known, columns))) return known;
    const shape = shapeOf(this.compiled, columns);
    this.#shape = shape;
    return shape;
  }
}

/** What the driver is told about parameters that are the same in every execution. */
function fixedParameterTypes(
  compiled: Compiled,
): { readonly parameterTypes: unknown[] | Record<string, unknown> } | null {
  const { dialect, binds, isExpanding } = compiled;
  const types = isExpanding || binds.length === 0 ? null : ParameterTypes.of(dialect);
  if (types === null) return null;
  const isNamed = dialect.bindStyle === "named" || dialect.bindStyle === "at_named";
  const order = isNamed ? binds.map((_, index) => index) : driverOrder(compiled);
  for (const position of order) {
    const { name, type, bind } = binds[position] as BindEntry;
    types.add(escapeBindName(name), type, bind.isOut);
  }
  return { parameterTypes: types.all };
}

/** Columns that are read from the database's text; null for none, as nearly always. */
function textColumns(compiled: Compiled): { readonly textColumns: readonly number[] } | null {
  const { resultColumns, positionalResult } = compiled;
  if (resultColumns === null || !positionalResult) return null;
  const readsJson = (compiled.dialect as TypeDialect).jsonDeserializer !== undefined;
  const positions = resultColumns.flatMap((column, position) =>
    column.type.readsText || (readsJson && column.type instanceof JSONType) ? [position] : [],
  );
  return positions.length === 0 ? null : { textColumns: positions };
}

/** Columns whose integers are read as bigint, for drivers that read all integers one way. */
function bigIntegers(compiled: Compiled): { readonly bigIntegers: readonly number[] } | null {
  const { resultColumns, positionalResult } = compiled;
  if (resultColumns === null || !positionalResult) return null;
  return {
    bigIntegers: resultColumns.flatMap((column, position) =>
      column.type instanceof BigInteger && column.type.mode === "bigint" ? [position] : [],
    ),
  };
}

function lookUp(params: ParameterSet, entry: BindEntry, bind: BindParameter): unknown {
  const { name } = entry;
  let value = params[name];
  if (value !== undefined && Object.hasOwn(params, name)) return value;
  const key = bind.bindKey;
  if (key !== null && key !== name) {
    value = params[key];
    if (value !== undefined && Object.hasOwn(params, key)) return value;
  }
  if (Object.hasOwn(params, name)) throw undefinedValue(name);
  if (key !== null && Object.hasOwn(params, key)) throw undefinedValue(key);
  return undefined;
}

function undefinedValue(name: string): ArgumentError {
  return new ArgumentError(`the value of parameter ${JSON.stringify(name)} is undefined`, {
    code: "undefined_value",
    fix: "pass null for SQL NULL, or leave the parameter out",
  });
}

function missing(entry: BindEntry, group: number): InvalidRequestError {
  const where = group >= 0 ? `, in parameter group ${group}` : "";
  return new InvalidRequestError(`A value is required for bind parameter '${entry.name}'${where}`, {
    code: "missing_parameter",
  });
}

/** Binds in the order in which the driver takes them: as the text has them; with numbers, each once. */
function driverOrder(compiled: Compiled): number[] {
  const places = compiled.pieces.map((piece) => piece.bind).filter((bind) => bind >= 0);
  return compiled.dialect.bindStyle === "numeric_dollar" ? [...new Set(places)] : places;
}

function sameNames(shape: RowShape, columns: readonly ColumnDescription[]): boolean {
  const { names } = shape.keys;
  return names.length === columns.length && columns.every((column, index) => column.name === names[index]);
}

function shapeOf(compiled: Compiled, columns: readonly ColumnDescription[]): RowShape {
  const dialect = compiled.dialect as TypeDialect;
  const described = compiled.resultColumns;
  if (described === null) {
    return new RowShape(
      new ResultKeys(columns.map((column) => column.name)),
      columns.map(() => null),
    );
  }
  if (compiled.positionalResult && described.length <= columns.length) {
    const given = compiled.attachments.get(RESULT_KEYS) as readonly string[] | undefined;
    const keys = given ?? described.map((column) => column.key);
    const elements = described.map((column) => column.elements);
    const processors = described.map((column, index) => column.type.resultProcessor(dialect, columns[index]?.typeCode));
    // Text may have further columns, which are the program's; those of other statements are helpers of the compiler's.
    const further = compiled.isTextual && given === undefined ? columns.slice(described.length) : [];
    return new RowShape(new ResultKeys([...keys, ...further.map(({ name }) => name)], elements), [
      ...processors,
      ...further.map(() => null),
    ]);
  }
  if (compiled.positionalResult && compiled.isTextual)
    warn(
      `The text has ${columns.length} columns, and ${described.length} were given to columns(): they are matched by name`,
    );
  const byName = new Map(described.map((column) => [column.name, column]));
  const matched = columns.map((column) => byName.get(column.name));
  return new RowShape(
    new ResultKeys(
      columns.map((column, index) => matched[index]?.key ?? column.name),
      matched.map((column) => column?.elements ?? []),
    ),
    columns.map((column, index) => matched[index]?.type.resultProcessor(dialect, column.typeCode) ?? null),
  );
}
