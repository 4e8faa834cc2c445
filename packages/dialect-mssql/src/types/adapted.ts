/** Generic types as SQL Server converts them. */
import {
  bytesToHex,
  Integer,
  LargeBinary,
  type Processor,
  quoteString,
  retyped,
  type SqlType,
  type TypeDialect,
  Unicode,
  UnicodeText,
} from "@athanor/core";

const national =
  (dialect: TypeDialect): Processor<unknown, string> =>
  (value) =>
    `N${quoteString(String(value), dialect)}`;

class NationalString extends Unicode {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return national(dialect);
  }
}

class NationalText extends UnicodeText {
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return national(dialect);
  }
}

class HexBinary extends LargeBinary {
  override literalProcessor(): Processor<unknown, string> {
    return (value) => `0x${bytesToHex(value as Uint8Array)}`;
  }
}

function toNumber(value: unknown): unknown {
  return typeof value === "bigint" || typeof value === "string" ? Number(value) : value;
}

/** 64-bit results of expressions come as bigint; integers are numbers. Types that convert by themselves are left alone. */
const integers = (type: Integer): SqlType =>
  Object.create(type, {
    resultProcessor: {
      value: (dialect: TypeDialect, typeCode?: number | string): Processor =>
        type.resultProcessor(dialect, typeCode) ?? toNumber,
    },
  }) as SqlType;

/** Replacements by class. */
export const typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [Unicode, retyped(NationalString)],
  [UnicodeText, retyped(NationalText)],
  [LargeBinary, retyped(HexBinary)],
  [Integer, integers],
]);
