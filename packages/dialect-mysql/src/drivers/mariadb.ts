/** The driver `mariadb`, MariaDB's own package, for both servers: opens connections and sets up their sessions. Next: ./mariadb-connection.ts. */
import { connect, type Socket } from "node:net";
import { ArgumentError, type Driver, type DriverConnection } from "@athanor/driver";
import type { MySQLConnectOptions } from "../connect-options.ts";
import { MariadbConnection } from "./mariadb-connection.ts";
import type { MariadbModule, MariadbNative } from "./mariadb-port.ts";
import { sessionStatement, tlsOptions } from "./session.ts";

/** Prepared statements that a connection keeps; the server allows 16,382 for all connections together. */
const MAX_PREPARED = 256;

/** What the adapter relies on, whatever the URL says. */
const fixed = {
  rowsAsArray: true,
  metaAsArray: true,
  checkDuplicate: false,
  dateStrings: true,
  jsonStrings: true,
  autoJsonMap: false,
  bitOneIsBoolean: false,
  decimalAsNumber: false,
  bigIntAsNumber: false,
  insertIdAsNumber: false,
  supportBigNumbers: false,
  multipleStatements: false,
  namedPlaceholders: false,
  foundRows: true,
  permitLocalInfile: false,
  // Errors would repeat the values of the statement.
  logParam: false,
  // The adapter keeps statements by itself.
  prepareCacheLength: 0,
} as const;

/** mysql2's options, which this package does not have. */
const unknown = [
  "flags",
  "insecureAuth",
  "gracefulEnd",
  "disableEval",
  "enableCleartextPlugin",
  "passwordSha1",
  "localAddress",
];

interface Opened {
  readonly native: MariadbNative;
  readonly socket: Socket | null;
}

function nativeOptions(given: MySQLConnectOptions): Record<string, unknown> {
  for (const name of unknown)
    if (given[name] !== undefined)
      throw new ArgumentError(`the driver mariadb has no connection option ${name}`, {
        fix: "leave it out, or connect by mysql2",
      });
  if (typeof given.ssl === "string")
    throw new ArgumentError(`the driver mariadb knows no TLS profile ${JSON.stringify(given.ssl)}`, {
      fix: "name the certificates, ?ssl_ca=file.pem",
    });
  return {
    charset: "utf8mb4",
    connectTimeout: 10_000,
    ...given,
    ...(given.ssl === undefined ? {} : { ssl: tlsOptions(given.ssl) }),
    ...fixed,
  };
}

/** The socket is made here, because the package's way to end a connection opens another one. */
async function open(module: MariadbModule, options: Record<string, unknown>): Promise<Opened> {
  if (options.socketPath !== undefined) return { native: await module.createConnection(options), socket: null };
  let socket: Socket | null = null;
  const stream = (): Socket => {
    socket = connect(Number(options.port ?? 3306), String(options.host ?? "localhost"));
    socket.setNoDelay(true);
    return socket;
  };
  const native = await module.createConnection({ ...options, stream });
  return { native, socket };
}

/** Makes the driver of the package's exports. */
export function mariadbDriver(given: unknown): Driver<MySQLConnectOptions> {
  const { default: inner } = given as { readonly default?: unknown };
  const module = (
    typeof (given as Partial<MariadbModule>).createConnection === "function" ? given : inner
  ) as MariadbModule;
  if (typeof module?.createConnection !== "function")
    throw new ArgumentError("this is not the package mariadb", { fix: "pass what import('mariadb') gives" });
  return {
    name: "mariadb",
    paramStyle: "qmark",
    isAsync: true,
    async connect(options): Promise<DriverConnection> {
      const prepared = nativeOptions(options);
      const { native, socket } = await open(module, prepared);
      try {
        await native.query(sessionStatement);
      } catch (error) {
        native.destroy();
        throw error;
      }
      return new MariadbConnection({
        native,
        socket,
        reconnect: async () => (await open(module, prepared)).native,
        mostPrepared: Number(options.maxPreparedStatements ?? MAX_PREPARED),
      });
    },
  };
}
