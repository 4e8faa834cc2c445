/** Creating and dropping what a schema describes: carries out the plans of ../../ddl/plan.ts on a connection. */
import { type Step, settle } from "@athanor/driver";
import type { DdlElement } from "../../ddl/element.ts";
import { type DdlConnection, runDdl } from "../../ddl/plan.ts";
import type { DdlEventConnection } from "../../schema/events.ts";
import type { CheckKind, DdlOperation } from "../../schema/ports.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { effectiveSchema } from "../options.ts";
import { runText } from "./cursor.ts";
import { executeStep } from "./execute.ts";
import { autobegin } from "./transaction.ts";

/** Carries out `createAll()`, `dropAll()`, `create()` or `drop()`. */
export function* runDdlOperation(connection: ConnectionCore, operation: DdlOperation): Step<void> {
  yield* runDdl(new PlanConnection(connection), operation);
}

class PlanConnection implements DdlConnection {
  readonly dialect: ConnectionCore["dialect"];
  readonly forListeners: DdlEventConnection;
  readonly #connection: ConnectionCore;

  constructor(connection: ConnectionCore) {
    this.#connection = connection;
    this.dialect = connection.dialect;
    this.forListeners = connection.front as DdlEventConnection;
  }

  effectiveSchema(schema: string | null): string | null {
    return effectiveSchema(this.#connection.options, schema);
  }

  *execute(statement: DdlElement): Step<unknown> {
    return yield* executeStep(this.#connection, statement);
  }

  *exists(
    kind: CheckKind,
    name: string,
    schema: string | null,
    tableName?: string,
    isTemporary?: boolean,
  ): Step<boolean> {
    const connection = this.#connection;
    if (connection.transaction === null) yield* autobegin(connection);
    return yield* settle(
      connection.dialect.exists(
        (sql, parameters) => runText(connection, sql, parameters, true),
        kind,
        name,
        schema,
        tableName,
        isTemporary,
      ),
    );
  }
}
