/** Text, templates and calls of functions can be executed as they are: the options of statements, for them. */
import { copyWith } from "../ast/traverse.ts";
import { FunctionElement } from "../expression/function.ts";
import { SqlTemplate } from "../expression/template.ts";
import { TextClause } from "../expression/text.ts";
import { type ExecutionOptions, requireStatementOptions, type StatementOption } from "./executable.ts";

/** What {@link TextClause}, {@link SqlTemplate} and {@link FunctionElement} share with statements. */
export interface StatementMethods {
  /** Options given with {@link options}; absent where there are none. */
  readonly givenOptions?: readonly StatementOption[];
  /** Options given with {@link executionOptions}; absent where there are none. */
  readonly givenExecutionOptions?: ExecutionOptions;
  /** Options for the execution as a statement. Known names are documented at `Connection.executionOptions`. */
  executionOptions(options: ExecutionOptions): this;
  /** The options that {@link executionOptions} has gathered. */
  getExecutionOptions(): ExecutionOptions;
  /** Options of the ORM, for listeners of `doOrmExecute`: rows of text are no objects. See `select().fromStatement()` for those. */
  options(...options: readonly StatementOption[]): this;
}

declare module "../expression/text.ts" {
  interface TextClause extends StatementMethods {}
}

declare module "../expression/template.ts" {
  interface SqlTemplate<T, I> extends StatementMethods {}
}

declare module "../expression/function.ts" {
  interface FunctionElement<T, I> extends StatementMethods {}
}

type Statement = TextClause | SqlTemplate | FunctionElement;

const none: ExecutionOptions = Object.freeze({});

for (const { prototype } of [TextClause, SqlTemplate, FunctionElement]) {
  Object.defineProperties(prototype, {
    getExecutionOptions: {
      value(this: Statement): ExecutionOptions {
        return this.givenExecutionOptions ?? none;
      },
    },
    executionOptions: {
      value(this: Statement, options: ExecutionOptions): Statement {
        requireStatementOptions(options);
        return copyWith(this, { givenExecutionOptions: { ...this.givenExecutionOptions, ...options } });
      },
    },
    options: {
      value(this: Statement, ...options: readonly StatementOption[]): Statement {
        return copyWith(this, { givenOptions: [...(this.givenOptions ?? []), ...options] });
      },
    },
  });
}
