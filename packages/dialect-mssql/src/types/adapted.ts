/** Generic types as SQL Server converts them. */
import {
  bytesToHex,
  LargeBinary,
  type Processor,
  quoteString,
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

/** The same type with other conversions: its properties and its name in SQL are kept. */
const retyped =
  (type: { readonly prototype: SqlType }) =>
  (given: SqlType): SqlType => {
    const copy = Object.assign(Object.create(type.prototype) as SqlType, given);
    if (copy.visitName !== given.visitName) Object.defineProperty(copy, "visitName", { value: given.visitName });
    return copy;
  };

/** Replacements by class. */
export const typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [Unicode, retyped(NationalString)],
  [UnicodeText, retyped(NationalText)],
  [LargeBinary, retyped(HexBinary)],
]);
