/** Inspectors of the synchronous API: what a database holds. The questions stand in ../reflect/inspector-steps.ts. */
import { runSync } from "@athanor/driver";
import type { Dialect } from "../dialect/dialect.ts";
import { ArgumentError } from "../errors/errors.ts";
import { addFrontMethods, type BlockingInspector } from "../reflect/front.ts";
import { InspectorSteps } from "../reflect/inspector-steps.ts";
import { connectionSource, engineSource } from "../reflect/source.ts";
import type { ReflectBind, ReflectOperation } from "../schema/ports.ts";
import { describe } from "../types/literals.ts";
import { Connection } from "./connection.ts";
import { Engine } from "./engine.ts";

/**
 * What a database holds: tables, columns, constraints, indexes, views, sequences. Made by {@link inspect}. Answers are
 * remembered until `clearCache()`; make another inspector, or clear its cache, after the schema has changed.
 *
 * @example
 * const inspector = inspect(engine);
 * inspector.getTableNames();                          // ["addresses", "users"]
 * inspector.getColumns("users", { schema: "app" })[0];  // { name: "id", type: Integer, nullable: false, default: null, … }
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are those of InspectorSteps, added below.
export class Inspector implements ReflectBind<void> {
  /** The same questions as steps. For packages above. @internal */
  readonly steps: InspectorSteps;
  /** What is inspected. */
  readonly bind: Engine | Connection;

  constructor(bind: Engine | Connection) {
    const { core } = bind;
    this.bind = bind;
    this.steps = new InspectorSteps(
      "pool" in core ? engineSource(core, (made) => new Connection(made)) : connectionSource(core),
      this,
    );
  }

  get engine(): Engine {
    return this.bind instanceof Connection ? (this.bind.engine as Engine) : this.bind;
  }

  get dialect(): Dialect {
    return this.steps.dialect;
  }

  /** The schema of names without one. */
  get defaultSchemaName(): string | null {
    return this.steps.defaultSchemaName;
  }

  /** Forgets what was read: the next question goes to the database. */
  clearCache(): void {
    this.steps.clearCache();
  }

  /** @internal */
  _runReflect(operation: ReflectOperation): void {
    runSync(this.steps.run(operation));
  }
}
export interface Inspector extends BlockingInspector {}
addFrontMethods(Inspector, runSync);

/**
 * The inspector of a database. On a connection it reads inside the connection's transaction, and sees its temporary tables;
 * on an engine it takes a connection for each question.
 *
 * @throws ArgumentError for anything else; InvalidRequestError, at the first question, where the dialect has no reflection.
 */
export function inspect(bind: Engine | Connection): Inspector {
  if (!(bind instanceof Engine || bind instanceof Connection)) {
    throw new ArgumentError(`No inspection system is available for ${describe(bind)}`, {
      fix: "pass an Engine or a Connection; for an AsyncEngine use inspect() of @athanor/async, for mapped classes and objects inspect() of @athanor/orm",
    });
  }
  const inspector = new Inspector(bind);
  runSync(inspector.steps.initialize());
  return inspector;
}
