/**
 * Which statements must be prepared again because of their parameters. MySQL (8.0.22 and later) takes over the types of the values
 * that a prepared statement is executed with, and afterwards casts values of other types to them without a word: after a number, `"abc"` is
 * 0. It does so also where a table got columns of other types since. MariaDB goes by each execution's own types.
 */

/** Statements whose types are remembered; more than are kept prepared. */
const MAX_REMEMBERED = 1000;

/** What the server takes a value for. Signed integers are one: the server takes the widest of them. NULL is of any type. */
export const ParameterType = {
  unknown: 0,
  text: 1,
  binary: 2,
  double: 3,
  integer: 4,
  unsigned: 5,
  decimal: 6,
} as const;
export type ParameterType = (typeof ParameterType)[keyof typeof ParameterType];

interface KnownTypes {
  readonly types: ParameterType[];
  /** The schema's version when the statement was prepared. */
  version: number;
}

/** The types of the parameters of one connection's prepared statements. */
export class ParameterTypes {
  readonly #known = new Map<string, KnownTypes>();
  #version = 0;
  readonly #typeOf: (value: unknown) => ParameterType;

  constructor(typeOf: (value: unknown) => ParameterType) {
    this.#typeOf = typeOf;
  }

  /** The tables may have other columns now. */
  schemaChanged(): void {
    this.#version++;
  }

  /** Remembers the types of these values; true where the statement was executed with others before, or on another schema. */
  changed(sql: string, values: readonly unknown[]): boolean {
    const known = this.#known.get(sql);
    if (known === undefined) {
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(sql, { types: values.map(this.#typeOf), version: this.#version });
      return false;
    }
    const { types } = known;
    let hasChanged = known.version !== this.#version;
    known.version = this.#version;
    for (let index = 0; index < values.length; index++) {
      const type = this.#typeOf(values[index]);
      if (type === types[index] || type === ParameterType.unknown) continue;
      if (types[index] !== ParameterType.unknown) hasChanged = true;
      types[index] = type;
    }
    return hasChanged;
  }
}
