/** Results that were kept, for another session: its own objects in place of those that were kept. */
import type { ClauseElement, FrozenResult } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { stateOrNull } from "../../state/registry.ts";
import type { SessionCore } from "../session-core.ts";
import { mergeStep } from "./merge.ts";

/**
 * A kept result with the session's own objects, merged from those that it holds. For caches: `yield*` it in a listener of
 * `doOrmExecute`.
 *
 * @param session A session of either API.
 * @param _statement The statement that the result is of; named as in SQLAlchemy.
 * @param options `load: false` takes over what the kept objects hold without asking the database. Default true.
 * @example return (yield* mergeFrozenResult(execution.session, execution.statement, frozen, { load: false })).thaw();
 */
export function* mergeFrozenResult<V extends readonly unknown[], O extends object>(
  session: object,
  _statement: ClauseElement,
  frozen: FrozenResult<V, O>,
  options: { readonly load?: boolean } = {},
): Step<FrozenResult<V, O>> {
  const { core } = session as { readonly core: SessionCore };
  const rows: unknown[][] = [];
  for (const kept of frozen.thaw().all()) {
    const row: unknown[] = [];
    for (const value of kept as Iterable<unknown>) {
      const state = stateOrNull(value);
      row.push(state === null ? value : yield* mergeStep(core, state, { load: options.load ?? true }));
    }
    rows.push(row);
  }
  return frozen.withNewRows(rows);
}
