import { makeUrl } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { optionsFromUrl } from "./connect-options.ts";

const read = (text: string): object => optionsFromUrl(makeUrl(text));

describe("connection options from a URL", () => {
  it("reads the parts", () => {
    expect(read("postgresql://scott:ti%40ger@db:5433/shop")).toEqual({
      user: "scott",
      password: "ti@ger",
      database: "shop",
      hosts: [{ host: "db", port: 5433 }],
    });
    expect(read("postgresql://")).toEqual({});
  });

  it("reads libpq's arguments and session settings", () => {
    expect(
      read(
        "postgresql://h/d?sslmode=require&connect_timeout=7&application_name=x&options=-c%20a%3Db&statement_timeout=500&prepared_statements=off",
      ),
    ).toEqual({
      database: "d",
      hosts: [{ host: "h", port: undefined }],
      sslMode: "require",
      connectTimeout: 7,
      applicationName: "x",
      options: "-c a=b",
      settings: { statement_timeout: "500" },
      preparedStatements: "off",
    });
  });

  it.each([
    [
      "?host=a:1&host=b&host=c:3",
      [
        ["a", 1],
        ["b", undefined],
        ["c", 3],
      ],
    ],
    [
      "?host=a,b&port=1,2",
      [
        ["a", 1],
        ["b", 2],
      ],
    ],
    ["?host=a&port=1", [["a", 1]]],
    ["?host=a:1", [["a", 1]]],
    ["?host=/tmp", [["/tmp", undefined]]],
    ["?port=7", [[undefined, 7]]],
  ])("reads the servers of %s", (query, servers) => {
    expect((read(`postgresql:///d${query}`) as { hosts: object[] }).hosts).toEqual(
      servers.map(([host, port]) => ({ host, port })),
    );
  });

  it.each([
    ["?host=a,b&port=1", /don't match/],
    ["?port=1,2", /don't match/],
    ["?host=a:1&host=b:2&port=3", /Can't mix/],
    ["?host=a&port=x", /non-integer/],
    ["?sslmode=maybe", /is not one of/],
    ["?conect_timeout=1", /unknown argument/],
    ["?connect_timeout=soon", /not a number/],
  ])("refuses %s", (query, message) => {
    expect(() => read(`postgresql:///d${query}`)).toThrow(message);
  });
});
