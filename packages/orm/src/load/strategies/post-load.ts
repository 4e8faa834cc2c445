/** The second statements of a load: relationships that are fetched after the rows, columns of subclasses. */
import type { Step } from "@athanor/driver";
import { NO_RAISE, PASSIVE_OFF } from "../../base/symbols.ts";
import type { PostPlan } from "../../query/plan.ts";
import { type LoadOrigin, postLoads } from "../post-loads.ts";
import type { LoadRun, Waiting } from "../run.ts";
import { selectInLoad } from "./select-in.ts";
import { subclassColumnsLoad } from "./subclass-columns.ts";
import { subqueryLoad } from "./subquery.ts";

/** Loads everything that waits. */
function* runPostLoads(run: LoadRun, origin: LoadOrigin): Step<void> {
  for (const [plan, byMapper] of run.subclasses) yield* subclassColumnsLoad(run, plan, byMapper);
  for (const [post, waiting] of run.posts) {
    if (waiting.size > 0) yield* runPost(run, post, waiting, origin);
  }
}

function* runPost(run: LoadRun, post: PostPlan, waiting: Waiting, origin: LoadOrigin): Step<void> {
  if (run.refresh !== null || post.strategy === "immediate") {
    yield* immediateLoad(post, waiting);
    return;
  }
  if (post.strategy === "subquery" && (yield* subqueryLoad(run, post, waiting, origin))) return;
  yield* selectInLoad(run, post, waiting);
}

/** One statement per object, as if each attribute had been accessed. */
function* immediateLoad({ property }: PostPlan, waiting: Waiting): Step<void> {
  const { key } = property;
  for (const [state, overwrite] of waiting) {
    if (overwrite && state.dict[key] !== undefined) state.dict[key] = undefined;
    yield* state.mapper.attribute(key).getStep(state, PASSIVE_OFF | NO_RAISE);
  }
}

postLoads.run = runPostLoads;
