/** The place where ./strategies puts what runs after the rows are read; here, so that loading itself needs no strategy. */
import type { StatementOption } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../base/entity.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { LoadRun } from "./run.ts";
import type { LoadParameters } from "./session.ts";

/** A statement that entities can be loaded by: SELECT, or DML with RETURNING. */
export interface LoadStatement {
  readonly givenOptions: readonly StatementOption[];
  readonly givenExecutionOptions: Readonly<Record<string, unknown>>;
  readonly rawColumns?: readonly unknown[];
  readonly returningColumns?: readonly unknown[];
}

/** For `subqueryload` behind `subqueryload`: the statement at the root, and the relationships on the way from it. */
export interface SubqueryOrigin {
  readonly statement: LoadStatement;
  readonly entity: Entity;
  readonly path: readonly RelationshipProperty[];
}

/** The statement whose rows were read. */
export interface LoadOrigin {
  readonly subquery: SubqueryOrigin | null;
  readonly statement: LoadStatement;
  readonly params: LoadParameters | undefined;
}

/** Filled by ./strategies/post-load.ts. */
export const postLoads: {
  /** Loads everything that waits. */
  run(run: LoadRun, origin: LoadOrigin): Step<void>;
} = {
  run: () => {
    throw new Error("the loading strategies are not there: import @athanor/orm by its entry");
  },
};
