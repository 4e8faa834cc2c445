/** Parameter values that need to say what they are: MySQL treats `"1.5"` the text otherwise than 1.5 the decimal. */

abstract class TypedParameter<T extends string | number> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  toString(): string {
    return String(this.value);
  }

  toJSON(): T {
    return this.value;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return String(this.value);
  }
}

/** An exact decimal number, sent as DECIMAL. */
export class DecimalParameter extends TypedParameter<string> {}

/** A whole number of a floating point type, sent as DOUBLE: of integers, MySQL makes BIGINT and DECIMAL results. */
export class DoubleParameter extends TypedParameter<number> {}
