import { makeUrl } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { connectOptions } from "./connect-options.ts";

const read = (url: string): ReturnType<typeof connectOptions> => connectOptions(makeUrl(url));

describe("oracle:// URLs", () => {
  it.each([
    [
      "oracle://scott:ti%40ger@db.local:1522/?service_name=FREEPDB1",
      {
        user: "scott",
        password: "ti@ger",
        connectString:
          "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=db.local)(PORT=1522))(CONNECT_DATA=(SERVICE_NAME=FREEPDB1)))",
      },
    ],
    [
      "oracle+oracledb://u@h/XE",
      { connectString: "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=h)(PORT=1521))(CONNECT_DATA=(SID=XE)))" },
    ],
    [
      "oracle://u@h/?service_name=s&protocol=tcps",
      { connectString: "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST=h)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=s)))" },
    ],
    [
      "oracle://u:p@sales_high?config_dir=/tns&wallet_location=/w&wallet_password=x",
      { connectString: "sales_high", configDir: "/tns", walletLocation: "/w", walletPassword: "x" },
    ],
    [
      "oracle://u@h/XE?mode=SYSDBA&stmtcachesize=50&retry_count=3&events=true",
      { privilege: 2, stmtCacheSize: 50, retryCount: 3, events: true },
    ],
    [
      "oracle://u@h/XE?tcp_connect_timeout=5&expire_time=2&ssl_server_dn_match=no",
      { transportConnectTimeout: 5, expireTime: 2, sslServerDNMatch: false },
    ],
  ])("%s", (url, expected) => {
    expect(read(url)).toMatchObject(expected);
  });

  it.each([
    ["oracle://u@h/XE?service_name=s", /both a SID.*service_name/],
    ["oracle://u@h/?servicename=s", /no connection option "servicename".*service_name/s],
    ["oracle://u@h/?service_name=a)(b", /cannot be part of a connect descriptor/],
    ["oracle://u@h/XE?mode=KING", /mode must be one of SYSDBA/],
    ["oracle://u@h/XE?retry_count=often", /retry_count must be a whole number/],
    ["oracle://u@h/XE?events=maybe", /events must be true or false/],
    ["oracle://u@h/?service_name=s&protocol=udp", /protocol must be tcp or tcps/],
  ])("%s is refused", (url, message) => {
    expect(() => read(url)).toThrow(message);
  });
});
