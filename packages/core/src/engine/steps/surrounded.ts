/** Statements that a dialect wants around one of the program's: SQL Server's SET IDENTITY_INSERT. */
import type { Step } from "@athanor/driver";
import type { Surroundings } from "../../compiler/dialect-port.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { runText } from "./cursor.ts";

/** Runs `work` between the statements of a dialect. Those after it are executed also where it fails. */
export function* surrounded<T>(
  connection: ConnectionCore,
  { before, after }: Surroundings,
  work: () => Step<T>,
): Step<T> {
  for (const sql of before) yield* runText(connection, sql);
  let outcome: T;
  try {
    outcome = yield* work();
  } catch (error) {
    // The failure that counts is the first one; what the transaction's end undoes cannot fail a second time.
    for (const sql of connection.invalidated ? [] : after) {
      try {
        yield* runText(connection, sql);
      } catch {
        break;
      }
    }
    throw error;
  }
  for (const sql of after) yield* runText(connection, sql);
  return outcome;
}
