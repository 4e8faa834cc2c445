/** The two APIs have the same members: what one has alone is listed here, with the reason. */
import {
  AsyncConnection,
  AsyncEngine,
  AsyncInspector,
  AsyncMappingResult,
  AsyncRawConnection,
  AsyncResult,
  AsyncScalarResult,
  AsyncTransaction,
} from "@athanor/async";
import { AsyncSession, AsyncSessionTransaction, asyncSessionmaker } from "@athanor/async/orm";
import {
  Connection,
  Engine,
  Inspector,
  MappingResult,
  RawConnection,
  Result,
  ScalarResult,
  TwoPhaseTransaction,
} from "@athanor/core";
import { Session, SessionTransaction, sessionmaker } from "@athanor/orm";
import { describe, expect, it } from "vitest";
import { StepSession } from "../src/orm/step-session.ts";

type Type = abstract new (...args: never) => object;

/** Names of public members, inherited ones included; symbols by their description. */
function membersOf(type: Type): string[] {
  const names = new Set<string>();
  for (let at: object = type.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const key of Reflect.ownKeys(at)) names.add(String(key));
  return [...names].filter((name) => !/^(?:_|constructor$|Symbol\(Symbol\.(?:async)?[dD]ispose\))/.test(name)).sort();
}

function staticsOf(type: Type): string[] {
  const names = new Set<string>();
  for (let at: object = type; at !== Function.prototype; at = Object.getPrototypeOf(at) as object)
    for (const key of Object.getOwnPropertyNames(at)) names.add(key);
  return [...names].filter((name) => !["length", "name", "prototype"].includes(name)).sort();
}

type Reasons = Readonly<Record<string, string>>;

interface Pair {
  readonly sync: Type;
  readonly async: Type;
  readonly onlySync?: Reasons;
  readonly onlyAsync?: Reasons;
}

const iterates = "iterates with for await";
const resultPair = {
  onlySync: { "Symbol(Symbol.iterator)": iterates },
  onlyAsync: { "Symbol(Symbol.asyncIterator)": iterates },
};

const pairs: Readonly<Record<string, Pair>> = {
  Session: {
    sync: Session,
    async: AsyncSession,
    onlySync: {
      query: "the query of SQLAlchemy 1.x loads when it is iterated; SQLAlchemy's AsyncSession has none either",
    },
    onlyAsync: {
      stream: "a Session's results stream with the option streamResults or yieldPer",
      streamScalars: "as stream",
      run: "several steps without a promise between them",
    },
  },
  "session in run()": {
    sync: Session,
    async: StepSession,
    onlySync: {
      query: "as in AsyncSession",
      begin: "run() is inside of the session's transaction; beginNested() takes a generator",
      getTransaction: "as begin",
      getNestedTransaction: "as begin",
      close: "the session outlives run()",
      reset: "as close",
      invalidate: "as close",
      prepare: "as close",
    },
    onlyAsync: { load: "an attribute, loaded where need be: touching one would have to wait" },
  },
  SessionTransaction: { sync: SessionTransaction, async: AsyncSessionTransaction },
  Connection: {
    sync: Connection,
    async: AsyncConnection,
    onlySync: {
      connection: "getRawConnection(): as SQLAlchemy has it",
      lease: "for packages above; they have `core`",
      defaultIsolationLevel: "getDefaultIsolationLevel(): the server may have to be asked",
    },
    onlyAsync: {
      getRawConnection: "see connection",
      getDefaultIsolationLevel: "see defaultIsolationLevel",
      run: "several steps without a promise between them",
      streamScalars: "a Connection's results stream with the option streamResults or yieldPer",
    },
  },
  Engine: { sync: Engine, async: AsyncEngine },
  Transaction: {
    sync: TwoPhaseTransaction,
    async: AsyncTransaction,
    onlySync: { xid: "name: one class for all kinds, as in SQLAlchemy" },
    onlyAsync: { name: "see xid" },
  },
  Result: {
    sync: Result,
    async: AsyncResult,
    onlySync: {
      ...resultPair.onlySync,
      merge:
        "rows of several results in turn: read one stream after the other; SQLAlchemy's AsyncResult has none either",
      takeRaw: "for packages above",
      view: "for packages above",
    },
    onlyAsync: resultPair.onlyAsync,
  },
  ScalarResult: { sync: ScalarResult, async: AsyncScalarResult, ...resultPair },
  MappingResult: { sync: MappingResult, async: AsyncMappingResult, ...resultPair },
  RawConnection: { sync: RawConnection, async: AsyncRawConnection },
  Inspector: { sync: Inspector, async: AsyncInspector },
};

const without = (names: readonly string[], others: readonly string[]): string[] =>
  names.filter((name) => !others.includes(name));

describe.each(Object.entries(pairs))("%s", (_, pair) => {
  const sync = membersOf(pair.sync);
  const async = membersOf(pair.async);

  it("has in the asynchronous API what it has in the synchronous one", () => {
    expect(without(sync, async)).toEqual(Object.keys(pair.onlySync ?? {}).sort());
  });

  it("has nothing more there than what is listed", () => {
    expect(without(async, sync)).toEqual(Object.keys(pair.onlyAsync ?? {}).sort());
  });
});

it("classes and factories of sessions have the same static members", () => {
  expect(staticsOf(AsyncSession)).toEqual(staticsOf(Session));
  expect(staticsOf(asyncSessionmaker())).toEqual(staticsOf(sessionmaker()));
});
