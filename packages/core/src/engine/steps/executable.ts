/** What `execute()` takes, as a statement: functions and sequences are selected, text and statements are what they are. */
import { ObjectNotExecutableError } from "../../errors/errors.ts";
import { ClauseElement } from "../../expression/clause-element.ts";
import { resolveNode } from "../../expression/coerce.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import { FunctionElement } from "../../expression/function.ts";
import { SqlTemplate } from "../../expression/template.ts";
import { TextClause } from "../../expression/text.ts";
import { Executable } from "../../selectable/executable.ts";
import { Select } from "../../selectable/select.ts";
import { describe } from "../../types/literals.ts";

/** `SELECT expression`, with the execution options that a call of a function was given. */
function selectOf(node: ColumnElement): Select {
  const select = new Select([node]);
  return node instanceof FunctionElement ? select.executionOptions(node.getExecutionOptions()) : select;
}

/**
 * The statement behind a value.
 *
 * @throws ObjectNotExecutableError for strings, with the way to write them, and for anything that cannot be executed.
 */
export function executableOf(given: unknown): ClauseElement {
  if (given instanceof Executable || given instanceof TextClause || given instanceof SqlTemplate) return given;
  if (typeof given === "string") {
    throw new ObjectNotExecutableError(`Not an executable object: ${describe(given)}`, {
      code: "not_executable",
      fix: "write text(…) around SQL, or use execDriverSql() for SQL that goes to the driver as it is",
    });
  }
  const node = resolveNode(given);
  if (node instanceof Executable) return node;
  if (node instanceof ColumnElement) return selectOf(node);
  const next = (given as { nextValue?: () => unknown } | null)?.nextValue?.();
  if (next instanceof ColumnElement) return new Select([next]);
  // Own statement classes that are rendered by compiles().
  if (node instanceof ClauseElement && (node as { isExecutable?: boolean }).isExecutable === true) return node;
  throw new ObjectNotExecutableError(`Not an executable object: ${describe(given)}`, {
    code: "not_executable",
    fix: "execute() takes a select(), insert(), update(), delete_(), text() or DDL statement",
  });
}
