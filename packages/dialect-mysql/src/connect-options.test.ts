import { ArgumentError, makeUrl } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { connectOptions } from "./connect-options.ts";

const options = (url: string) => connectOptions(makeUrl(url));

describe("connectOptions", () => {
  it("names the parts of the URL as mysql2 does", () => {
    expect(options("mysql://scott:tig%40er@db.example:3307/shop")).toEqual({
      host: "db.example",
      port: 3307,
      user: "scott",
      password: "tig@er",
      database: "shop",
    });
    expect(options("mariadb+mysql2://localhost")).toEqual({ host: "localhost" });
    expect(options("mysql://root@[::1]:3306/test")).toMatchObject({ host: "::1" });
  });

  it("reads query arguments by their types", () => {
    expect(
      options(
        "mysql://h/d?charset=latin1&connect_timeout=5&unix_socket=/run/my.sock&compress=true&maxPreparedStatements=10&flags=-A,B",
      ),
    ).toEqual({
      host: "h",
      database: "d",
      charset: "latin1",
      connectTimeout: 5000,
      socketPath: "/run/my.sock",
      compress: true,
      maxPreparedStatements: 10,
      flags: ["-A", "B"],
    });
  });

  it("reads TLS settings", () => {
    expect(options("mysql://h/d?ssl=true")).toMatchObject({ ssl: { rejectUnauthorized: true } });
    expect(options("mysql://h/d?ssl=Amazon+RDS")).toMatchObject({ ssl: "Amazon RDS" });
    expect(options("mysql://h/d?ssl=false")).not.toHaveProperty("ssl");
    expect(options("mysql://h/d?ssl_ca=/ca.pem&ssl_verify_cert=false")).toMatchObject({
      ssl: { caFile: "/ca.pem", rejectUnauthorized: false },
    });
  });

  it("refuses what nobody knows, and says what is known", () => {
    expect(() => options("mysql://h/d?chraset=utf8")).toThrow(ArgumentError);
    expect(() => options("mysql://h/d?chraset=utf8")).toThrow(/"chraset".*charset/);
    expect(() => options("mysql://h/d?compress=perhaps")).toThrow(/true or false/);
  });
});
