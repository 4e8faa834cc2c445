import { makeUrl } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { connectOptions } from "./connect-options.ts";

const read = (url: string): ReturnType<typeof connectOptions> => connectOptions(makeUrl(url));

describe("mssql:// URLs", () => {
  it.each([
    [
      "mssql://scott:ti%40ger@db.local:1444/shop",
      {
        server: "db.local",
        authentication: { type: "default", options: { userName: "scott", password: "ti@ger" } },
        options: { port: 1444, database: "shop", textsize: 2_147_483_647 },
      },
    ],
    [
      "mssql+tedious://u@h/d?encrypt=strict&trustServerCertificate=yes&appName=x",
      { options: { encrypt: "strict", trustServerCertificate: true, appName: "x" } },
    ],
    [
      "mssql://u@h/d?Encrypt=no&TrustServerCertificate=true&APP=y",
      { options: { encrypt: false, trustServerCertificate: true, appName: "y" } },
    ],
    ["mssql://u@h/d?instanceName=SQLEXPRESS", { server: "h", options: { instanceName: "SQLEXPRESS" } }],
    [
      "mssql://u@h/d?ApplicationIntent=ReadOnly&multiSubnetFailover=true",
      { options: { readOnlyIntent: true, multiSubnetFailover: true } },
    ],
    ["mssql://u@h/d?connectTimeout=500&cancelTimeout=100", { options: { connectTimeout: 500, cancelTimeout: 100 } }],
    ["mssql://u@h/d?connect_timeout=5", { options: { connectTimeout: 5000 } }],
    [
      "mssql://u:p@h/d?domain=CORP",
      { authentication: { type: "ntlm", options: { userName: "u", password: "p", domain: "CORP" } } },
    ],
    [
      "mssql://h/d?authentication=azure-active-directory-service-principal-secret&clientId=a&clientSecret=b&tenantId=c",
      {
        authentication: {
          type: "azure-active-directory-service-principal-secret",
          options: { clientId: "a", clientSecret: "b", tenantId: "c" },
        },
      },
    ],
    [
      "mssql://h/d?authentication=azure-active-directory-access-token&token=x",
      { authentication: { options: { token: "x" } } },
    ],
  ])("%s", (url, expected) => {
    expect(read(url)).toMatchObject(expected);
  });

  it.each([
    ["mssql://h/d?encript=true", /no connection option "encript".*encrypt/s],
    ["mssql://h/d?encrypt=maybe", /encrypt must be true or false/],
    ["mssql://h/d?packetSize=big", /packetSize must be a number/],
    ["mssql://h/d?authentication=kerberos", /"kerberos" is no way to authenticate.*ntlm/s],
    ["mssql://h:1433/d?instanceName=X", /both a port and an instance/],
  ])("%s is refused", (url, message) => {
    expect(() => read(url)).toThrow(message);
  });
});
