/** BOOLEAN, stored as 1 and 0 where the database has none. Fills the slot for the type of comparisons. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "./literals.ts";
import type { TypeDialect } from "./type.ts";
import { type Affinity, booleanSlot, defineVisitName, type Processor, SqlType } from "./type.ts";

/** Options of {@link BooleanType}. */
export interface BooleanOptions {
  /** Add a CHECK constraint for 0 and 1 where the database has no BOOLEAN. */
  readonly createConstraint?: boolean | undefined;
  /** Name of that constraint. */
  readonly name?: string | undefined;
}

/** Truth values: `true` and `false` on every database. */
export class BooleanType extends SqlType<boolean> {
  readonly createConstraint: boolean;
  readonly name: string | undefined;

  constructor(options: BooleanOptions = {}) {
    super();
    this.createConstraint = options.createConstraint ?? false;
    this.name = options.name;
  }

  override get affinity(): Affinity {
    return "boolean";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "boolean";
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    return dialect.supportsNativeBoolean ? toBoolean : toInteger;
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    return dialect.supportsNativeBoolean ? null : fromInteger;
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const [yes, no] = dialect.supportsNativeBoolean ? ["true", "false"] : ["1", "0"];
    return (value) => {
      const truth = toBoolean(value);
      return truth === null ? "NULL" : truth ? yes : no;
    };
  }
}

defineVisitName(BooleanType, "boolean");

/** The result type of `match()`, which is not a truth value on every database: dialects convert it by this class. */
export class MatchType extends BooleanType {}

/** The one plain BooleanType that comparisons share. */
export const BOOLEANTYPE: BooleanType = new BooleanType();

booleanSlot.type = () => BOOLEANTYPE;

function toBoolean(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (value === null || value === undefined) return null;
  if (value === 1 || value === 0) return value === 1;
  throw new ArgumentError(`${describe(value)} is not a boolean`, { fix: "pass true, false or null" });
}

function toInteger(value: unknown): number | null {
  const truth = toBoolean(value);
  return truth === null ? null : truth ? 1 : 0;
}

function fromInteger(value: unknown): unknown {
  return value === null || value === undefined ? null : Boolean(typeof value === "string" ? Number(value) : value);
}
