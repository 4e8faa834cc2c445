/** The driver `oracledb`, in its thin mode: opens connections and sets up their sessions. Next: ./connection.ts. */
import { ArgumentError, type Driver, type DriverConnection } from "@athanor/driver";
import type { OracleConnectOptions } from "../connect-options.ts";
import { OracleConnection } from "./connection.ts";
import type { NativeModule } from "./native.ts";

/** Text of numbers and dates means the same whatever the server's settings, and moments are UTC. */
const session = `ALTER SESSION SET ${[
  "NLS_NUMERIC_CHARACTERS = '.,'",
  "NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS'",
  "NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF'",
  "NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF TZH:TZM'",
  "TIME_ZONE = '+00:00'",
].join(" ")}`;

/** Makes the driver of the package's exports. @throws ArgumentError for versions of oracledb before 6. */
export function oracledbDriver(given: unknown): Driver<OracleConnectOptions> {
  const module = ((given as { default?: NativeModule }).default ?? given) as NativeModule;
  if (module.DB_TYPE_JSON === undefined || module.IntervalDS === undefined) {
    throw new ArgumentError("this version of oracledb is too old", {
      fix: "install a newer one, npm install oracledb@latest",
    });
  }
  return {
    name: "oracledb",
    paramStyle: "named",
    isAsync: true,
    async connect(options): Promise<DriverConnection> {
      const native = await module.getConnection(options);
      try {
        await native.execute(session, [], { autoCommit: false });
      } catch (error) {
        await native.close().catch(() => {});
        throw error;
      }
      return new OracleConnection(module, native);
    },
  };
}
