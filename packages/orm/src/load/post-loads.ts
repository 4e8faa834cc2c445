/** The place where ./strategies puts what runs after the rows are read; here, so that loading itself needs no strategy. */
import type { StatementOption } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../base/entity.ts";
import type { EntityPlan, PostPlan } from "../query/plan.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { ByMapper, LoadRun, Waiting } from "./run.ts";
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
  /** Where its second statements wait for those of the statement around; null: it is the outermost one. */
  readonly queue: PostQueue | null;
}

/** Relationships, and columns of subclasses, that are still to be loaded. */
export type DueLoad =
  | { readonly kind: "relationship"; readonly run: LoadRun; readonly post: PostPlan; readonly waiting: Waiting }
  | { readonly kind: "columns"; readonly run: LoadRun; readonly plan: EntityPlan; readonly states: ByMapper };

/**
 * The second statements of one load, in their order: those that nested statements bring come behind all of the level
 * above, and what several statements bring for the same place is loaded at once.
 */
export class PostQueue {
  readonly #due = new Map<PostPlan | EntityPlan, DueLoad>();

  /** Takes over what a run has left to do. */
  add(run: LoadRun): void {
    for (const [post, waiting] of run.posts) {
      const due = this.#due.get(post);
      if (due?.kind === "relationship") for (const [state, overwrite] of waiting) due.waiting.set(state, overwrite);
      else if (waiting.size > 0) this.#due.set(post, { kind: "relationship", run, post, waiting });
    }
    for (const [plan, states] of run.subclasses) {
      const due = this.#due.get(plan);
      if (due?.kind !== "columns") this.#due.set(plan, { kind: "columns", run, plan, states });
      else for (const [mapper, more] of states) due.states.set(mapper, [...(due.states.get(mapper) ?? []), ...more]);
    }
  }

  /** Takes one after the other, also those that come in meanwhile. */
  *take(): Generator<DueLoad> {
    for (const [key, due] of this.#due) {
      this.#due.delete(key);
      yield due;
    }
  }
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
