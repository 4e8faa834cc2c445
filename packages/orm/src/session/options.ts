/** Options of sessions. */
import { ArgumentError, type ClauseElement } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Bind } from "./bind.ts";
import type { SessionRouter } from "./routing.ts";

export type { Bind };

/** What tells the engine of an execution. */
export interface BindArguments {
  /** The engine or connection itself. */
  readonly bind?: Bind | undefined;
  /** A mapped class, whose engine is taken. */
  readonly mapper?: object | undefined;
  /** A statement or table, whose tables' engine is taken. */
  readonly clause?: object | undefined;
  /** One of the databases of a session that has several: see `ext/horizontal-shard`. */
  readonly shardId?: unknown;
}

/** What happens to a transaction that was open on the connection before the session joined it. */
export type JoinTransactionMode = "conditional_savepoint" | "rollback_only" | "control_fully" | "create_savepoint";

/** How modes may be written: as SQLAlchemy has them, or in camelCase. */
export type JoinTransactionModeName =
  | JoinTransactionMode
  | "conditionalSavepoint"
  | "rollbackOnly"
  | "controlFully"
  | "createSavepoint";

const modes: ReadonlySet<string> = new Set<JoinTransactionMode>([
  "conditional_savepoint",
  "rollback_only",
  "control_fully",
  "create_savepoint",
]);

/** The mode that an option names. @throws ArgumentError */
export function joinModeOf(given: JoinTransactionModeName | undefined): JoinTransactionMode {
  const name = (given ?? "conditional_savepoint").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (modes.has(name)) return name as JoinTransactionMode;
  throw new ArgumentError(`invalid selection for join_transaction_mode: "${given}"`, {
    fix: `it is one of ${[...modes].join(", ")}`,
  });
}

/** Options of `new Session(…)`. Named as in SQLAlchemy. */
export interface SessionOptions {
  /** The engine or connection for everything that `binds` do not name. */
  readonly bind?: Bind | null | undefined;
  /** Binds by mapped class, declarative base, mapper or table. */
  readonly binds?: ReadonlyMap<object, Bind> | readonly (readonly [object, Bind])[] | undefined;
  /** Flush before queries. Default true. */
  readonly autoflush?: boolean | undefined;
  /** Begin a transaction with the first operation. Default true. */
  readonly autobegin?: boolean | undefined;
  /** Expire all objects on commit. Default true; false in asynchronous sessions. */
  readonly expireOnCommit?: boolean | undefined;
  /** Commit in two phases. Default false. */
  readonly twophase?: boolean | undefined;
  /** Notes of the user's own. */
  readonly info?: Readonly<Record<PropertyKey, unknown>> | undefined;
  /** How a connection that has a transaction already is used. Default `"conditional_savepoint"`. */
  readonly joinTransactionMode?: JoinTransactionModeName | undefined;
  /** Closing ends the session for good if false. Default true. */
  readonly closeResetsOnly?: boolean | undefined;
  /** Options of every execution of the session. */
  readonly executionOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Chooses between databases that share classes: see `ext/horizontal-shard`. */
  readonly router?: SessionRouter | undefined;
  /** Chooses the bind for a mapper, in place of `bind` and `binds`. */
  readonly getBind?:
    | ((
        mapper: OrmClasses["mapper"] | null,
        state: OrmClasses["state"] | null,
        clause: ClauseElement | null,
      ) => Bind | null)
    | undefined;
}
