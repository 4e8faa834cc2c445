/** Dates whose clock is UTC, whatever the machine's time zone: oracledb writes DATE and TIMESTAMP by the local getters. */

/** A Date that tells UTC where it is asked for local time, with microseconds beyond its milliseconds. */
export class UtcDate extends Date {
  readonly #microseconds: number;

  constructor(milliseconds: number, microseconds = 0) {
    super(milliseconds);
    this.#microseconds = microseconds;
  }

  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }

  /** With a fraction: oracledb multiplies it to nanoseconds and drops what is left. */
  override getUTCMilliseconds(): number {
    const whole = super.getUTCMilliseconds();
    return this.#microseconds === 0 ? whole : whole + (this.#microseconds + 0.0005) / 1000;
  }
}
