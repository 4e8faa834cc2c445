/** What `oracle://user:password@host:port/…` means to the driver. */
import { ArgumentError, type URL } from "@athanor/core";

/** Options of a connection, in oracledb's words. */
export interface OracleConnectOptions {
  readonly [name: string]: unknown;
}

/** Query arguments of the URL by oracledb's names for them. */
const renamed: Readonly<Record<string, string>> = {
  config_dir: "configDir",
  tns_admin: "configDir",
  wallet_location: "walletLocation",
  wallet_password: "walletPassword",
  ssl_server_dn_match: "sslServerDNMatch",
  ssl_server_cert_dn: "sslServerCertDN",
  https_proxy: "httpsProxy",
  https_proxy_port: "httpsProxyPort",
  retry_count: "retryCount",
  retry_delay: "retryDelay",
  tcp_connect_timeout: "transportConnectTimeout",
  transport_connect_timeout: "transportConnectTimeout",
  connect_timeout: "connectTimeout",
  expire_time: "expireTime",
  stmtcachesize: "stmtCacheSize",
  stmt_cache_size: "stmtCacheSize",
  external_auth: "externalAuth",
  connection_id_prefix: "connectionIdPrefix",
  driver_name: "driverName",
};
const strings = new Set([
  "configDir",
  "walletLocation",
  "walletPassword",
  "walletContent",
  "sslServerCertDN",
  "httpsProxy",
  "edition",
  "connectionIdPrefix",
  "driverName",
  "machine",
  "osUser",
  "program",
  "terminal",
]);
const booleans = new Set(["sslServerDNMatch", "sslAllowWeakDNMatch", "externalAuth", "events", "useSNI"]);
const numbers = new Set([
  "httpsProxyPort",
  "retryCount",
  "retryDelay",
  "transportConnectTimeout",
  "connectTimeout",
  "expireTime",
  "sdu",
  "stmtCacheSize",
]);
/** Roles, by oracledb's numbers for them. */
const modes: Readonly<Record<string, number>> = {
  SYSDBA: 2,
  SYSOPER: 4,
  SYSASM: 32_768,
  SYSBACKUP: 131_072,
  SYSDG: 262_144,
  SYSKM: 524_288,
  SYSRAC: 1_048_576,
};

/** The options of a URL. @throws ArgumentError for query arguments that nobody knows. */
export function connectOptions(url: URL): OracleConnectOptions {
  const options: Record<string, unknown> = {};
  let service: string | undefined;
  let protocol = "tcp";
  for (const [given, values] of Object.entries(url.normalizedQuery)) {
    const name = renamed[given.toLowerCase()] ?? given;
    const value = values.at(-1) as string;
    if (name === "service_name") service = value;
    else if (name === "protocol") protocol = protocolOf(value);
    else if (name === "mode") options.privilege = privilegeOf(value);
    else if (booleans.has(name)) options[name] = truth(given, value);
    else if (numbers.has(name)) options[name] = whole(given, value);
    else if (strings.has(name)) options[name] = value;
    else {
      throw new ArgumentError(`oracledb has no connection option ${JSON.stringify(given)}`, {
        fix: `query arguments of the URL are ${[...strings, ...booleans, ...numbers, "service_name", "protocol", "mode", ...Object.keys(renamed)].sort().join(", ")}; others go into connectArgs`,
      });
    }
  }
  if (url.username !== null) options.user = url.username;
  if (url.password !== null) options.password = String(url.password);
  options.connectString = connectString(url, service, protocol);
  return options;
}

/** A host with a service or a SID, or the name of a connection in `tnsnames.ora`. */
function connectString(url: URL, service: string | undefined, protocol: string): string {
  const { host, port, database } = url;
  if (database && service !== undefined) {
    throw new ArgumentError("the URL has both a SID behind the host and a service_name", {
      fix: "leave one of them out: oracle://host/SID or oracle://host/?service_name=name",
    });
  }
  if (host === null || host === "") return database ?? service ?? "";
  if (!database && service === undefined && port === null) return host;
  const address = `(ADDRESS=(PROTOCOL=${protocol})(HOST=${safe(host)})(PORT=${port ?? 1521}))`;
  if (database) return `(DESCRIPTION=${address}(CONNECT_DATA=(SID=${safe(database)})))`;
  const data = service === undefined ? "" : `(SERVICE_NAME=${safe(service)})`;
  return `(DESCRIPTION=${address}(CONNECT_DATA=${data}))`;
}

/** Parentheses would end a part of the descriptor. */
function safe(text: string): string {
  if (/[()=\\'"]/.test(text))
    throw new ArgumentError(`${JSON.stringify(text)} cannot be part of a connect descriptor`, {
      fix: "pass the whole descriptor, connectArgs: { connectString }",
    });
  return text;
}

function protocolOf(value: string): string {
  if (/^tcps?$/i.test(value)) return value.toLowerCase();
  throw new ArgumentError(`the URL's protocol must be tcp or tcps, not ${JSON.stringify(value)}`);
}

function privilegeOf(value: string): number {
  const privilege = modes[value.toUpperCase()];
  if (privilege !== undefined) return privilege;
  throw new ArgumentError(
    `the URL's mode must be one of ${Object.keys(modes).join(", ")}, not ${JSON.stringify(value)}`,
  );
}

function truth(name: string, value: string): boolean {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  throw new ArgumentError(`the URL's ${name} must be true or false, not ${JSON.stringify(value)}`);
}

function whole(name: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new ArgumentError(`the URL's ${name} must be a whole number, not ${JSON.stringify(value)}`);
}
