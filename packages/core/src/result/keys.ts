/** The names of a result's columns, and how a value is found by name, position or expression. Next: ./row.ts. */
import { InvalidRequestError, NoSuchColumnError } from "../errors/errors.ts";

/** What identifies a column of a result: its name, its position, or an expression that was selected. */
export type ColumnKey = string | number | object;

/** The columns of one shape of rows. Made once per statement. */
export class ResultKeys {
  /** Names in order; a name may occur more than once. */
  readonly names: readonly string[];
  readonly #elements: readonly Iterable<object>[];
  readonly #index = new Map<string | object, number>();
  readonly #ambiguous = new Set<string | object>();

  /** @param elements per column, the expressions by which it can be asked for. */
  constructor(names: readonly string[], elements: readonly Iterable<object>[] = []) {
    this.names = names;
    this.#elements = elements;
    for (const [position, name] of names.entries()) this.#add(name, position);
    for (const [position, list] of elements.entries()) for (const element of list) this.#add(element, position);
  }

  /** Some of the columns, in the given order. */
  pick(positions: readonly number[]): ResultKeys {
    return new ResultKeys(
      positions.map((position) => this.names[position] as string),
      positions.map((position) => this.#elements[position] ?? []),
    );
  }

  /** These columns, then those of another. */
  concat(other: ResultKeys): ResultKeys {
    const elements = this.names.map((_, position) => this.#elements[position] ?? []);
    return new ResultKeys([...this.names, ...other.names], [...elements, ...other.#elements]);
  }

  /** The same columns under other names. */
  renamed(names: readonly string[]): ResultKeys {
    return new ResultKeys(names, this.#elements);
  }

  #add(key: string | object, position: number): void {
    const known = this.#index.get(key);
    if (known === undefined) this.#index.set(key, position);
    else if (known !== position) this.#ambiguous.add(key);
  }

  /** Whether a name belongs to more than one column. */
  isAmbiguous(key: string | object): boolean {
    return this.#ambiguous.has(key);
  }

  /** Whether there is such a column. */
  has(key: ColumnKey): boolean {
    return typeof key === "number"
      ? key >= 0 && key < this.names.length
      : this.#index.has(key) || this.#similar(key) !== undefined;
  }

  /**
   * The position of a column.
   *
   * @throws NoSuchColumnError when there is none; InvalidRequestError when the name belongs to several.
   */
  position(key: ColumnKey): number {
    if (typeof key === "number") {
      const position = key < 0 ? key + this.names.length : key;
      if (Number.isInteger(position) && position >= 0 && position < this.names.length) return position;
      throw new NoSuchColumnError(`The rows have ${this.names.length} columns; there is none at position ${key}`);
    }
    if (this.#ambiguous.has(key)) {
      throw new InvalidRequestError(`Ambiguous column name '${describe(key)}' in result set column descriptions`, {
        fix: "ask by position, or give the columns labels",
      });
    }
    const position = this.#index.get(key) ?? this.#similar(key);
    if (position !== undefined) return position;
    throw new NoSuchColumnError(`Could not locate column in row for column '${describe(key)}'`, {
      fix: `its columns are ${this.names.join(", ") || "none"}`,
    });
  }

  /** Attributes of mapped classes stand for their column; text results are matched by a column's name. */
  #similar(key: string | object): number | undefined {
    if (typeof key === "string") return undefined;
    const standsFor = (key as { [inner: symbol]: unknown })[Symbol.for("athanor.clauseElement")];
    if (typeof standsFor === "function") {
      const element = standsFor.call(key) as object;
      if (element !== key && this.#index.has(element)) return this.#index.get(element);
    }
    const { name } = key as { name?: unknown };
    return typeof name === "string" && this.#byNameAllowed && !this.#ambiguous.has(name)
      ? this.#index.get(name)
      : undefined;
  }

  /** Columns were only known by name (text), so that expressions are matched by theirs. */
  get #byNameAllowed(): boolean {
    return this.#index.size === new Set(this.names).size;
  }
}

function describe(key: string | object): string {
  if (typeof key === "string") return key;
  const { table, key: name } = key as { table?: { name?: unknown } | null; key?: unknown };
  return typeof name === "string" ? `${typeof table?.name === "string" ? `${table.name}.` : ""}${name}` : String(key);
}
