/** Functions and aggregates of a program, for SQL: `connectArgs: { functions, aggregates }`. */

/**
 * A function for SQL. It is given numbers (whole ones beyond 2^53 as bigint), strings, `Uint8Array` and null, and may give back what
 * can be bound: these, booleans, Dates, undefined for NULL.
 */
export type SQLiteFunction = (...values: never[]) => unknown;

/** How SQLite may call what was defined. */
export interface SQLiteFunctionFacts {
  /** The same arguments always give the same result, so that it may stand in indexes and need not be called again. Default `true`. */
  readonly deterministic?: boolean;
  /** It takes any number of arguments. Default `false`: as many as the function declares. */
  readonly varargs?: boolean;
}

/** A function with its facts: `random: { call: Math.random, deterministic: false }`. */
export interface SQLiteFunctionOptions extends SQLiteFunctionFacts {
  readonly call: SQLiteFunction;
}

/**
 * An aggregate function; with `inverse` a window function, too.
 *
 * @example aggregates: { product: { start: 1, step: (product: number, value: number) => product * value } }
 */
export interface SQLiteAggregate extends SQLiteFunctionFacts {
  /** The first state, or a function that makes it for each group. */
  readonly start: unknown;
  /** Takes in the arguments of one row. Returns the new state; undefined keeps the one it has, for states that are changed in place. */
  readonly step: (state: never, ...values: never[]) => unknown;
  /** Takes the arguments of a row out again, as `step` took them in: for windows that move. */
  readonly inverse?: (state: never, ...values: never[]) => unknown;
  /** From the state to the result. Default: the state itself. */
  readonly result?: (state: never) => unknown;
}
