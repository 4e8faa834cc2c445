/** What `join()` takes: positions and names, aliases, `ofType()`, plain selectables; `join()` as a function. SQL as SQLAlchemy's. */
import * as core from "@athanor/core";
import { ArgumentError, column, foreignKey, func, functionNamed, select, t, table, text, true_ } from "@athanor/core";
import { aliased, declarativeBase, join, many, one, outerjoin } from "@athanor/orm";
import { describe, expect, test } from "vitest";

const Base = declarativeBase();
class User extends Base.mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  emails: () => many(Email, { backPopulates: "user" }),
  clubs: () => many(Club, { secondary: "members" }),
}) {}
class Email extends Base.mapped("emails", {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("users.id")),
  address: column(t.string),
  user: () => one(User, { backPopulates: "emails" }),
}) {}
class Club extends Base.mapped("clubs", { id: column(t.integer, { primaryKey: true }) }) {}
table("members", Base.metadata, {
  user_id: column(t.integer, foreignKey("users.id"), { primaryKey: true }),
  club_id: column(t.integer, foreignKey("clubs.id"), { primaryKey: true }),
});

const fromOf = (statement: unknown): string =>
  String(statement)
    .replace(/\s+/g, " ")
    .replace(/^.*? FROM /, "");
const inner = "users JOIN emails ON users.id = emails.user_id";
const left = "users LEFT OUTER JOIN emails ON users.id = emails.user_id";
const full = "users FULL OUTER JOIN emails ON users.id = emails.user_id";
const other = "users JOIN emails AS emails_1 ON users.id = emails_1.user_id";
const leftOther = "users LEFT OUTER JOIN emails AS emails_1 ON users.id = emails_1.user_id";
const clubs =
  "users JOIN members AS members_1 ON users.id = members_1.user_id JOIN clubs ON clubs.id = members_1.club_id";
const leftClubs =
  "users LEFT OUTER JOIN (members AS members_1 JOIN clubs ON clubs.id = members_1.club_id) ON users.id = members_1.user_id";

describe("join()", () => {
  const e = aliased(Email);
  const users = select(User);
  test.each<[statement: () => unknown, expected: string]>([
    [() => users.join({ target: Email }), inner],
    [() => users.join({ target: Email, isouter: true }), left],
    [() => users.join({ target: User.$.emails, full: true }), full],
    [() => users.join({ target: Email, onclause: User.$.emails }), inner],
    [() => users.join({ target: e, onclause: User.$.emails }), other],
    [() => users.outerjoin({ target: User.$.emails.ofType(e) }), leftOther],
    [() => users.outerjoin({ target: Email, full: true }), full],
    [() => users.joinFrom({ from: User, target: Email, onclause: User.$.emails }), inner],
    [() => users.outerjoinFrom({ from: User, target: e }), leftOther],
    [() => users.join(User.$.emails.ofType(e).and(e.$.address.eq("x"))), `${other} AND emails_1.address = :address_1`],
    [() => users.join(e, User.$.emails.and(Email.$.address.eq("x"))), `${other} AND emails_1.address = :address_1`],
    [() => users.join(Email.table, User.$.emails), inner],
    [() => users.join(functionNamed("gen")(User.$.id), true_()), "users JOIN gen(users.id) ON true"],
    [() => users.join(text("emails"), text("x")), "users JOIN emails ON x"],
    [() => select(User.table).join({ target: Email.table }), inner],
    [() => User.table.join({ right: Email.table }).select(), inner],
    [() => User.table.outerjoin({ right: Email.table, full: true }).select(), full],
    [() => core.join({ left: User.table, right: Email.table, isouter: true }).select(), left],
    [() => core.outerjoin({ left: User.table, right: Email.table }).select(), left],
  ])("%s", (statement, expected) => {
    expect(fromOf(statement())).toBe(expected);
  });

  test("refuses options that it has not", () => {
    for (const wrong of [
      () => select(User).join({ target: Email, isOuter: true }),
      () => select(User).join(Email, { outer: true } as never),
      () => User.table.join(Email.table, { outer: true }),
    ])
      expect(wrong).toThrow(ArgumentError);
    expect(() => select(User).join({ right: Email })).toThrow(ArgumentError);
    // @ts-expect-error misspelt
    expect(() => select(User).joinFrom({ from: User, target: Email, isOuter: true })).toThrow(/no option "isOuter"/);
    // @ts-expect-error misspelt
    expect(() => select(User).joinFrom({ from: User, taget: Email })).toThrow(ArgumentError);
  });
});

describe("join() as a function", () => {
  const e = aliased(Email);
  const u = aliased(User);
  test.each<[statement: () => unknown, expected: string]>([
    [() => join(User, Email), inner],
    [() => join(User, Email, User.$.emails), inner],
    [() => join({ left: User, right: Email, onclause: User.$.emails }), inner],
    [() => join(User, Email, User.$.id.eq(Email.$.userId), { isouter: true }), left],
    [() => outerjoin(User, Email, User.$.emails), left],
    [() => outerjoin(User, Email, User.$.emails, { full: true }), full],
    [() => join(User, e, User.$.emails), other],
    [() => join(User, Club, User.$.clubs), clubs],
    [() => outerjoin(User, Club, User.$.clubs), leftClubs],
    [() => join(u, Email, u.$.emails), "users AS users_1 JOIN emails ON users_1.id = emails.user_id"],
    [() => join(join(User, Email, User.$.emails), Club, true_()), `${inner} JOIN clubs ON true`],
  ])("%s", (from, expected) => {
    expect(fromOf(select(func.count()).selectFrom(from()))).toBe(expected);
  });

  test("is selected from by mapped classes", () => {
    const statement = select(User)
      .selectFrom(join(User, Email, User.$.emails))
      .where(Email.$.address.eq("x"));
    expect(String(statement).replace(/\s+/g, " ")).toBe(
      `SELECT users.id FROM ${inner} WHERE emails.address = :address_1`,
    );
    // @ts-expect-error the columns are those of both sides
    expect(() => join(User.table, Email.table).c.nowhere).toThrow(/has no column/);
  });
});
