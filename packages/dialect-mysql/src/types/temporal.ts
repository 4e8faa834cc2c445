/** MySQL's temporal types: `fsp` is the number of digits after the second. Values are UTC, as the session's time zone is. */
import { DateTime, defineVisitName, Integer, optionalCount, type TimeOptions, TimeType } from "@athanor/core";
import { splitArguments } from "./arguments.ts";

/** Options of DATETIME, TIMESTAMP and TIME. */
export interface FractionOptions extends TimeOptions {
  /** Digits after the second, 0 to 6. */
  readonly fsp?: number | undefined;
}

/** DATETIME(fsp). */
export class MySQLDateTime<T = Date> extends DateTime<T> {
  readonly fsp: number | undefined;

  constructor(options: FractionOptions = {}) {
    super(options);
    this.fsp = optionalCount("datetime", "fsp", options.fsp);
  }
}
defineVisitName(MySQLDateTime, "DATETIME");

/** TIMESTAMP(fsp): stored in UTC, from 1970 to 2038 on most servers. */
export class MySQLTimestamp<T = Date> extends DateTime<T> {
  readonly fsp: number | undefined;

  constructor(options: FractionOptions = {}) {
    super(options);
    this.fsp = optionalCount("timestamp", "fsp", options.fsp);
  }
}
defineVisitName(MySQLTimestamp, "TIMESTAMP");

/** TIME(fsp). */
export class MySQLTime<T = string> extends TimeType<T> {
  readonly fsp: number | undefined;

  constructor(options: FractionOptions = {}) {
    super(options);
    this.fsp = optionalCount("time", "fsp", options.fsp);
  }
}
defineVisitName(MySQLTime, "TIME");

/** Options of YEAR. */
export interface YearOptions {
  /** Digits that are shown; servers since 8.0 know 4 only. */
  readonly displayWidth?: number | null;
}

/** YEAR, 1901 to 2155. */
export class MySQLYear extends Integer {
  readonly displayWidth: number | undefined;

  constructor(...args: readonly (number | null | undefined | YearOptions)[]) {
    super();
    const [positional, options] = splitArguments<YearOptions>(args);
    this.displayWidth = optionalCount("year", "displayWidth", positional[0] ?? options.displayWidth);
  }
}
defineVisitName(MySQLYear, "YEAR");
