/** Parameter values that need to say what they are: MySQL treats `"1.5"` the text otherwise than 1.5 the decimal. */

/** An exact decimal number, sent as DECIMAL. */
export class DecimalParameter {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }
}
