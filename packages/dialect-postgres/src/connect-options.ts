/** What a driver is told to connect to, and how it is read from a URL: hosts, TLS, settings. The same for every driver. */
import { ArgumentError, type URL } from "@athanor/core";

/** One server. */
export interface HostAddress {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** TLS as the URL asks for it, in libpq's words; an object goes to `tls.connect`. */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** How statements are prepared on the server. */
export type PreparedStatements = "auto" | "named" | "off";

/** Which of several servers will do. */
export type TargetSession = "any" | "read-write" | "read-only" | "primary" | "standby" | "prefer-standby";

/** Options of a connection. All can be given as `connectArgs` too. */
export interface PostgresConnectOptions {
  /** Tried in this order. Default: the driver's, that is, the environment's or localhost. */
  readonly hosts?: readonly HostAddress[];
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string | (() => string | Promise<string>);
  readonly database?: string;
  readonly sslMode?: SslMode;
  readonly sslRootCert?: string;
  readonly sslCert?: string;
  readonly sslKey?: string;
  /** Options for `tls.connect`, or `true`; replaces the `ssl…` options above. */
  readonly ssl?: boolean | object;
  /** Seconds to wait for a connection. */
  readonly connectTimeout?: number;
  readonly targetSessionAttrs?: TargetSession;
  /** libpq's `options`: `-c search_path=app`. */
  readonly options?: string;
  /** Settings of the session, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly applicationName?: string;
  /**
   * `"auto"` (default): named once a text comes again, given up where a pooler in between loses them; `"named"`: at once;
   * `"off"`: never, as PgBouncer's transaction mode needs it before version 1.21.
   */
  readonly preparedStatements?: PreparedStatements;
  /** Named statements that a connection keeps. Default 256. */
  readonly statementCacheSize?: number;
  /** Time zone of the session; null leaves the server's. Default `UTC`, so that dates without a time zone are UTC. */
  readonly timezone?: string | null;
  /** Further options of the driver itself. */
  readonly native?: Readonly<Record<string, unknown>>;
}

const sslModes = new Set(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]);
const targets = new Set(["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]);

/** libpq's and our own names of URL arguments, with the option each sets. */
const plainArguments: Readonly<Record<string, keyof PostgresConnectOptions>> = {
  user: "user",
  password: "password",
  dbname: "database",
  sslmode: "sslMode",
  sslrootcert: "sslRootCert",
  sslcert: "sslCert",
  sslkey: "sslKey",
  connect_timeout: "connectTimeout",
  target_session_attrs: "targetSessionAttrs",
  options: "options",
  application_name: "applicationName",
  fallback_application_name: "applicationName",
  prepared_statements: "preparedStatements",
  statement_cache_size: "statementCacheSize",
  timezone: "timezone",
};

/** Session settings that may stand in a URL by their own name. */
const settingNames = new Set([
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "idle_session_timeout",
  "search_path",
  "datestyle",
  "intervalstyle",
  "role",
]);

const numbers = new Set<keyof PostgresConnectOptions>(["connectTimeout", "statementCacheSize"]);

/**
 * Options from a URL. `?host=a:5432&host=b` and `?host=a,b&port=1,2` name several servers.
 *
 * @throws ArgumentError for arguments that are unknown or do not fit together.
 */
export function optionsFromUrl(url: URL): PostgresConnectOptions {
  const found: Record<string, unknown> = {};
  const settings: Record<string, string> = {};
  if (url.username) found.user = url.username;
  if (url.password) found.password = url.password;
  if (url.database) found.database = url.database;
  const hosts = hostsOf(url);
  if (hosts.length > 0) found.hosts = hosts;
  for (const [name, values] of Object.entries(url.normalizedQuery)) {
    const value = values.at(-1) as string;
    const option = plainArguments[name];
    if (name === "host" || name === "port") continue;
    if (option !== undefined) found[option] ??= numbers.has(option) ? wholeNumber(name, value) : value;
    else if (settingNames.has(name.toLowerCase())) settings[name.toLowerCase()] = value;
    else
      throw new ArgumentError(`unknown argument ${JSON.stringify(name)} in the URL`, {
        fix: `known ones are host, port, ${[...Object.keys(plainArguments), ...settingNames].join(", ")}; others go into connectArgs`,
      });
  }
  if (Object.keys(settings).length > 0) found.settings = settings;
  checkChoice("sslmode", found.sslMode, sslModes);
  checkChoice("target_session_attrs", found.targetSessionAttrs, targets);
  checkChoice("prepared_statements", found.preparedStatements, new Set(["auto", "named", "off"]));
  return found as PostgresConnectOptions;
}

function checkChoice(name: string, value: unknown, choices: ReadonlySet<string>): void {
  if (value !== undefined && !choices.has(value as string))
    throw new ArgumentError(`${name}=${String(value)} is not one of ${[...choices].join(", ")}`);
}

function wholeNumber(name: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new ArgumentError(`${name}=${value} in the URL is not a number`);
}

function hostsOf(url: URL): HostAddress[] {
  const { host: givenHosts = [], port: givenPorts = [] } = url.normalizedQuery;
  let hosts = [...givenHosts];
  let ports: (string | undefined)[] = [...givenPorts];
  const withPorts =
    hosts.length > 1 || (hosts.length === 1 && givenPorts.length === 0 && /^[\w.-]*:\d*$/.test(hosts[0] as string));
  if (withPorts) {
    if (ports.length > 0) {
      throw new ArgumentError(
        'Can\'t mix \'multihost\' formats together; use "host=h1,h2,h3&port=p1,p2,p3" or "host=h1:p1&host=h2:p2&host=h3:p3" separately',
      );
    }
    const pairs = hosts.map((each) => each.split(":"));
    hosts = pairs.map(([host]) => host as string);
    ports = pairs.map(([, port]) => port);
  } else {
    if (hosts.length === 1) hosts = (hosts[0] as string).split(",");
    if (ports.length === 1) ports = (ports[0] as string).split(",");
  }
  if (ports.some((port) => port && !/^\d+$/.test(port)))
    throw new ArgumentError(`Received non-integer port arguments: ${ports.join(", ")}`);
  if (
    (hosts.length === 0 && ports.length > 1) ||
    (hosts.length > 0 && ports.length > 0 && hosts.length !== ports.length && (hosts.length > 1 || ports.length > 1))
  ) {
    throw new ArgumentError("number of hosts and ports don't match");
  }
  if (hosts.length === 0) {
    const port = ports[0] === undefined ? (url.port ?? undefined) : Number(ports[0]);
    return url.host === null && port === undefined ? [] : [{ host: url.host || undefined, port }];
  }
  return hosts.map((host, index) => ({
    host: host || undefined,
    port: ports[index] ? Number(ports[index]) : (url.port ?? undefined),
  }));
}
