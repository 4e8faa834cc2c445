/** JSON of Oracle: documents that the driver has parsed (21c and later), bytes and text (before). */
import { JSONType, type Processor, type TypeDialect } from "@athanor/core";

/** Type code that the driver reports for columns whose documents it has parsed already. */
export const PARSED_JSON = "json";

/** A JSON column's conversions. */
export class StoredJson extends JSONType {
  override resultProcessor(dialect: TypeDialect, typeCode?: number | string): Processor {
    const text = super.resultProcessor(dialect);
    const parsed = super.resultProcessor(Object.create(dialect, { jsonAsText: { value: false } }) as TypeDialect);
    if (typeCode === PARSED_JSON) return parsed;
    const read = (value: unknown): unknown => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
    return (value) => (text === null ? read(value) : text(read(value)));
  }
}
