/** Where inspectors get their connections: from an engine one for each question, or the one that the program has. */
import type { Step } from "@athanor/driver";
import type { ConnectionCore } from "../engine/connection-core.ts";
import type { EngineCore } from "../engine/engine-core.ts";
import { close } from "../engine/steps/close.ts";
import { connect } from "../engine/steps/connect.ts";
import type { InspectorSource } from "./inspector-steps.ts";

/** Of an engine; `front` makes the connections that its listeners get. */
export function engineSource(engine: EngineCore, front: (core: ConnectionCore) => object): InspectorSource {
  return { dialect: engine.dialect, open: () => connect(engine, front), close };
}

/** Of a connection, in whose transaction everything is read. */
export function connectionSource(connection: ConnectionCore): InspectorSource {
  return {
    dialect: connection.dialect,
    *open(): Step<ConnectionCore> {
      connection.check();
      return connection;
    },
    *close() {},
  };
}
