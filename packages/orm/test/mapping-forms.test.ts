/** Forms of mappings: shapes that are shared, joins and subqueries, attributes that come later, bases that share a registry. */
import {
  type ColumnElement,
  column,
  createEngine,
  type Engine,
  foreignKey,
  func,
  InvalidRequestError,
  join,
  literal,
  MetaData,
  NoForeignKeysError,
  null_,
  select,
  t,
  table,
  Update,
} from "@athanor/core";
import "@athanor/dialect-sqlite";
import {
  addProperty,
  columnProperty,
  configureMappers,
  declarativeBase,
  deferred,
  getHistory,
  inspect,
  listen,
  Mapper,
  many,
  one,
  PASSIVE_NO_INITIALIZE,
  registry,
  removeListener,
  Session,
  sessionmaker,
  setAttribute,
  synonym,
  withPolymorphic,
} from "@athanor/orm";
import { describe, expect, it } from "vitest";

const id = () => column(t.integer, { primaryKey: true });

function engineOf(metadata: MetaData): { engine: Engine; statements: string[] } {
  const engine = createEngine("sqlite:///:memory:");
  metadata.createAll(engine);
  const statements: string[] = [];
  listen(engine, "beforeCursorExecute", (_connection, _cursor, statement) => void statements.push(statement));
  return { engine, statements };
}

describe("a shape that several classes share", () => {
  const logged = {
    logId: column("log_id", t.integer, foreignKey("log.id")),
    note: deferred(column("the_note", t.text)),
    plain: column(t.integer),
    log: () => one(Log),
  };
  const Base = declarativeBase();
  class Log extends Base.mapped("log", { id: id() }) {}

  it("gives each its own columns under their names, deferred ones too", () => {
    class A extends Base.mapped("a", { id: id(), ...logged }) {}
    class B extends Base.mapped("b", { id: id(), ...logged }) {}
    for (const [type, name] of [
      [A, "a"],
      [B, "b"],
    ] as const) {
      expect(String(select(type))).toBe(`SELECT ${name}.id, ${name}.log_id, ${name}.plain \nFROM ${name}`);
      expect(type.table.columnList.map((each) => each.name)).toEqual(["id", "log_id", "the_note", "plain"]);
    }
    expect(String(select(B).join(B.$.log))).toContain("JOIN log ON log.id = b.log_id");
  });

  it("may be that of siblings in one table", () => {
    class Kind extends Base.mapped("kind", { id: id(), type: column(t.string(9)) }, { polymorphicOn: "type" }) {}
    class Left extends Kind.extend({ ...logged }, { polymorphicIdentity: "left" }) {}
    class Right extends Kind.extend({ ...logged }, { polymorphicIdentity: "right" }) {}
    expect(Kind.table.columnList.map((each) => each.name)).toEqual(["id", "type", "log_id", "the_note", "plain"]);
    const { engine } = engineOf(Base.metadata);
    using session = new Session(engine);
    session.add(new Right({ id: 1, note: "n", plain: 3 }));
    session.add(new Left({ id: 2, log: new Log({ id: 7 }) }));
    session.commit();
    expect(session.getOne(Right, 1).note).toBe("n");
    expect(session.getOne(Left, 2).logId).toBe(7);
  });

  it("a column under another key takes the name of the new key where the old one was its name", () => {
    class C extends Base.mapped("c", { id: id(), level: logged.plain, owner: logged.logId }) {}
    expect(C.table.columnList.map((each) => each.name)).toEqual(["id", "level", "log_id"]);
  });
});

describe("a class over a join", () => {
  const metadata = new MetaData();
  const users = table("user", metadata, { id: id(), name: column(t.string(20)) });
  const addresses = table("address", metadata, {
    id: id(),
    userId: column("user_id", t.integer, foreignKey("user.id")),
    email: column(t.string(20)),
  });
  const Base = declarativeBase({ metadata });
  class AddressUser extends Base.mapped(join(users, addresses), {
    id: columnProperty(users.c.id, addresses.c.userId),
    addressId: addresses.c.id,
    name: users.c.name,
    email: addresses.c.email,
  }) {}

  it("reads and writes both tables, the shared key in both", () => {
    expect(String(select(AddressUser).groupBy(...AddressUser.$.id.expressions))).toBe(
      'SELECT "user".id, address.user_id, "user".name, address.id AS id_1, address.email \n' +
        'FROM "user" JOIN address ON "user".id = address.user_id GROUP BY "user".id, address.user_id',
    );
    const { engine, statements } = engineOf(metadata);
    using session = new Session(engine);
    const both = new AddressUser({ name: "n", email: "e" });
    session.add(both);
    session.commit();
    expect([both.id, both.addressId, both.name]).toEqual([1, 1, "n"]);
    both.name = "m";
    session.commit();
    session.delete(both);
    session.commit();
    expect(statements.filter((each) => !each.startsWith("SELECT"))).toEqual([
      "INSERT INTO user (name) VALUES (?)",
      "INSERT INTO address (user_id, email) VALUES (?, ?)",
      "UPDATE user SET name=? WHERE user.id = ?",
      "DELETE FROM address WHERE address.id = ?",
      "DELETE FROM user WHERE user.id = ?",
    ]);
  });

  it("columns of one name must be told apart", () => {
    expect(() => Base.mapped(join(users, addresses))).toThrow(InvalidRequestError);
    expect(() => Base.mapped(join(users, addresses))).toThrow(
      /Implicitly combining column user.id with column address.id under attribute 'id'/,
    );
  });

  it("a subquery does as well", () => {
    const counted = select(users, func.count(addresses.c.id).label("addressCount"))
      .join(addresses)
      .groupBy(users.c.id)
      .subquery("counted");
    class Counted extends Base.mapped(counted) {}
    const { engine } = engineOf(metadata);
    using session = new Session(engine);
    session.add(new AddressUser({ name: "n", email: "e" }));
    session.flush();
    const row: Counted = session.scalars(select(Counted)).one();
    expect([row.id, row.name, row.addressCount]).toEqual([1, "n", 1]);
  });

  it("columns to leave out are named by keys or themselves", () => {
    class Short extends Base.mapped(users, { includeProperties: [users.c.id] }) {}
    class Without extends Base.mapped(users, {}, { excludeProperties: ["name"] }) {}
    for (const type of [Short, Without]) expect(String(select(type))).toBe('SELECT "user".id \nFROM "user"');
  });
});

it("concrete tables are one union, whatever their columns' names are beside their keys", () => {
  const Base = declarativeBase();
  class Employee extends Base.mapped(
    "employee",
    { id: id(), name: column(t.string(50)) },
    { polymorphicIdentity: "employee", concrete: true, concreteBase: true },
  ) {}
  class Manager extends Employee.extend(
    "manager",
    { id: id(), name: column(t.string(50)), managerData: column("manager_data", t.string(40)) },
    { polymorphicIdentity: "manager", concrete: true },
  ) {}
  const { engine, statements } = engineOf(Base.metadata);
  using session = new Session(engine);
  session.addAll([new Employee({ id: 1 }), new Manager({ id: 2, managerData: "x" })]);
  session.commit();
  session.expungeAll();
  const [, manager] = session.scalars(select(Employee).orderBy(Employee.$.id)).all();
  expect(statements.at(-1)).toMatch(/^SELECT pjoin.id, pjoin.name, pjoin.type, pjoin.manager_data \nFROM \(/);
  expect((manager as Manager).managerData).toBe("x");
});

it("subclasses of withPolymorphic() stand under the names that were given", () => {
  const Base = declarativeBase();
  class Staff extends Base.mapped("staff", { id: id(), kind: column(t.string(9)) }, { polymorphicOn: "kind" }) {}
  class Engineer extends Staff.extend(
    "engineer",
    { id: column(t.integer, foreignKey("staff.id"), { primaryKey: true }), language: column(t.string(9)) },
    { polymorphicIdentity: "engineer" },
  ) {}
  class Boss extends Staff.extend(
    "boss",
    { id: column(t.integer, foreignKey("staff.id"), { primaryKey: true }), level: column(t.integer) },
    { polymorphicIdentity: "boss" },
  ) {}
  const staff = withPolymorphic(Staff, { Engineer, Head: Boss });
  const text = String(select(staff.$.id).where(staff.$.Engineer.language.eq("ts"), staff.$.Head.level.gt(3)));
  expect(text).toContain("WHERE engineer.language = :language_1 AND boss.level > :level_1");
  expect(text).toContain("FROM staff LEFT OUTER JOIN engineer ON staff.id = engineer.id LEFT OUTER JOIN boss");
});

describe("expressions of expressions", () => {
  const Base = declarativeBase();
  const word = () => column(t.string(9), { nullable: false });

  it("may be declared in any order", () => {
    class File extends Base.mapped("file", {
      id: id(),
      name: word(),
      extension: word(),
      path: () => columnProperty(literal("C:/").add(File.$.filename)),
      filename: () => columnProperty(File.$.name.add(".").add(File.$.extension)),
      short: synonym("filename"),
    }) {}
    const { engine } = engineOf(Base.metadata);
    using session = new Session(engine);
    session.add(new File({ name: "a", extension: "txt" }));
    session.commit();
    expect(session.scalars(select(File.$.path).where(File.$.filename.eq("a.txt"))).all()).toEqual(["C:/a.txt"]);
    expect(session.scalars(select(File)).one().path).toBe("C:/a.txt");
  });
});

describe("addProperty()", () => {
  it("takes columns, which become part of the table, for subclasses and statements that were used before too", () => {
    const Base = declarativeBase();
    class Person extends Base.mapped("person", { id: id(), type: column(t.string(9)) }, { polymorphicOn: "type" }) {}
    class Engineer extends Person.extend({}, { polymorphicIdentity: "engineer" }) {}
    const { engine } = engineOf(new MetaData());
    using session = new Session(engine);
    expect(String(select(Engineer))).not.toContain("nick");
    const nickname = column("nick_name", t.string(9));
    addProperty(Person, "nickname", nickname);
    addProperty(Person, "loud", columnProperty(func.upper(nickname)));
    Base.metadata.createAll(engine);
    session.add(new Engineer({ nickname: "x" } as object));
    session.commit();
    session.expungeAll();
    const engineer = session.scalars(select(Engineer)).one() as Engineer & { nickname: string; loud: string };
    expect([engineer.nickname, engineer.loud]).toEqual(["x", "X"]);
    engineer.nickname = "y";
    session.commit();
    expect([engineer.nickname, engineer.loud]).toEqual(["y", "Y"]);
    inspect(Person).addProperty("twice", columnProperty(nickname.concat(nickname)));
    session.expire(engineer);
    expect((engineer as unknown as { twice: string }).twice).toBe("yy");
    expect(() => addProperty(Person, "nickname", column(t.integer))).toThrow(/already/);
    expect(() => addProperty(Person, "other", 5 as never)).toThrow(/neither a column nor a relationship/);
  });

  it("is noticed by statements that were executed before", () => {
    const Base = declarativeBase();
    class Thing extends Base.mapped("thing", { id: id() }) {}
    const { engine } = engineOf(Base.metadata);
    using session = new Session(engine);
    session.add(new Thing({ id: 1 }));
    session.commit();
    expect(session.scalars(select(Thing)).one().id).toBe(1);
    session.connection().execDriverSql("ALTER TABLE thing ADD COLUMN size INTEGER");
    addProperty(Thing, "size", column(t.integer));
    session.add(new Thing({ id: 2, size: 5 } as object));
    session.commit();
    session.expungeAll();
    const things = session.scalars(select(Thing).orderBy(Thing.$.id)).all() as (Thing & { size: number | null })[];
    expect(things.map(({ size }) => size)).toEqual([null, 5]);
  });
});

describe("bases of one registry", () => {
  const shared = registry();
  const BaseOne = declarativeBase({ registry: shared, metadata: new MetaData() });
  const BaseTwo = declarativeBase({ registry: shared, metadata: new MetaData({ schema: "other" }) });
  class One extends BaseOne.mapped("thing", { id: id() }) {}
  class Two extends BaseTwo.mapped("thing", { id: id() }) {}

  it("keep their MetaData apart, for subclasses too", () => {
    class Below extends Two.extend("below", {
      id: column(t.integer, foreignKey("other.thing.id"), { primaryKey: true }),
    }) {}
    expect(One.metadata).toBe(BaseOne.metadata);
    expect(Two.metadata).toBe(BaseTwo.metadata);
    expect(Below.table.fullname).toBe("other.below");
  });

  it("can be bound each to a database of its own", () => {
    const [first, second] = [engineOf(BaseOne.metadata).engine, createEngine("sqlite:///:memory:")];
    using session = new Session({
      binds: [
        [BaseOne, first],
        [BaseTwo, second],
      ],
    });
    expect(session.getBind(One)).toBe(first);
    expect(session.getBind(Two)).toBe(second);
    const unbound = new Session({ binds: [[declarativeBase(), first]] });
    expect(() => unbound.getBind(One)).toThrow(/Could not locate a bind/);
  });
});

describe("a class of sessions of one's own", () => {
  const Base = declarativeBase();
  class Note extends Base.mapped("note", { id: id(), text: column(t.string(9)) }) {}
  const leader = engineOf(Base.metadata);
  const follower = engineOf(Base.metadata);
  class Routed extends Session {
    readonly asked: string[] = [];

    override getBind(...[entity, options]: Parameters<Session["getBind"]>) {
      this.asked.push((options?.clause as object | undefined)?.constructor.name ?? "none");
      if (options?.clause instanceof Update || this.core.flushing) return leader.engine;
      return entity === null ? super.getBind(entity, options) : follower.engine;
    }
  }

  it("chooses the database by getBind(), and sessionmaker() makes it", () => {
    const Made = sessionmaker({ class: Routed, bind: follower.engine });
    using session = new Made();
    expect(session).toBeInstanceOf(Routed);
    session.add(new Note({ id: 1, text: "x" }));
    session.commit();
    expect(leader.statements.at(-1)).toMatch(/^INSERT/);
    expect(session.scalars(select(Note)).all()).toEqual([]);
    expect(follower.statements.at(-1)).toMatch(/^SELECT/);
    expect(session.asked).toContain("Select");
    expect(Made.begin((inner) => inner.getBind())).toBe(follower.engine);
  });
});

describe("values that the database computes", () => {
  const Base = declarativeBase();
  class Account extends Base.mapped("account", {
    id: id(),
    balance: column(t.integer),
    state: column(t.string(9), { serverDefault: "new" }),
    mark: column(t.string(9).evaluatesNone(), { serverDefault: "m" }),
    since: column(t.date().evaluatesNone(), { serverDefault: "2020-01-01" }),
  }) {}

  it("are given to the constructor and by setAttribute()", () => {
    const { engine, statements } = engineOf(Base.metadata);
    using session = new Session(engine);
    const account = new Account({ id: select(func.coalesce(func.max(Account.$.id).add(1), 1)), balance: 5 });
    session.add(account);
    session.commit();
    expect(account.id).toBe(1);
    setAttribute(account, "balance", Account.$.balance.mul(2));
    session.commit();
    expect(account.balance).toBe(10);
    expect(statements.find((each) => each.startsWith("UPDATE"))).toBe(
      "UPDATE account SET balance=(account.balance * ?) WHERE account.id = ?",
    );
  });

  it("defaults of the server hold for null, unless it is SQL's or the type says that null counts", () => {
    const { engine } = engineOf(Base.metadata);
    using session = new Session(engine);
    session.add(new Account({ id: 1, state: null }));
    session.add(new Account({ id: 2, state: null_() }));
    session.add(new Account({ id: 3, mark: null, since: null }));
    session.commit();
    const rows = session.execute(select(Account.$.state, Account.$.mark, Account.$.since).orderBy(Account.$.id));
    expect(rows.all().map((row) => [...row])).toEqual([
      ["new", "m", "2020-01-01"],
      [null, "m", "2020-01-01"],
      ["new", null, null],
    ]);
  });
});

describe("configuration", () => {
  it("calls declareFirst() and declareLast(), and listeners of Mapper and of the base", () => {
    const calls: string[] = [];
    const Base = declarativeBase();
    class Told extends Base.mapped("told", { id: id() }) {
      static declareFirst(): void {
        calls.push(`first of ${this.name}`);
      }
      static declareLast(): void {
        calls.push(`last of ${this.name}`);
      }
    }
    class Below extends Told.extend({}) {}
    Below.register();
    const before = (): void => void calls.push("before");
    listen(Mapper, "beforeConfigured", before);
    listen(Base, "beforeConfigured", () => calls.push("before of base"));
    listen(Base, "afterConfigured", () => calls.push("after of base"));
    configureMappers();
    removeListener(Mapper, "beforeConfigured", before);
    expect(calls.filter((each) => each !== "before")).toEqual([
      "before of base",
      "first of Told",
      "after of base",
      "last of Told",
    ]);
    expect(calls).toContain("before");
  });

  it("a subclass's table without a foreign key says what is missing", () => {
    const Base = declarativeBase();
    class Person extends Base.mapped("person", { id: id() }) {}
    expect(() => Person.extend("engineer", { id: id() })).toThrow(NoForeignKeysError);
    expect(() => Person.extend("engineer2", { id: id() })).toThrow(
      /Can't determine the inherit condition between inherited table 'person' and inheriting table 'engineer2'; tables have no foreign key relationships established.*inheritCondition/,
    );
  });
});

it("the history of an attribute that is not loaded is loaded, unless it is not to be", () => {
  const Base = declarativeBase();
  class Parent extends Base.mapped("parent", { id: id(), name: column(t.string(9)), children: () => many(Child) }) {}
  class Child extends Base.mapped("child", { id: id(), parentId: column(t.integer, foreignKey("parent.id")) }) {}
  const { engine } = engineOf(Base.metadata);
  using session = new Session(engine);
  const child = new Child({ id: 1 });
  const parent = new Parent({ id: 1, name: "x", children: [child] });
  session.add(parent);
  session.commit();
  expect(getHistory(parent, "children", PASSIVE_NO_INITIALIZE).sum()).toEqual([]);
  expect(getHistory(parent, "children").unchanged).toEqual([child]);
  session.expire(parent);
  expect(getHistory(parent, "name").unchanged).toEqual(["x"]);
  expect(inspect(parent).attrs.name.history.unchanged).toEqual(["x"]);
});

it("expressions of each other are refused by name", () => {
  const $ = () => Circle.$ as unknown as Readonly<Record<string, ColumnElement<string>>>;
  class Circle extends declarativeBase().mapped("circle", {
    id: id(),
    a: () => columnProperty(($().b as ColumnElement<string>).add("x")),
    b: () => columnProperty(($().a as ColumnElement<string>).add("x")),
  }) {}
  expect(() => Circle.$.a).toThrow(/the function of Circle.a asks for Circle.a itself/);
});
