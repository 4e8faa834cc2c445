/** The driver adapter for `pg` 8: opens connections, to the first of several servers that will do. */

import { readFileSync } from "node:fs";
import { ArgumentError, type Driver, type ParamStyle } from "@athanor/driver";
import type { HostAddress, PostgresConnectOptions, SslMode, TargetSession } from "../connect-options.ts";
import { PgConnection } from "./pg-connection.ts";
import type { PgClient, PgModule } from "./pg-port.ts";

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

  async connect(options: PostgresConnectOptions = {}): Promise<PgConnection> {
    const hosts: readonly HostAddress[] = options.hosts ?? [{ host: options.host, port: options.port }];
    const target = options.targetSessionAttrs ?? "any";
    const failures: unknown[] = [];
    for (const round of target === "prefer-standby" ? (["standby", "any"] as const) : [target]) {
      for (const address of hosts) {
        try {
          const connection = await this.#open(address, options);
          if (round === "any" || (await fits(connection, round))) return connection;
          await connection.close();
          failures.push(new Error(`${address.host ?? "localhost"} is not ${round}`));
        } catch (error) {
          if (hosts.length === 1 && round === target) throw error;
          // Another server will not know a wrong password better.
          if ((error as { code?: string }).code?.startsWith("28")) throw error;
          failures.push(error);
        }
      }
    }
    throw new AggregateError(
      failures,
      `Connection terminated: none of ${hosts.length} servers will do (${failures.map((failure) => (failure as Error).message).join("; ")})`,
    );
  }

  async #open(address: HostAddress, options: PostgresConnectOptions): Promise<PgConnection> {
    const attempts = sslAttempts(options);
    for (const [index, ssl] of attempts.entries()) {
      const client = this.#client(address, options, ssl);
      // Errors of an idle connection are events; without a listener they would end the process.
      client.on("error", () => {});
      try {
        await client.connect();
        return new PgConnection(this.#pg, client, options);
      } catch (error) {
        client.connection.stream.destroy();
        const isRefused = /does not support SSL|no pg_hba.conf entry|SSL connection/.test((error as Error).message);
        if (index === attempts.length - 1 || !isRefused) throw error;
      }
    }
    throw new ArgumentError("no way to connect");
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

/** Settings that go into the startup message, so that they cost nothing. */
function sessionSettings(options: PostgresConnectOptions): Record<string, string> {
  const settings: Record<string, string> = { DateStyle: "ISO" };
  const timezone = options.timezone === undefined ? "UTC" : options.timezone;
  if (timezone !== null) settings.TimeZone = timezone;
  return { ...settings, ...options.settings };
}

/** The ways to try, in order: with and without TLS. */
function sslAttempts(options: PostgresConnectOptions): readonly (boolean | object | undefined)[] {
  if (options.ssl !== undefined) return [options.ssl];
  const mode = options.sslMode;
  if (mode === undefined)
    return [
      options.sslRootCert === undefined && options.sslCert === undefined
        ? undefined
        : tlsOptions(options, "verify-full"),
    ];
  if (mode === "disable") return [false];
  const tls = tlsOptions(options, mode);
  return mode === "allow" ? [false, tls] : mode === "prefer" ? [tls, false] : [tls];
}

/** libpq's modes for `tls.connect`: `require` encrypts and checks nothing, unless a root certificate is given. */
function tlsOptions(options: PostgresConnectOptions, mode: SslMode): object {
  const { sslRootCert, sslCert, sslKey } = options;
  const tls: Record<string, unknown> = {};
  if (sslRootCert !== undefined && sslRootCert !== "system") tls.ca = readFileSync(sslRootCert, "utf8");
  if (sslCert !== undefined) tls.cert = readFileSync(sslCert, "utf8");
  if (sslKey !== undefined) tls.key = readFileSync(sslKey, "utf8");
  const checksAuthority = mode === "verify-ca" || mode === "verify-full" || sslRootCert !== undefined;
  if (!checksAuthority) tls.rejectUnauthorized = false;
  else if (mode !== "verify-full" && sslRootCert !== "system") tls.checkServerIdentity = () => undefined;
  return tls;
}

async function fits(connection: PgConnection, target: TargetSession): Promise<boolean> {
  const isStandbyQuestion = target === "primary" || target === "standby";
  const { rows } = await connection.execute(
    isStandbyQuestion ? "SELECT pg_is_in_recovery()" : "SELECT current_setting('transaction_read_only') = 'on'",
    [],
    { prepare: false },
  );
  const answer = rows[0]?.[0] === true;
  return target === "standby" || target === "read-only" ? answer : !answer;
}
