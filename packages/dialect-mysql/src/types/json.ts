/** JSON on MySQL and MariaDB: documents travel as text; keys, positions and paths are JSON path text. */
import {
  defineVisitName,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  JSONType,
  type Processor,
  quoteString,
  type TypeDialect,
} from "@athanor/core";

/** JSON documents. */
export class MySQLJSON<T = unknown, Ops = unknown, Input = T> extends JSONType<T, Ops, Input> {}
defineVisitName(MySQLJSON, "JSON");

/** One step of a path; names are quoted as JSON strings. */
function step(part: string | number): string {
  return typeof part === "number" ? `[${part}]` : `.${JSON.stringify(part)}`;
}

/** The path of one or more steps: `$."a"[1]`. */
export function jsonPath(parts: readonly (string | number)[]): string {
  return `$${parts.map(step).join("")}`;
}

const steps = (value: unknown): readonly (string | number)[] =>
  Array.isArray(value) ? (value as (string | number)[]) : [value as string | number];
const toPath: Processor = (value) => (value === null || value === undefined ? null : jsonPath(steps(value)));
const literalPath =
  (dialect: TypeDialect): Processor<unknown, string> =>
  (value) =>
    quoteString(jsonPath(steps(value)), dialect);

/** A name as a path. */
export class MySQLJSONStringIndex extends JSONStringIndex {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return toPath;
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return literalPath(dialect);
  }
}

/** A position as a path. */
export class MySQLJSONIntegerIndex extends JSONIntegerIndex {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return toPath;
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return literalPath(dialect);
  }
}

/** A list of names and positions as a path. */
export class MySQLJSONPath extends JSONPath {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return toPath;
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return literalPath(dialect);
  }
}
