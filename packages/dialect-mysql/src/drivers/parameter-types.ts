/**
 * Which statements must be prepared again because of their parameters. MySQL (8.0.22 and later) takes over the types of the values
 * that a prepared statement is executed with, and afterwards casts values of other types to them without a word: after a number, `"abc"` is
 * 0. MariaDB goes by each execution's own types.
 */

/** Statements whose types are remembered; more than mysql2 keeps prepared. */
const MAX_REMEMBERED = 1000;

const UNKNOWN = 0;
const TEXT = 1;
const BINARY = 2;
const DOUBLE = 3;
/** All signed integers: the server takes the widest of them. */
const INTEGER = 4;
const UNSIGNED = 5;
const DECIMAL = 6;

/** LONG and LONGLONG in the protocol. */
const integers: ReadonlySet<number | undefined> = new Set([3, 8]);

/** What the server takes an encoded value for; NULL is of any type. */
function typeOf(value: unknown): number {
  switch (typeof value) {
    case "string":
      return TEXT;
    case "number":
      return DOUBLE;
    case "boolean":
      return INTEGER;
    default:
  }
  if (value === null) return UNKNOWN;
  if (Buffer.isBuffer(value)) return BINARY;
  const { type, unsigned } = value as { readonly type?: number; readonly unsigned?: boolean };
  if (unsigned === true) return UNSIGNED;
  return integers.has(type) ? INTEGER : DECIMAL;
}

/** The types of the parameters of one connection's prepared statements. */
export class ParameterTypes {
  readonly #known = new Map<string, number[]>();

  /** Remembers the types of these values; true where the statement was executed with others before. */
  changed(sql: string, values: readonly unknown[]): boolean {
    const known = this.#known.get(sql);
    if (known === undefined) {
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(sql, values.map(typeOf));
      return false;
    }
    let hasChanged = false;
    for (let index = 0; index < values.length; index++) {
      const type = typeOf(values[index]);
      if (type === known[index] || type === UNKNOWN) continue;
      if (known[index] !== UNKNOWN) hasChanged = true;
      known[index] = type;
    }
    return hasChanged;
  }
}
