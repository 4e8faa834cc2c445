/** Asynchronous engines, connections and results. The ORM's part is `@athanor/async/orm`. */
export { AsyncConnection, type StepConnection } from "./connection.ts";
export { asyncEngineFromConfig, createAsyncEngine, createAsyncPoolFromUrl } from "./create.ts";
export { AsyncEngine, type ConnectOptions } from "./engine.ts";
export { AsyncInspector, inspect } from "./inspector.ts";
export { AsyncRawConnection } from "./raw-connection.ts";
export { AsyncMappingResult, AsyncResult, AsyncResultBase, AsyncScalarResult } from "./result.ts";
export { AsyncTransaction } from "./transaction.ts";
