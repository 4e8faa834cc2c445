import { describe, expect, it } from "vitest";
import { makeUrl, URL } from "./url.ts";

describe("makeUrl", () => {
  const cases: [string, Partial<Record<keyof URL, unknown>>][] = [
    ["sqlite+better-sqlite3:///x.db", { drivername: "sqlite+better-sqlite3", database: "x.db", host: null }],
    [
      "postgresql+pg://scott:tiger@localhost:5432/test?application_name=x",
      {
        drivername: "postgresql+pg",
        username: "scott",
        password: "tiger",
        host: "localhost",
        port: 5432,
        database: "test",
        query: { application_name: "x" },
      },
    ],
    ["sqlite://", { drivername: "sqlite", host: null, database: null }],
    ["sqlite:///rel/file.db", { database: "rel/file.db" }],
    ["sqlite:////abs/file.db", { database: "/abs/file.db" }],
    ["sqlite:///:memory:", { database: ":memory:" }],
    ["sqlite:///C:\\path\\file.db", { database: "C:\\path\\file.db" }],
    ["mysql://u%40b:p%3Aq%2F@h/d", { username: "u@b", password: "p:q/", host: "h", database: "d" }],
    ["mysql://u:p@w@h/d", { username: "u", password: "p", host: "w@h" }],
    ["postgresql://u:p@[2001:db8::1]:5433/d", { host: "2001:db8::1", port: 5433 }],
    ["postgresql://u:p@/d?host=a:1&host=b:2", { host: null, database: "d", query: { host: ["a:1", "b:2"] } }],
    ["postgresql://u@h", { username: "u", password: null, database: null }],
    ["postgresql://u:@h", { password: "" }],
    ["mssql://h/d?a=b+c&e=%2F", { query: { a: "b c", e: "/" } }],
    ["mysql://h/a%20b", { database: "a b" }],
  ];
  for (const [text, parts] of cases) {
    it(text, () => {
      const url = makeUrl(text);
      for (const [name, value] of Object.entries(parts)) expect(url[name as keyof URL], name).toEqual(value);
    });
  }

  it("refuses what is no URL, without repeating it", () => {
    expect(() => makeUrl("not a url with secret")).toThrow(/Could not parse/);
    try {
      makeUrl("secret");
    } catch (error) {
      expect(String(error)).not.toContain("secret");
    }
    expect(() => makeUrl("mysql://h:port/d")).toThrow(/port/);
    expect(() => makeUrl(5 as never)).toThrow(/string/);
  });
});

describe("URL", () => {
  it("renders with a hidden password", () => {
    const url = makeUrl("postgresql+pg://s%40t:ti%2Fger@h:1/d?b=2&a=x%20y");
    expect(String(url)).toBe("postgresql+pg://s%40t:***@h:1/d?a=x+y&b=2");
    expect(url.renderAsString({ hidePassword: false })).toBe("postgresql+pg://s%40t:ti%2Fger@h:1/d?a=x+y&b=2");
    expect(JSON.stringify({ url })).not.toContain("ger");
  });

  it("survives a round trip", () => {
    const url = URL.create("mysql", {
      username: "a b+c",
      password: "!'()*@:/?#[]%",
      host: "::1",
      port: 3,
      database: "d/e f",
      query: { q: ["1", "2 +"], r: "é" },
    });
    expect(makeUrl(url.renderAsString({ hidePassword: false })).equals(url)).toBe(true);
  });

  it("is changed by copies", () => {
    const url = makeUrl("postgresql://u:p@h/d?a=1");
    expect(url.set({ database: "e" }).renderAsString({ hidePassword: false })).toBe("postgresql://u:p@h/e?a=1");
    expect(url.updateQuery({ a: "2" }, { append: true }).query).toEqual({ a: ["1", "2"] });
    expect(url.updateQuery({ b: "2" }).normalizedQuery).toEqual({ a: ["1"], b: ["2"] });
    expect(url.differenceUpdateQuery(["a"]).query).toEqual({});
    expect(url.database).toBe("d");
    // @ts-expect-error: text or a list of it
    expect(() => url.updateQuery({ a: 5 })).toThrow(/query argument a of a URL must be a string/);
    // @ts-expect-error: as above
    expect(() => URL.create("mysql", { query: { a: ["x", null] } })).toThrow(/query argument a/);
  });

  it("tells backend, driver and connect arguments", () => {
    const url = makeUrl("postgresql+pg://u:p@h/d");
    expect([url.getBackendName(), url.getDriverName()]).toEqual(["postgresql", "pg"]);
    expect(url.translateConnectArgs({ username: "user" })).toEqual({
      host: "h",
      database: "d",
      user: "u",
      password: "p",
    });
  });
});
