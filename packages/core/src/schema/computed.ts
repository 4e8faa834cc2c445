/** `GENERATED ALWAYS AS (…)`: columns that the database computes from others. */
import { defineKind } from "../ast/node.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { takeDialectOptions } from "../selectable/dialect-options.ts";
import { ddlExpression } from "./expression.ts";
import { FetchedValue } from "./server-default.ts";

/** Options of {@link computed}. */
export interface ComputedOptions {
  /** `STORED` (true) or `VIRTUAL` (false); left to the database where it is left out. */
  readonly persisted?: boolean | null | undefined;
}

const optionNames = new Set(["persisted"]);

/** The expression of a computed column. */
export class Computed extends FetchedValue {
  declare readonly "~item": "computed";
  readonly sqltext: ClauseElement;
  readonly persisted: boolean | null;

  constructor(sqltext: unknown, options: ComputedOptions = {}) {
    super();
    this.sqltext = ddlExpression(sqltext, "computed()");
    this.persisted = options.persisted ?? null;
    this.dialectOptions = takeDialectOptions(options, optionNames, "computed()");
  }

  override asForUpdate(): Computed {
    return this;
  }

  override copy(): Computed {
    return this.withExpression(this.sqltext);
  }

  /** The same with another expression, for copies of tables. */
  withExpression(sqltext: ClauseElement): Computed {
    return new Computed(sqltext, { persisted: this.persisted });
  }
}
defineKind(Computed, "computedColumn");

/** A column computed by the database: `column(t.integer, computed("width * height", { persisted: true }))`. */
export function computed(sqltext: unknown, options: ComputedOptions = {}): Computed {
  return new Computed(sqltext, options);
}
