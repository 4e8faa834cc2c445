/** Text types. All of them concatenate with `+`. Next: ./enum.ts. */
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { optionalCount, splitOptions } from "./arguments.ts";
import { describe, quoteString } from "./literals.ts";
import type { TypeDialect } from "./type.ts";
import {
  type AdaptedOperator,
  type Affinity,
  adaptConcatenation,
  defineVisitName,
  type Processor,
  SqlType,
} from "./type.ts";

/** Options of the text types. */
export interface StringOptions {
  /** Number of characters (bytes on some databases). */
  readonly length?: number | undefined;
  /** Name of a collation, rendered with COLLATE. */
  readonly collation?: string | undefined;
  /** Schema of the collation. */
  readonly collationSchema?: string | undefined;
}

/** Text: VARCHAR(length). */
export class StringType<out T = string, out Input = T> extends SqlType<T, Input> {
  readonly length: number | undefined;
  readonly collation: string | undefined;
  readonly collationSchema: string | undefined;

  constructor(...values: (number | null | undefined | StringOptions)[]) {
    super();
    const [positional, options] = splitOptions<StringOptions>(values);
    this.length = optionalCount("string", "length", positional[0] ?? options.length);
    this.collation = options.collation ?? undefined;
    this.collationSchema = options.collationSchema ?? undefined;
    if (this.collationSchema !== undefined && this.collation === undefined) {
      throw new ArgumentError("string: collationSchema needs a collation", { fix: "give both" });
    }
  }

  override get affinity(): Affinity {
    return "string";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string";
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    return adaptConcatenation(this, operator, other) ?? super.adaptOperator(operator, other);
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      if (typeof value === "string") return quoteString(value, dialect);
      if (value === null || value === undefined) return "NULL";
      throw new ArgumentError(`${describe(value)} is not a string`);
    };
  }
}

defineVisitName(StringType, "string");

/** Text of any length: TEXT or CLOB. */
export class Text extends StringType {}

defineVisitName(Text, "text");

/** Text that is Unicode even where VARCHAR is not: NVARCHAR on some databases. */
export class Unicode extends StringType {}

defineVisitName(Unicode, "unicode");

/** Unicode text of any length: NCLOB on some databases. */
export class UnicodeText extends Text {}

defineVisitName(UnicodeText, "unicodeText");

/** The plain StringType that everything shares. */
export const STRINGTYPE: StringType = new StringType();
