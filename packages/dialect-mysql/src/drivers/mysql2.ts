/** The driver `mysql2`: opens connections and sets up their sessions. Next: ./connection.ts. */
import { ArgumentError, type Driver, type DriverConnection } from "@athanor/driver";
import type { MySQLConnectOptions } from "../connect-options.ts";
import { Mysql2Connection, promised } from "./mysql2-connection.ts";
import type { NativeConnection, NativeModule } from "./native.ts";
import { sessionStatement, tlsOptions } from "./session.ts";

/** Prepared statements that a connection keeps; the server allows 16,382 for all connections together. */
const MAX_PREPARED = 256;

/** What the adapter relies on, whatever the URL says. */
const fixed = {
  rowsAsArray: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  jsonStrings: true,
  decimalNumbers: false,
  multipleStatements: false,
  namedPlaceholders: false,
  timezone: "Z",
} as const;

/** Words such as `count` stay names in front of a parenthesis, and files of the client's are nobody's business. */
const flags = ["-IGNORE_SPACE", "-LOCAL_FILES", "FOUND_ROWS"];

function nativeOptions(options: MySQLConnectOptions): Record<string, unknown> {
  // mysql2 asks the server for its key anyway, and warns of options that it does not know.
  const { allowPublicKeyRetrieval: _, ...given } = options;
  return {
    charset: "UTF8MB4",
    maxPreparedStatements: MAX_PREPARED,
    ...given,
    ...(given.ssl === undefined ? {} : { ssl: tlsOptions(given.ssl) }),
    ...fixed,
    flags: [...flags, ...((given.flags as readonly string[] | undefined) ?? [])],
  };
}

function open(module: NativeModule, options: Record<string, unknown>): Promise<NativeConnection> {
  return new Promise((resolve, reject) => {
    const native = module.createConnection(options);
    native.connect((error) => {
      if (error) {
        native.on("error", () => {});
        native.destroy();
        reject(error);
      } else resolve(native);
    });
  });
}

/** The server's banner, from the handshake. */
function isMariaDB(native: NativeConnection): boolean {
  const handshake = (native as { _handshakePacket?: { serverVersion?: string } })._handshakePacket;
  return /mariadb/i.test(handshake?.serverVersion ?? "");
}

/** Makes the driver of the package's exports. */
export function mysql2Driver(given: unknown): Driver<MySQLConnectOptions> {
  const module = ((given as { default?: NativeModule }).default ?? given) as NativeModule;
  if (module.TypedParameter === undefined) {
    throw new ArgumentError("this version of mysql2 has no typed parameters", {
      fix: "install a newer one, npm install mysql2@latest",
    });
  }
  return {
    name: "mysql2",
    paramStyle: "qmark",
    isAsync: true,
    async connect(options): Promise<DriverConnection> {
      const prepared = nativeOptions(options);
      const native = await open(module, prepared);
      try {
        await promised((done) => native.query({ sql: sessionStatement, rowsAsArray: true }, done));
      } catch (error) {
        native.destroy();
        throw error;
      }
      return new Mysql2Connection({
        module,
        native,
        reconnect: () => open(module, prepared),
        isMariaDB: isMariaDB(native),
      });
    },
  };
}
