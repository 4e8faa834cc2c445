/** The second statements of a load: relationships that are fetched after the rows, columns of subclasses. */
import type { Step } from "@athanor/driver";
import { NO_RAISE, NO_VALUE, NOT_LOADED, PASSIVE_OFF } from "../../base/symbols.ts";
import type { PostPlan } from "../../query/plan.ts";
import { lazyLoadStep } from "../lazy.ts";
import { type DueLoad, type LoadOrigin, PostQueue, postLoads } from "../post-loads.ts";
import type { LoadRun, Waiting } from "../run.ts";
import { selectInLoad } from "./select-in.ts";
import { subclassColumnsLoad } from "./subclass-columns.ts";
import { subqueryLoad } from "./subquery.ts";

/** Loads everything that waits, or leaves it to the statement around. */
function* runPostLoads(run: LoadRun, origin: LoadOrigin): Step<void> {
  if (run.refresh === null) yield* loadSubqueries(run, origin);
  if (origin.queue !== null) {
    origin.queue.add(run);
    return;
  }
  const queue = new PostQueue();
  queue.add(run);
  for (const due of queue.take()) yield* load(due, queue);
}

/** `subqueryload` has the statement itself as a subquery, and waits for nothing. */
function* loadSubqueries(run: LoadRun, origin: LoadOrigin): Step<void> {
  for (const [post, waiting] of run.posts)
    if (post.strategy === "subquery" && waiting.size > 0 && (yield* subqueryLoad(run, post, waiting, origin)))
      run.posts.delete(post);
}

function* load(due: DueLoad, queue: PostQueue): Step<void> {
  const { run } = due;
  if (due.kind === "columns") yield* subclassColumnsLoad(run, due.plan, due.states, queue);
  else if (run.refresh !== null || due.post.strategy === "immediate")
    yield* immediateLoad(run, due.post, due.waiting, queue);
  else yield* selectInLoad(run, due.post, due.waiting, queue);
}

/** One statement per object, as if each attribute had been accessed. */
function* immediateLoad(run: LoadRun, { property }: PostPlan, waiting: Waiting, queue: PostQueue): Step<void> {
  const { key } = property;
  for (const [state, overwrite] of waiting) {
    if (!overwrite && state.dict[key] !== undefined) continue;
    const value = yield* lazyLoadStep(run.session, state, property, PASSIVE_OFF | NO_RAISE, queue);
    if (value !== NOT_LOADED && value !== NO_VALUE) state.mapper.attribute(key).setCommitted(state, value);
  }
}

postLoads.run = runPostLoads;
