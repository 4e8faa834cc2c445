/**
 * Which statements must be prepared again because of their parameters. MySQL (8.0.22 and later) takes over the types of the values
 * that a prepared statement is executed with, and afterwards casts values of other types to them without a word: after a number, `"abc"` is
 * 0. MariaDB goes by each execution's own types.
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

/** The types of the parameters of one connection's prepared statements. */
export class ParameterTypes {
  readonly #known = new Map<string, ParameterType[]>();
  readonly #typeOf: (value: unknown) => ParameterType;

  constructor(typeOf: (value: unknown) => ParameterType) {
    this.#typeOf = typeOf;
  }

  /** Remembers the types of these values; true where the statement was executed with others before. */
  changed(sql: string, values: readonly unknown[]): boolean {
    const known = this.#known.get(sql);
    if (known === undefined) {
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(sql, values.map(this.#typeOf));
      return false;
    }
    let hasChanged = false;
    for (let index = 0; index < values.length; index++) {
      const type = this.#typeOf(values[index]);
      if (type === known[index] || type === ParameterType.unknown) continue;
      if (known[index] !== ParameterType.unknown) hasChanged = true;
      known[index] = type;
    }
    return hasChanged;
  }
}
