/** A copy of a database that is in use. */
import { type ConnectionCore, InvalidRequestError, translateFailure } from "@athanor/core";
import { runAsync } from "@athanor/driver";
import { SQLiteConnection } from "./connection.ts";
import type { BackupProgress } from "./native.ts";

/** Options of {@link backup}. */
export interface BackupOptions {
  /** Called between the portions, with the pages that are still to be copied and all of them. */
  readonly onProgress?: BackupProgress;
}

/**
 * Copies the connection's database (`main`) into a file, which is replaced. The database can be read and written meanwhile; a
 * transaction that is open on this very connection has to end first. `VACUUM INTO` is the same in one blocking statement.
 *
 * @param connection a connection of an engine, synchronous or not.
 * @throws OperationalError when the file cannot be written or the database is locked.
 * @example await backup(connection, "copy.db", { onProgress: (left, all) => console.log(1 - left / all) });
 */
export async function backup(
  connection: { readonly core: ConnectionCore },
  filename: string,
  options: BackupOptions = {},
): Promise<void> {
  const { core } = connection;
  core.check();
  const driver = core.driverConnection;
  if (!(driver instanceof SQLiteConnection))
    throw new InvalidRequestError(`backup() copies a SQLite database, not one of ${core.dialect.name}`);
  try {
    await driver.backup(filename, options.onProgress);
  } catch (error) {
    const failure = { statement: `backup to ${filename}`, parameters: undefined };
    throw await runAsync(translateFailure(core.engine, core, error, failure));
  }
}
