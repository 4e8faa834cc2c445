/**
 * One object of each class whose objects come and go with every session, flush and load, for the reason given in the driver's
 * `keepSpecimen`. Imported once by the package's entry.
 */
import { keepSpecimen } from "@athanor/driver";
import { RelatedList } from "../collections/list.ts";
import { UnitOfWork } from "../flush/unit-of-work.ts";
import { Gathered, LoadRun } from "../load/run.ts";
import { InstanceState } from "../state/instance-state.ts";
import { SessionCore } from "./session-core.ts";
import { SessionTransaction } from "./transaction.ts";

const session = new SessionCore(null as never, {}, { expireOnCommit: true });
const transaction = new SessionTransaction(session, "autobegin", null);
const options = {
  populateExisting: false,
  checksVersion: false,
  refresh: null,
  refreshKeys: null,
  rootNode: null,
  collectsEvents: false,
  sources: new Map(),
};
const state = new InstanceState({}, null as never, {});

keepSpecimen(session);
keepSpecimen(new SessionTransaction(session, "flush", transaction));
keepSpecimen(new UnitOfWork(session));
keepSpecimen(new LoadRun(session, options));
keepSpecimen(state);
keepSpecimen(new RelatedList({ owner: null as never, state, invalidated: false }));
keepSpecimen(new Gathered());
