/** Sharded sessions: choosers and options. */
import type { AsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, type Engine, select, t } from "@athanor/core";
import { declarativeBase, sessionmaker } from "@athanor/orm";
import { ShardedSession, type ShardedSessionOptions, setShardId, sharding } from "@athanor/orm/ext/horizontal-shard";

declare const engine: Engine;
declare const asyncEngine: AsyncEngine;
class Thing extends declarativeBase().mapped("thing", { id: column(t.integer, { primaryKey: true }) }) {}

const choosers = {
  shardChooser: (_mapper: unknown, instance: object | null) => (instance instanceof Thing ? "a" : "b"),
  identityChooser: () => ["a", "b"],
  executeChooser: () => ["a", "b"],
};
const session = new ShardedSession({ ...choosers, shards: { a: engine, b: engine } });
session.bindShard("c", engine);
const things: Thing[] = session.scalars(select(Thing).options(setShardId("a", { propagateToLoaders: false }))).all();
session.get(Thing, 1, { identityToken: "a" });
session.scalars(select(Thing), { bindArguments: { shardId: "a" } });
new AsyncSession(sharding({ ...choosers, shards: new Map([["a", asyncEngine]]), expireOnCommit: true }));
sessionmaker(sharding({ ...choosers, shards: { a: engine } }));
void things;

/** Through a helper: ids of any type. */
function numbered(count: number): ShardedSessionOptions<number> {
  return {
    shardChooser: () => 0,
    identityChooser: (_mapper, key) => [Number(key[0]) % count],
    executeChooser: (execution) =>
      execution.lazyLoadedFrom === null ? [0, 1] : [Number(execution.lazyLoadedFrom.identityToken)],
    shards: new Map([[0, engine]]),
  };
}
new ShardedSession(numbered(2)).bindShard(1, engine);

// @ts-expect-error: an id of another type
new ShardedSession(numbered(2)).bindShard("x", engine);
// @ts-expect-error: choosers are required
new ShardedSession({ shards: { a: engine } });
// @ts-expect-error: no such option
setShardId("a", { propagate: true });
