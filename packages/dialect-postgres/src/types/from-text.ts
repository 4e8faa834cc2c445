/** Values of any type out of PostgreSQL's text form: bounds of ranges, items of arrays whose type the driver does not know. */
import { BigInteger, type SqlType, type TypeDialect } from "@athanor/core";

/** Bytes of `\x6162`. */
export function readBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text.startsWith("\\x") ? text.slice(2) : text, "hex");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads the text of a value that is not NULL. */
export function fromText(type: SqlType, dialect: TypeDialect): (text: string) => unknown {
  const adapted = dialect.adaptType(type);
  const process = adapted.resultProcessor(dialect);
  const then = (read: (text: string) => unknown): ((text: string) => unknown) =>
    process === null ? read : (text) => process(read(text));
  switch (adapted.affinity) {
    case "integer":
      return adapted instanceof BigInteger ? then(BigInt) : then(Number);
    case "float":
      return then(Number);
    case "boolean":
      return then((text) => text === "t" || text === "true");
    case "binary":
      return then(readBytes);
    case "json":
      return then((text) => JSON.parse(text) as unknown);
    default:
      return then((text) => text);
  }
}
