/** What `mysql://user:password@host:port/database?…` means to the driver. */
import { ArgumentError, type URL } from "@athanor/core";

/** Options of a connection, in the driver's words. */
export interface MySQLConnectOptions {
  readonly [name: string]: unknown;
}

/** Query arguments that go by another name at the driver. */
const renamed: Readonly<Record<string, string>> = {
  unix_socket: "socketPath",
  connect_timeout: "connectTimeout",
  ssl_ca: "ca",
  ssl_cert: "cert",
  ssl_key: "key",
};
const booleans = new Set([
  "compress",
  "enableKeepAlive",
  "insecureAuth",
  "debug",
  "gracefulEnd",
  "disableEval",
  "enableCleartextPlugin",
  "allowPublicKeyRetrieval",
]);
const numbers = new Set(["connectTimeout", "maxPreparedStatements", "keepAliveInitialDelay"]);
const strings = new Set(["charset", "socketPath", "localAddress", "passwordSha1"]);
const tls = new Set(["ca", "cert", "key", "ssl_disabled", "ssl_check_hostname", "ssl_verify_cert"]);

/** The options of a URL. @throws ArgumentError for query arguments that nobody knows. */
export function connectOptions(url: URL): MySQLConnectOptions {
  const options: Record<string, unknown> = { ...url.translateConnectArgs({ username: "user" }) };
  const secure: Record<string, unknown> = {};
  for (const [given, values] of Object.entries(url.normalizedQuery)) {
    const name = renamed[given] ?? given;
    const value = values.at(-1) as string;
    if (tls.has(name) || name === "ssl") readTls(secure, name, value, options);
    else if (booleans.has(name)) options[name] = truth(name, value);
    else if (numbers.has(name)) options[name] = given === "connect_timeout" ? Number(value) * 1000 : Number(value);
    else if (strings.has(name)) options[name] = value;
    else if (name === "connectAttributes" || name === "flags")
      options[name] = name === "flags" ? value.split(",") : (JSON.parse(value) as unknown);
    else {
      throw new ArgumentError(`the drivers have no connection option ${JSON.stringify(given)}`, {
        fix: `query arguments of the URL are ${[...strings, ...booleans, ...numbers, ...tls, "ssl", "flags", ...Object.keys(renamed)].sort().join(", ")}; others go into connectArgs`,
      });
    }
  }
  if (Object.keys(secure).length > 0 && options.ssl === undefined) options.ssl = secure;
  return options;
}

function truth(name: string, value: string): boolean {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  throw new ArgumentError(`the URL's ${name} must be true or false, not ${JSON.stringify(value)}`);
}

/** `ssl=true`, `ssl=Amazon RDS`, `ssl_ca=file.pem`. */
function readTls(secure: Record<string, unknown>, name: string, value: string, options: Record<string, unknown>): void {
  switch (name) {
    case "ssl":
      if (/^(1|true|yes|on)$/i.test(value)) secure.rejectUnauthorized ??= true;
      else if (!/^(0|false|no|off)$/i.test(value)) options.ssl = value;
      break;
    case "ssl_disabled":
      break;
    case "ssl_verify_cert":
      secure.rejectUnauthorized = truth(name, value);
      break;
    case "ssl_check_hostname":
      secure.verifyIdentity = truth(name, value);
      break;
    default:
      secure[`${name}File`] = value;
  }
}
