/** Generic types as SQL Server converts them. */
import {
  bytesToHex,
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

/** Replacements by class. */
export const typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [Unicode, retyped(NationalString)],
  [UnicodeText, retyped(NationalText)],
  [LargeBinary, retyped(HexBinary)],
]);
