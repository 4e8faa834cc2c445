/** The driver adapter for the package `postgres`, that is postgres.js: opens connections, one for each of Athanor's pool. */
import { ArgumentError, type Driver, type ParamStyle } from "@athanor/driver";
import type { HostAddress, PostgresConnectOptions } from "../connect-options.ts";
import { PostgresjsConnection } from "./postgresjs-connection.ts";
import type { JsModule, JsResult, JsSql } from "./postgresjs-port.ts";
import { Wire } from "./postgresjs-wire.ts";
import { readers } from "./readers.ts";
import { connectToOne, sessionSettings, withOrWithoutTls } from "./servers.ts";

/** Statements of one batch that are on their way at a time. */
const pipelineLength = 500;

/** The package begins TLS also where the server has refused it. */
const noTls = /disconnected before secure TLS connection was established/;

/** postgres.js as an Athanor driver. */
export class PostgresjsDriver implements Driver<PostgresConnectOptions> {
  readonly name: string = "postgresjs";
  readonly paramStyle: ParamStyle = "numeric_dollar";
  readonly isAsync: boolean = true;
  readonly #postgres: JsModule;

  constructor(module: unknown) {
    const { default: inner } = module as { readonly default?: unknown };
    const postgres = typeof module === "function" ? module : inner;
    if (typeof postgres !== "function" || !("PostgresError" in postgres))
      throw new ArgumentError("this is not the package postgres", { fix: "pass what import('postgres') gives" });
    this.#postgres = postgres as unknown as JsModule;
  }

  /** @param options.native options of postgres.js. */
  connect(options: PostgresConnectOptions = {}): Promise<PostgresjsConnection> {
    return connectToOne(options, (address) => withOrWithoutTls(options, (ssl) => this.#open(address, options, ssl)));
  }

  async #open(
    { host, port }: HostAddress,
    options: PostgresConnectOptions,
    ssl: boolean | object | undefined,
  ): Promise<PostgresjsConnection> {
    const wire = new Wire(options.connectTimeout);
    const sql = this.#postgres({
      ...definedOptions({
        ...addressOf(host, port),
        user: options.user,
        pass: options.password,
        database: options.database,
        ssl,
        connect_timeout: options.connectTimeout,
      }),
      connection: definedOptions({
        application_name: options.applicationName,
        options: options.options,
        ...sessionSettings(options),
      }),
      onnotice: () => {},
      ...options.native,
      // One connection, which is never replaced without a word.
      max: 1,
      idle_timeout: null,
      max_lifetime: null,
      max_pipeline: pipelineLength,
      fetch_types: false,
      socket: wire.open,
      onclose: () => wire.onclose?.(),
      onnotify: (channel: string, payload: string) => wire.onnotify?.(channel, payload),
    });
    giveOurValues(sql);
    try {
      // reserve() alone would never answer where fetch_types is false.
      const { state } = (await sql.unsafe("SELECT 1")) as JsResult;
      return new PostgresjsConnection(sql, await sql.reserve(), wire, state?.pid ?? null, options);
    } catch (error) {
      wire.destroy();
      if (noTls.test((error as Error).message))
        throw new Error("The server does not support SSL connections", { cause: error });
      throw error;
    } finally {
      wire.isConnected = true;
    }
  }
}

/** Lists, because the package splits a text at its colons, which IPv6 has. */
function addressOf(givenHost: string | undefined, givenPort: number | undefined): Record<string, unknown> {
  const host = givenHost ?? process.env.PGHOST ?? "localhost";
  const port = givenPort ?? Number(process.env.PGPORT ?? 5432);
  const path = host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : undefined;
  return { host: [host], port: [port], path };
}

function definedOptions(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Rows have the values that every driver of the dialect gives; parameters that are text already are sent as they are. */
function giveOurValues({ options: { parsers, serializers } }: JsSql): void {
  for (const code of Object.keys(parsers)) delete parsers[Number(code)];
  for (const [code, reader] of readers) parsers[code] = reader;
  for (const [code, serialize] of Object.entries(serializers))
    serializers[Number(code)] = (value) => (typeof value === "string" ? value : serialize(value));
}
