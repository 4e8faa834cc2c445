/** URLs of SQLite. */
import { resolve } from "node:path";
import { makeUrl } from "@athanor/core";
import { describe, expect, test } from "vitest";
import { connectOptions, isFileUrl } from "./connect-options.ts";

const options = (url: string): ReturnType<typeof connectOptions> => connectOptions(makeUrl(url));

describe("the file", () => {
  test.each([
    ["sqlite://", ":memory:", false],
    ["sqlite:///", ":memory:", false],
    ["sqlite:///:memory:", ":memory:", false],
    ["sqlite:///data/my.db", resolve("data/my.db"), true],
    ["sqlite:////var/my.db", "/var/my.db", true],
    ["sqlite:///file:/var/my.db?uri=true", "/var/my.db", true],
    ["sqlite:///file:///var/my.db?uri=true", "/var/my.db", true],
    ["sqlite:///file::memory:?uri=true", ":memory:", false],
    ["sqlite:///shared?mode=memory&cache=shared", "shared", false],
  ])("%s", (url, filename, isFile) => {
    expect(options(url).filename).toBe(filename);
    expect(isFileUrl(makeUrl(url))).toBe(isFile);
  });
});

test("query arguments", () => {
  expect(
    options(
      "sqlite:///x.db?mode=ro&timeout=0.5&cached_statements=9&transaction_mode=immediate&foreign_keys=1&journal_mode=wal",
    ),
  ).toMatchObject({
    mode: "ro",
    timeout: 0.5,
    cachedStatements: 9,
    transactionMode: "IMMEDIATE",
    pragmas: { foreign_keys: "1", journal_mode: "wal" },
  });
  expect(options("sqlite:///x.db?immutable=1&nolock=1").uriArguments).toEqual({ immutable: "1", nolock: "1" });
  expect(options("sqlite:///x.db?check_same_thread=false&isolation_level=EXCLUSIVE").transactionMode).toBe("EXCLUSIVE");
});

test.each([
  ["sqlite://host/x.db", /Invalid SQLite URL.*sqlite:\/\/\/relative/],
  ["sqlite://user:pw@/x.db", /Invalid SQLite URL: sqlite:\/\/user:\*\*\*@/],
  ["sqlite:///x.db?foregin_keys=1", /no connect argument "foregin_keys"/],
  ["sqlite:///x.db?mode=write", /mode must be one of ro, rw, rwc, memory/],
  ["sqlite:///x.db?timeout=soon", /timeout must be a number/],
  ["sqlite:///x.db?transaction_mode=later", /transaction_mode must be one of DEFERRED/],
])("%s is refused", (url, message) => {
  expect(() => options(url)).toThrow(message);
});
