/** UUIDs. Values are text with dashes on every database; without a native type 32 hexadecimal digits are stored. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "./literals.ts";
import type { TypeDialect } from "./type.ts";
import { type Affinity, defineVisitName, type Processor, SqlType } from "./type.ts";

/** Options of {@link Uuid}. */
export interface UuidOptions {
  /** Kept for parity: values are text either way. With `false`, literals are written without dashes. */
  readonly asUuid?: boolean | undefined;
  /** Use the database's own type where it has one. */
  readonly nativeUuid?: boolean | undefined;
}

/** A UUID: the native type, or CHAR(32). */
export class Uuid extends SqlType<string> {
  readonly asUuid: boolean;
  readonly nativeUuid: boolean;

  constructor(options: UuidOptions = {}) {
    super();
    this.asUuid = options.asUuid ?? true;
    this.nativeUuid = options.nativeUuid ?? true;
  }

  override get affinity(): Affinity {
    return "uuid";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string";
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    return this.isNativeOn(dialect) ? null : toHex;
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    return this.isNativeOn(dialect) ? null : fromHex;
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const dashes = this.asUuid && this.isNativeOn(dialect);
    return (value) => {
      const hex = toHex(value);
      return hex === null ? "NULL" : `'${dashes ? withDashes(hex) : hex}'`;
    };
  }

  /** Equal whatever the case and the dashes. */
  override compareValues(a: string, b: string): boolean {
    return a === b || (isUuid(a) && isUuid(b) && toHex(a) === toHex(b));
  }

  /** Whether values travel as the database's own type. */
  protected isNativeOn(dialect: TypeDialect): boolean {
    return this.nativeUuid && dialect.supportsNativeUuid;
  }
}

defineVisitName(Uuid, "uuid");

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** Whether a value is a UUID's text, with or without dashes. */
export function isUuid(value: unknown): boolean {
  return typeof value === "string" && uuid.test(value);
}

function toHex(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" && uuid.test(value)) return value.replaceAll("-", "").toLowerCase();
  throw new ArgumentError(`${describe(value)} is not a UUID`, {
    fix: "pass 32 hexadecimal digits, with or without dashes",
  });
}

function fromHex(value: unknown): unknown {
  return typeof value === "string" && value.length === 32 ? withDashes(value) : (value ?? null);
}

function withDashes(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
