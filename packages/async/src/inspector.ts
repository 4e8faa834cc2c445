/** Inspectors of the asynchronous API: the questions of `Inspector`, awaited. */
import {
  ArgumentError,
  type AwaitedInspector,
  addFrontMethods,
  connectionSource,
  type Dialect,
  describe,
  engineSource,
  InspectorSteps,
  type ReflectBind,
  type ReflectOperation,
} from "@athanor/core";
import { runAsync } from "@athanor/driver";
import { AsyncConnection } from "./connection.ts";
import { AsyncEngine } from "./engine.ts";

/**
 * What a database holds, as promises. Made by {@link inspect}; see `Inspector` of `@athanor/core`.
 *
 * @example
 * const inspector = await inspect(asyncEngine);
 * await inspector.getTableNames();
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are those of InspectorSteps, added below.
export class AsyncInspector implements ReflectBind<Promise<void>> {
  /** The same questions as steps. For packages above. @internal */
  readonly steps: InspectorSteps;
  /** What is inspected. */
  readonly bind: AsyncEngine | AsyncConnection;
  /** @internal */
  readonly _isAsync: true = true;

  constructor(bind: AsyncEngine | AsyncConnection) {
    const { core } = bind;
    this.bind = bind;
    this.steps = new InspectorSteps(
      "pool" in core ? engineSource(core, (made) => new AsyncConnection(made)) : connectionSource(core),
      this,
    );
  }

  /** The engine that it asks. */
  get engine(): AsyncEngine {
    return this.bind instanceof AsyncConnection ? (this.bind.engine as AsyncEngine) : this.bind;
  }

  /** The dialect of the database. */
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
  _runReflect(operation: ReflectOperation): Promise<void> {
    return runAsync(this.steps.run(operation));
  }
}
export interface AsyncInspector extends AwaitedInspector {}
addFrontMethods(AsyncInspector, runAsync);

/**
 * The inspector of a database. On a connection it reads inside the connection's transaction, and sees its temporary tables;
 * on an engine it takes a connection for each question.
 *
 * @throws ArgumentError for anything else than an AsyncEngine or an AsyncConnection.
 */
export async function inspect(bind: AsyncEngine | AsyncConnection): Promise<AsyncInspector> {
  if (!(bind instanceof AsyncEngine || bind instanceof AsyncConnection)) {
    throw new ArgumentError(`No inspection system is available for ${describe(bind)}`, {
      fix: "pass an AsyncEngine or an AsyncConnection; for an Engine use inspect() of @athanor/core",
    });
  }
  const inspector = new AsyncInspector(bind);
  await runAsync(inspector.steps.initialize());
  return inspector;
}
