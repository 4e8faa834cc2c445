/** Generic types as SQL Server converts them. */
import {
  bytesToHex,
  Integer,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  jsonPathText,
  LargeBinary,
  type Processor,
  quoteString,
  retyped,
  type SqlType,
  type TypeDialect,
  Unicode,
  UnicodeText,
  Uuid,
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

/** Literals of UNIQUEIDENTIFIER have their dashes, whatever the program reads. */
const uuids = (type: Uuid): SqlType =>
  Object.create(type, {
    literalProcessor: {
      value: (dialect: TypeDialect): Processor<unknown, string> =>
        new Uuid({ nativeUuid: type.nativeUuid }).literalProcessor(dialect),
    },
  }) as SqlType;

const toPath: Processor<unknown, string> = (value) => jsonPathText(value);
const pathLiteral =
  (dialect: TypeDialect): Processor<unknown, string> =>
  (value) =>
    quoteString(jsonPathText(value), dialect);

class KeyPath extends JSONStringIndex {
  override bindProcessor(): Processor {
    return toPath as Processor;
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return pathLiteral(dialect);
  }
}
class IndexPath extends JSONIntegerIndex {
  override bindProcessor(): Processor {
    return toPath as Processor;
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return pathLiteral(dialect);
  }
}
class StepsPath extends JSONPath {
  override bindProcessor(): Processor {
    return toPath as Processor;
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return pathLiteral(dialect);
  }
}

/** Replacements by class. */
export const typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = new Map<unknown, (type: never) => SqlType>([
  [Unicode, retyped(NationalString)],
  [UnicodeText, retyped(NationalText)],
  [LargeBinary, retyped(HexBinary)],
  [Integer, integers],
  [Uuid, uuids],
  [JSONStringIndex, retyped(KeyPath)],
  [JSONIntegerIndex, retyped(IndexPath)],
  [JSONPath, retyped(StepsPath)],
]);
