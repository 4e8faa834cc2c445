/** The driver adapter for `pg` 8: opens connections. */

import { ArgumentError, type Driver, type ParamStyle } from "@athanor/driver";
import type { HostAddress, PostgresConnectOptions } from "../connect-options.ts";
import { PgConnection } from "./pg-connection.ts";
import type { PgClient, PgModule } from "./pg-port.ts";
import { connectToOne, sessionSettings, withOrWithoutTls } from "./servers.ts";

/** `pg` as an Athanor driver. */
export class PgDriver implements Driver<PostgresConnectOptions> {
  readonly name: string = "pg";
  readonly paramStyle: ParamStyle = "numeric_dollar";
  readonly isAsync: boolean = true;
  readonly #pg: PgModule;

  constructor(module: unknown) {
    const { default: inner } = module as { readonly default?: unknown };
    const pg = (typeof (module as Partial<PgModule>).Client === "function" ? module : inner) as
      | Partial<PgModule>
      | undefined;
    if (typeof pg?.Client !== "function" || typeof pg.Connection !== "function") {
      throw new ArgumentError("this is not the package pg", {
        fix: "pass what import('pg') gives; pg-native is not supported",
      });
    }
    this.#pg = pg as PgModule;
  }

  connect(options: PostgresConnectOptions = {}): Promise<PgConnection> {
    return connectToOne(options, (address) => this.#open(address, options));
  }

  #open(address: HostAddress, options: PostgresConnectOptions): Promise<PgConnection> {
    return withOrWithoutTls(options, async (ssl) => {
      const client = this.#client(address, options, ssl);
      // Errors of an idle connection are events; without a listener they would end the process.
      client.on("error", () => {});
      try {
        await client.connect();
        return new PgConnection(this.#pg, client, options);
      } catch (error) {
        client.connection.stream.destroy();
        throw error;
      }
    });
  }

  #client({ host, port }: HostAddress, options: PostgresConnectOptions, ssl: boolean | object | undefined): PgClient {
    const { user, password, database, connectTimeout, applicationName, options: commandLine, native } = options;
    const given: Record<string, unknown> = {
      host,
      port,
      user,
      password,
      database,
      ssl,
      application_name: applicationName,
      options: commandLine,
      connectionTimeoutMillis: connectTimeout === undefined ? undefined : connectTimeout * 1000,
      keepAlive: true,
      ...native,
    };
    for (const name of Object.keys(given)) if (given[name] === undefined) delete given[name];
    const client = new this.#pg.Client(given);
    const startup = client.getStartupConf.bind(client);
    const settings = sessionSettings(options);
    client.getStartupConf = () => ({ ...startup(), ...settings });
    return client;
  }
}
