/** What `mssql://user:password@host:port/database?…` means to the driver. */
import { ArgumentError, type URL } from "@athanor/core";

/** tedious's configuration. */
export interface MSSQLConnectOptions {
  readonly server: string;
  readonly authentication?: { readonly type: string; readonly options: Readonly<Record<string, unknown>> };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** Query arguments by the names that they have at ODBC, in lower case. */
const renamed: Readonly<Record<string, string>> = {
  app: "appName",
  app_name: "appName",
  application_name: "appName",
  "application name": "appName",
  instance: "instanceName",
  trust_server_certificate: "trustServerCertificate",
  trustservercertificate: "trustServerCertificate",
  connect_timeout: "connectTimeout",
  connectiontimeout: "connectTimeout",
  "connection timeout": "connectTimeout",
  logintimeout: "connectTimeout",
  workstation_id: "workstationId",
  wsid: "workstationId",
  packet_size: "packetSize",
  multisubnetfailover: "multiSubnetFailover",
  applicationintent: "readOnlyIntent",
  read_only_intent: "readOnlyIntent",
  server_name: "serverName",
  hostnameincertificate: "serverName",
};

const booleans = new Set([
  "trustServerCertificate",
  "multiSubnetFailover",
  "abortTransactionOnError",
  "fallbackToDefaultDb",
  "enableArithAbort",
  "enableAnsiNull",
  "enableQuotedIdentifier",
]);
const numbers = new Set([
  "connectTimeout",
  "cancelTimeout",
  "packetSize",
  "textsize",
  "connectionRetryInterval",
  "maxRetriesOnTransientErrors",
]);
const strings = new Set([
  "appName",
  "instanceName",
  "language",
  "localAddress",
  "workstationId",
  "serverName",
  "tdsVersion",
]);
/** What the ways to authenticate want to know. */
const credentials = new Set(["domain", "token", "clientId", "clientSecret", "tenantId"]);
const authentications = new Set([
  "default",
  "ntlm",
  "azure-active-directory-password",
  "azure-active-directory-access-token",
  "azure-active-directory-msi-vm",
  "azure-active-directory-msi-app-service",
  "azure-active-directory-service-principal-secret",
  "azure-active-directory-default",
]);
const known = ["encrypt", "readOnlyIntent", "authentication", ...credentials, ...booleans, ...numbers, ...strings];
const byLowerCase = new Map(known.map((name) => [name.toLowerCase(), name]));

/** The configuration of a URL. @throws ArgumentError for query arguments that nobody knows. */
export function connectOptions(url: URL): MSSQLConnectOptions {
  const options: Record<string, unknown> = { textsize: 2_147_483_647 };
  const given: Record<string, string> = {};
  for (const [name, values] of Object.entries(url.normalizedQuery)) {
    const value = values.at(-1) as string;
    const option = renamed[name.toLowerCase()] ?? byLowerCase.get(name.toLowerCase()) ?? name;
    if (option === "encrypt") options.encrypt = /^strict$/i.test(value) ? "strict" : truth(name, value);
    else if (option === "readOnlyIntent") options[option] = /^ReadOnly$/i.test(value) || truthOrIntent(name, value);
    else if (booleans.has(option)) options[option] = truth(name, value);
    else if (numbers.has(option)) options[option] = count(name, value, option === "connectTimeout" && option !== name);
    else if (strings.has(option)) options[option] = value;
    else if (option === "authentication" || credentials.has(option)) given[option] = value;
    else {
      throw new ArgumentError(`tedious has no connection option ${JSON.stringify(name)}`, {
        fix: `query arguments of the URL are ${names()}; others go into connectArgs`,
      });
    }
  }
  const [server = "localhost", instance] = (url.host ?? "localhost").split("\\");
  if (instance !== undefined) options.instanceName = instance;
  if (url.port !== null && url.port !== undefined) options.port = Number(url.port);
  if (options.port !== undefined && options.instanceName !== undefined) {
    throw new ArgumentError("the URL names both a port and an instance", {
      fix: "an instance's port is looked up; leave one of them out",
    });
  }
  if (url.database) options.database = url.database;
  return { server, authentication: authenticationOf(url, given), options };
}

function names(): string {
  return [...known, ...Object.keys(renamed)].sort().join(", ");
}

function truth(name: string, value: string): boolean {
  if (/^(1|true|yes|on|mandatory)$/i.test(value)) return true;
  if (/^(0|false|no|off|optional)$/i.test(value)) return false;
  throw new ArgumentError(`the URL's ${name} must be true or false, not ${JSON.stringify(value)}`);
}

function truthOrIntent(name: string, value: string): boolean {
  return /^ReadWrite$/i.test(value) ? false : truth(name, value);
}

/** @param inSeconds ODBC's names count seconds, tedious's milliseconds. */
function count(name: string, value: string, inSeconds: boolean): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0)
    throw new ArgumentError(`the URL's ${name} must be a number, not ${JSON.stringify(value)}`);
  return inSeconds ? number * 1000 : number;
}

/** SQL Server's own logins, Windows domains by NTLM, or Microsoft Entra (Azure Active Directory). */
function authenticationOf(
  url: URL,
  given: Readonly<Record<string, string>>,
): NonNullable<MSSQLConnectOptions["authentication"]> {
  const { authentication, ...facts } = given;
  const type = authentication ?? (facts.domain === undefined ? "default" : "ntlm");
  if (!authentications.has(type)) {
    throw new ArgumentError(`${JSON.stringify(type)} is no way to authenticate`, {
      fix: `authentication is one of ${[...authentications].join(", ")}`,
    });
  }
  const user = url.username ?? undefined;
  const password = url.password === null || url.password === undefined ? undefined : String(url.password);
  return {
    type,
    options: {
      ...(user === undefined ? {} : { userName: user }),
      ...(password === undefined ? {} : { password }),
      ...facts,
    },
  };
}
