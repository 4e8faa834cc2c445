/** DDL given as text, with the names of the table that it is about filled in. */
import { defineKind } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import { DdlElement } from "./element.ts";

/** Options of {@link ddl}. */
export interface DdlTextOptions {
  /** Values for `%(name)s` in the text. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A DDL statement as text. */
export class DdlText extends DdlElement {
  readonly statement: string;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(statement: string, options: DdlTextOptions = {}) {
    super();
    if (typeof statement !== "string") throw new ArgumentError(`ddl() takes SQL text, not ${describe(statement)}`);
    this.statement = statement;
    this.context = options.context ?? {};
  }

  /** The text with its values. A percent sign is written `%%`. */
  fill(values: Readonly<Record<string, unknown>>): string {
    const all = { ...values, ...this.context };
    return this.statement.replaceAll(/%%|%\((\w+)\)s/g, (match, name: string | undefined) => {
      if (name === undefined) return "%";
      if (Object.hasOwn(all, name)) return String(all[name]);
      throw new ArgumentError(`ddl(): there is no value for ${match}`, {
        fix: "pass it in { context }; table, schema and fullname are known where the statement is about a table",
      });
    });
  }
}
defineKind(DdlText, "ddl");

/**
 * A DDL statement as text, for what has no element of its own. Bound to an event of a table it knows `%(table)s`,
 * `%(schema)s` and `%(fullname)s`; a percent sign is written `%%`.
 *
 * @example listen(users, "afterCreate", ddl("ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY").executeIf({ dialect: "postgresql" }));
 */
export function ddl(statement: string, options: DdlTextOptions = {}): DdlText {
  return new DdlText(statement, options);
}
