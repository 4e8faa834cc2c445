/** Objects of one class in several databases: `ShardedSession`, and `sharding()` for sessions of either API. */
import { ArgumentError, type ClauseElement, InvalidRequestError } from "@athanor/core";
import { InstanceInspection } from "../declarative/inspect.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { UserDefinedOption } from "../options/user-defined.ts";
import type { Bind, SessionOptions } from "../session/options.ts";
import type { OrmExecute } from "../session/orm-execute.ts";
import type { SessionRouter } from "../session/routing.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { Session } from "../sync/session.ts";

/** What an identity chooser is told besides the key. */
export interface IdentityContext {
  /** The state of the object whose many-to-one is asked for, with its `identityToken`; null for `session.get()`. */
  readonly lazyLoadedFrom: InstanceInspection | null;
}

/** The choosers and the databases of a sharded session. */
export interface Sharding<Id = string> {
  /** The databases by shard id; more by `bindShard()`. */
  readonly shards?: Readonly<Record<string, Bind>> | ReadonlyMap<Id, Bind> | undefined;
  /**
   * Names the shard where an object is to be inserted; null in place of the object: the one for a statement, or for a mapper.
   * Asked once for an object.
   */
  readonly shardChooser: (mapper: Mapper | null, instance: object | null, clause: ClauseElement | null) => Id;
  /** Names the shards in which an object with this primary key may be; the identity map is searched for it under them. */
  readonly identityChooser: (mapper: Mapper, primaryKey: readonly unknown[], context: IdentityContext) => Iterable<Id>;
  /**
   * Names the shards where a statement is executed; the results are put together. Statements of lazy loads have
   * `execution.lazyLoadedFrom`, the state of the object that they are for: its `identityToken` is the shard to name, where
   * related objects are in the same.
   */
  readonly executeChooser: (execution: OrmExecute) => Iterable<Id>;
}

/** Options of {@link ShardedSession}. */
export type ShardedSessionOptions<Id = string> = Sharding<Id> &
  Omit<SessionOptions, "bind" | "binds" | "getBind" | "router">;

/** Sends a statement to one shard. Made by {@link setShardId}. */
export class ShardIdOption extends UserDefinedOption {}

/**
 * Executes a statement on one shard, and with it the loads that its objects ask for: second statements, deferred columns, and
 * lazy relationships, these unless `propagateToLoaders` is false.
 *
 * @example session.scalars(select(Report).options(setShardId("europe")))
 */
export function setShardId(shardId: unknown, options: { readonly propagateToLoaders?: boolean } = {}): ShardIdOption {
  return new ShardIdOption(shardId, { propagateToLoaders: options.propagateToLoaders ?? true });
}

class ShardRouter<Id> implements SessionRouter {
  readonly shards = new Map<unknown, Bind>();
  readonly #sharding: Sharding<Id>;

  constructor(sharding: Sharding<Id>) {
    for (const name of ["shardChooser", "identityChooser", "executeChooser"] as const)
      if (typeof sharding[name] !== "function") throw new ArgumentError(`a sharded session needs ${name}`);
    this.#sharding = sharding;
    const { shards = {} } = sharding;
    for (const [id, bind] of shards instanceof Map ? shards : Object.entries(shards)) this.shards.set(id, bind as Bind);
  }

  bindFor(mapper: Mapper | null, state: InstanceState | null, clause: ClauseElement | null, token: unknown): Bind {
    return this.#bindOf(state === null ? (token ?? this.#choose(mapper, null, clause)) : this.#shardOf(mapper, state));
  }

  tokensFor(execution: OrmExecute): readonly unknown[] {
    const option = execution.userDefinedOptions.find((each) => each instanceof ShardIdOption);
    const given = option?.payload ?? execution.executionOptions["identityToken"] ?? null;
    return given === null ? [...this.#sharding.executeChooser(execution)] : [given];
  }

  tokensOfKey(mapper: Mapper, values: readonly unknown[], from: InstanceState | null): readonly unknown[] {
    return [
      ...this.#sharding.identityChooser(mapper, values, {
        lazyLoadedFrom: from === null ? null : new InstanceInspection(from),
      }),
    ];
  }

  /** The shard of an object; a new one is given its shard here, and keeps it. */
  #shardOf(mapper: Mapper | null, state: InstanceState): unknown {
    if (state.identityToken === null) state.identityToken = this.#choose(mapper, state.obj, null);
    return state.identityToken;
  }

  #choose(mapper: Mapper | null, instance: object | null, clause: ClauseElement | null): unknown {
    return this.#sharding.shardChooser(mapper, instance, clause);
  }

  #bindOf(id: unknown): Bind {
    const bind = this.shards.get(id);
    if (bind !== undefined) return bind;
    throw new InvalidRequestError(`there is no shard ${JSON.stringify(id)}`, {
      code: "no_shard",
      fix: `the shards are ${[...this.shards.keys()].map((each) => JSON.stringify(each)).join(", ") || "none: bindShard(id, engine)"}`,
    });
  }
}

/**
 * The options that make a session a sharded one, for sessions and factories of either API.
 *
 * @example const session = new AsyncSession(sharding({ shards, shardChooser, identityChooser, executeChooser }));
 */
export function sharding<Id = string>(options: ShardedSessionOptions<Id>): SessionOptions {
  const { shards, shardChooser, identityChooser, executeChooser, ...others } = options;
  return { ...others, router: new ShardRouter({ shards, shardChooser, identityChooser, executeChooser }) };
}

/**
 * A session over several databases that have the same tables. New objects go where `shardChooser` says; statements go where
 * `executeChooser` says; every object belongs to the shard that it came from, and is known under the shard's id
 * (`inspect(object).identityToken`).
 *
 * @example
 * using session = new ShardedSession({
 *   shards: { europe, asia },
 *   shardChooser: (_mapper, report) => (report instanceof Report && report.continent === "Asia" ? "asia" : "europe"),
 *   identityChooser: () => ["europe", "asia"],
 *   executeChooser: () => ["europe", "asia"],
 * });
 */
export class ShardedSession<Id = string> extends Session {
  readonly #router: ShardRouter<Id>;

  constructor(options: ShardedSessionOptions<Id>) {
    const given = sharding(options);
    super(given);
    this.#router = given.router as ShardRouter<Id>;
  }

  /** Adds a database. */
  bindShard(id: Id, bind: Bind): void {
    this.#router.shards.set(id, bind);
  }
}
