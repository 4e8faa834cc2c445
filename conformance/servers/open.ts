/** The servers that run here, each with a scratch place of its own. */
import { MysqlServer } from "./mysql.ts";
import { PostgresServer } from "./postgres.ts";
import type { ScratchServer } from "./server.ts";
import { SqliteServer } from "./sqlite.ts";

/**
 * Opens SQLite, PostgreSQL, and the MySQL or MariaDB that the tests use; `ATHANOR_TEST_OTHER_MYSQL_URL` names one more, so that
 * both kinds can be had. Says loudly what is not there.
 */
export async function openServers(dialect?: string): Promise<ScratchServer[]> {
  const wanted = (...names: string[]): boolean => dialect === undefined || names.includes(dialect);
  const opened: (ScratchServer | null)[] = await Promise.all([
    wanted("sqlite") ? new SqliteServer() : null,
    wanted("postgresql") ? PostgresServer.open() : null,
    wanted("mysql", "mariadb") ? MysqlServer.open() : null,
    wanted("mysql", "mariadb") && process.env.ATHANOR_TEST_OTHER_MYSQL_URL
      ? MysqlServer.open(process.env.ATHANOR_TEST_OTHER_MYSQL_URL)
      : null,
  ]);
  const servers: ScratchServer[] = [];
  for (const server of opened) {
    if (server === null) continue;
    if (wanted(server.dialectName) && !servers.some((each) => each.dialectName === server.dialectName))
      servers.push(server);
    else await server.close();
  }
  for (const name of ["sqlite", "postgresql", "mariadb", "mysql"])
    if (wanted(name) && !servers.some((server) => server.dialectName === name))
      console.log(`*** NO ${name.toUpperCase()} SERVER: its statements are compared, not prepared ***`);
  return servers;
}
