/** Which engine a session takes for a class, a table, a statement. */
import {
  column,
  columnClause,
  createEngine,
  delete_,
  foreignKey,
  func,
  insert,
  select,
  t,
  tableClause,
  union,
  update,
} from "@athanor/core";
import { aliased, declarativeBase, many, Session } from "@athanor/orm";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const id = () => column(t.integer, { primaryKey: true });
const Base = declarativeBase();
class User extends Base.mapped("users", { id: id(), name: column(t.string), addresses: () => many(Address) }) {}
class Address extends Base.mapped("addresses", {
  id: id(),
  userId: column("user_id", t.integer, foreignKey("users.id")),
}) {}
const usersView = tableClause("users_view", columnClause("id", t.integer));
const addressesView = tableClause("addresses_view", columnClause("id", t.integer));
class View extends Base.mapped(
  usersView.join(addressesView, usersView.c.id.eq(addressesView.c.id)),
  { id: usersView.c.id, addressId: addressesView.c.id },
  { primaryKey: [usersView.c.id] },
) {}
class Person extends Base.mapped("people", { id: id() }) {}
class Employee extends Person.extend("employees", {
  id: column(t.integer, foreignKey("people.id"), { primaryKey: true }),
}) {}
class Robot extends Person.extend("robots", { id: id() }, { concrete: true }) {}

const make = () => createEngine("sqlite://");
const [e1, e2, e3, e4] = [make(), make(), make(), make()];
const engines = [e1, e2, e3, e4];
const table = (name: string) => Base.metadata.tables.get(name) as object;

describe("statements", () => {
  const session = new Session(e3);
  session.bindMapper(User, e1);
  session.bindMapper(Address, e2);
  session.bindMapper(View, e4);
  session.bindTable(usersView, e2);
  const one = select(func.now());
  const where = User.$.name.eq("ed");
  const cases: readonly (readonly [string, object, number])[] = [
    ["nothing of the kind", one, 3],
    ["a class", select(Address), 2],
    ["an alias of a class", select(aliased(User)), 1],
    ["a subquery", select(select(User).subquery()), 1],
    ["a CTE", select(select(User).cte("q")), 1],
    ["a set operation", union(select(Address.$.id), select(User.$.id)), 2],
    ["columns first", select(func.count(Address.$.id)).join(User, where), 2],
    ["WHERE", one.where(where), 1],
    ["EXISTS", one.where(select(func.now()).where(where).exists()), 1],
    ["a scalar subquery", select(select(Address.$.id).scalarSubquery()), 2],
    ["a join's left side", one.joinFrom(User, Address), 1],
    ["a join's left side", one.joinFrom(Address, User, where), 2],
    ["a relationship", one.selectFrom(User).join(User.$.addresses), 1],
    ["INSERT", insert(User), 1],
    ["UPDATE", update(Address), 2],
    ["DELETE", delete_(Address), 2],
    ["INSERT … SELECT", insert(Address).fromSelect(["id"], select(User.$.id)), 2],
    ["a table", table("addresses"), 2],
    ["a table of a class over a join", addressesView, 4],
    ["a table that has its own", select(usersView), 2],
  ];
  it.each(cases)("%s", (_what, clause, expected) => {
    expect(engines.indexOf(session.getBind({ clause }) as typeof e1) + 1).toBe(expected);
    using connection = session.connection({ bindArguments: { clause } });
    expect(engines.indexOf(connection.engine as typeof e1) + 1).toBe(expected);
    session.close();
  });

  it("a bind that is given goes before all, a class before the statement", () => {
    const bindOf = (bindArguments: object): number => {
      const { engine } = session.connection({ bindArguments });
      session.close();
      return engines.indexOf(engine as typeof e1) + 1;
    };
    expect(bindOf({ bind: e4, mapper: User })).toBe(4);
    expect(bindOf({ bind: e4, clause: select(User) })).toBe(4);
    expect(bindOf({ mapper: User, clause: select(Address) })).toBe(1);
  });

  it("binds that are added later hold for statements that were asked about", () => {
    using other = new Session(e3);
    const statement = select(User);
    other.bindMapper(Address, e2);
    expect(other.getBind({ clause: statement })).toBe(e3);
    other.bindMapper(User, e1);
    expect(other.getBind({ clause: statement })).toBe(e1);
  });
});

describe("classes", () => {
  const bindOf = (binds: readonly (readonly [object, typeof e1])[], type: object): unknown =>
    new Session({ binds } as never).getBind(type as never);

  it("of a hierarchy: the class, those above it, the base, then the tables from the root", () => {
    expect(bindOf([[Person, e1]], Employee)).toBe(e1);
    expect(
      bindOf(
        [
          [Person, e1],
          [Employee, e2],
        ],
        Employee,
      ),
    ).toBe(e2);
    expect(bindOf([[table("people"), e1]], Employee)).toBe(e1);
    // Rows of a joined subclass are read from the base table on.
    expect(
      bindOf(
        [
          [table("people"), e1],
          [table("employees"), e2],
        ],
        Employee,
      ),
    ).toBe(e1);
    expect(
      bindOf(
        [
          [Person, e1],
          [table("employees"), e2],
        ],
        Employee,
      ),
    ).toBe(e1);
    expect(
      bindOf(
        [
          [Base, e4],
          [table("employees"), e2],
        ],
        Employee,
      ),
    ).toBe(e4);
  });

  it("concrete ones have their own table, and their parent's class", () => {
    expect(bindOf([[Person, e1]], Robot)).toBe(e1);
    expect(
      bindOf(
        [
          [table("people"), e1],
          [table("robots"), e2],
        ],
        Robot,
      ),
    ).toBe(e2);
    expect(() => bindOf([[table("people"), e1]], Robot)).toThrow(/Could not locate a bind configured on mapper/);
  });
});
