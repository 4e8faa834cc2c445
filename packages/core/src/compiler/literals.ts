/** Values rendered into SQL text. */
import { CompileError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import type { SqlType } from "../types/type.ts";
import type { CompilerDialect } from "./dialect-port.ts";

/**
 * A value as SQL text, by its type's rules.
 *
 * @throws CompileError when the type has no safe rendering.
 */
export function literalText(value: unknown, type: SqlType, dialect: CompilerDialect): string {
  if (value === null && !type.convertsNull) return "NULL";
  const adapted = dialect.adaptType(type);
  const processor = adapted.literalProcessor(dialect);
  if (processor === null) {
    throw new CompileError(
      `No literal value renderer is available for literal value ${describe(value)} with datatype ${type.toString()}`,
      {
        fix: "give the value a type: literal(value, t.string)",
      },
    );
  }
  try {
    return processor(value);
  } catch (error) {
    if (error instanceof CompileError) throw error;
    throw new CompileError(`Could not render literal value ${describe(value)} with datatype ${type.toString()}`, {
      cause: error,
      fix: error instanceof Error ? error.message : "",
    });
  }
}
