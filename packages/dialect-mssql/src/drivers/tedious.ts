/** The driver `tedious`: opens connections and sets up their sessions. Next: ./connection.ts. */
import { ArgumentError, type Driver, type DriverConnection } from "@athanor/driver";
import type { MSSQLConnectOptions } from "../connect-options.ts";
import { promised, TediousConnection } from "./connection.ts";
import { patchValueParser } from "./exact.ts";
import type { NativeModule } from "./native.ts";

/** What the adapter relies on, whatever the URL says. */
const fixed = {
  useUTC: true,
  lowerCaseGuids: true,
  useColumnNames: false,
  camelCaseColumns: false,
  rowCollectionOnDone: false,
  rowCollectionOnRequestCompletion: false,
  // The engine's own time limit counts to the end of a statement, tedious's to its first row.
  requestTimeout: 0,
} as const;

/** Makes the driver of the package's exports. @throws ArgumentError for versions of tedious before 20. */
export function tediousDriver(given: unknown): Driver<MSSQLConnectOptions> {
  const module = ((given as { default?: NativeModule }).default ?? given) as NativeModule;
  if (typeof module.TYPES?.Decimal?.writeValue !== "function") {
    throw new ArgumentError("this version of tedious is too old", {
      fix: "install a newer one, npm install tedious@20",
    });
  }
  const isExact = patchValueParser(module);
  return {
    name: "tedious",
    paramStyle: "at_named",
    isAsync: true,
    async connect(config): Promise<DriverConnection> {
      // What `connectArgs` adds beside tedious's own three words are its options.
      const { server, authentication, options, ...further } = config;
      const native = new module.Connection({
        server,
        ...(authentication === undefined ? {} : { authentication }),
        options: { ...options, ...further, ...fixed },
      });
      const connection = new TediousConnection(module, native, isExact);
      try {
        await promised((done) => native.connect(done));
      } catch (error) {
        await connection.close();
        throw error;
      }
      return connection;
    },
  };
}
