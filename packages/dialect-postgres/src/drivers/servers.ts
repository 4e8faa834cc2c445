/** Which server is connected to, and how, whatever package does it: the first of several that will do, with TLS or without. */
import { readFileSync } from "node:fs";
import { ArgumentError, type DriverConnection } from "@athanor/driver";
import type { HostAddress, PostgresConnectOptions, SslMode, TargetSession } from "../connect-options.ts";

/** Opens a connection to the first of the servers that answers and is what `targetSessionAttrs` asks for. */
export async function connectToOne<Connection extends DriverConnection>(
  options: PostgresConnectOptions,
  open: (address: HostAddress) => Promise<Connection>,
): Promise<Connection> {
  const hosts: readonly HostAddress[] = options.hosts ?? [{ host: options.host, port: options.port }];
  const target = options.targetSessionAttrs ?? "any";
  const failures: unknown[] = [];
  for (const round of target === "prefer-standby" ? (["standby", "any"] as const) : [target]) {
    for (const address of hosts) {
      try {
        const connection = await open(address);
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

/** Opens a connection by the ways that `sslMode` allows, until one is not refused. */
export async function withOrWithoutTls<Connection>(
  options: PostgresConnectOptions,
  open: (ssl: boolean | object | undefined) => Promise<Connection>,
): Promise<Connection> {
  const attempts = sslAttempts(options);
  for (const [index, ssl] of attempts.entries()) {
    try {
      return await open(ssl);
    } catch (error) {
      const isRefused = refusal.test((error as Error).message);
      if (index === attempts.length - 1 || !isRefused) throw error;
    }
  }
  throw new ArgumentError("no way to connect");
}

const refusal = /does not support SSL|no pg_hba.conf entry|SSL connection/;

/** Settings that go into the startup message, so that they cost nothing. */
export function sessionSettings(options: PostgresConnectOptions): Record<string, string> {
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

async function fits(connection: DriverConnection, target: TargetSession): Promise<boolean> {
  const isStandbyQuestion = target === "primary" || target === "standby";
  const { rows } = await connection.execute(
    isStandbyQuestion ? "SELECT pg_is_in_recovery()" : "SELECT current_setting('transaction_read_only') = 'on'",
    [],
    { prepare: false },
  );
  const answer = rows[0]?.[0] === true;
  return target === "standby" || target === "read-only" ? answer : !answer;
}
