/** ext/automap on SQLite: SQLAlchemy's documentation of automap, example by example. On servers: ./automap-servers.test.ts. */
import {
  column,
  createEngine,
  type Engine,
  foreignKey,
  listen,
  MetaData,
  onWarning,
  select,
  t,
  table,
} from "@athanor/core";
import { inspect, type ListOf, many, one, type RelationshipProperty, Session, selectinload } from "@athanor/orm";
import { automapBase, generateRelationship, type UntypedObject } from "@athanor/orm/ext/automap";
import { describe, expect, it } from "vitest";
import { at } from "./at.ts";
import "@athanor/dialect-sqlite";

function database(...statements: string[]): Engine {
  const engine = createEngine("sqlite://");
  engine.begin((connection) => {
    for (const statement of statements) connection.execDriverSql(statement);
  });
  return engine;
}

const userAndAddress = [
  "CREATE TABLE user (id INTEGER PRIMARY KEY, name VARCHAR(50))",
  "CREATE TABLE address (id INTEGER PRIMARY KEY, email_address VARCHAR(50), user_id INTEGER REFERENCES user (id))",
];

describe("basic use", () => {
  interface UserRow {
    id: number;
    name: string | null;
    address_collection: ListOf<AddressRow>;
  }
  interface AddressRow {
    id: number;
    email_address: string | null;
    user_id: number | null;
    user: UserRow | null;
  }

  it("maps what the database has, with relationships on both sides", () => {
    const engine = database(...userAndAddress);
    const Base = automapBase<{ user: UserRow; address: AddressRow }>();
    Base.prepare({ autoloadWith: engine });
    const { user: User, address: Address } = Base.classes;
    expect(User.name).toBe("user");
    using session = new Session(engine);
    const user = new User({ name: "foo" });
    const address = new Address({ email_address: "foo@bar.com", user });
    expect(user.address_collection[0]).toBe(address);
    session.add(address);
    session.commit();
    const found = session.scalars(select(User).options(selectinload(User.$.address_collection))).one();
    expect(found.address_collection.map((each) => each.email_address)).toEqual(["foo@bar.com"]);
    const emails = session
      .execute(select(Address.$.email_address).join(Address.$.user).where(User.$.name.eq("foo")))
      .all();
    expect(emails.map((row) => row.email_address)).toEqual(["foo@bar.com"]);
    expect([
      ...session.scalars(select(User).where(User.$.address_collection.any(Address.$.email_address.like("foo%")))),
    ]).toEqual([found]);
  });

  it("works without types, and names what is not there", () => {
    const engine = database(...userAndAddress);
    const Base = automapBase();
    Base.prepare(engine);
    expect(Object.keys(Base.classes).sort()).toEqual(["address", "user"]);
    expect("user" in Base.classes).toBe(true);
    expect(() => Base.classes["users"]).toThrow(/Base\.classes has no 'users'/);
    const User = at(Base.classes, "user");
    using session = new Session(engine);
    session.add(
      new User({ name: "x", address_collection: [new (at(Base.classes, "address"))({ email_address: "e" })] }),
    );
    session.flush();
    const found: UntypedObject = session
      .scalars(
        select(User)
          .where(at(User.$, "name").eq("x"))
          .options(selectinload(at(User.$, "address_collection"))),
      )
      .one();
    expect((found["address_collection"] as UntypedObject[]).length).toBe(1);
  });

  it("leaves out tables without a primary key, and reads only what reflectionOptions say", () => {
    const engine = database(
      ...userAndAddress,
      "CREATE TABLE log (line TEXT)",
      "CREATE TABLE other (id INTEGER PRIMARY KEY)",
    );
    const Base = automapBase();
    Base.prepare({ autoloadWith: engine, reflectionOptions: { only: ["user", "log"] } });
    expect(Object.keys(Base.classes)).toEqual(["user"]);
    // Again, for what is new: the classes that are there stay as they are.
    const User = at(Base.classes, "user");
    using session = new Session(engine);
    session.add(new User({ name: "early" }));
    session.commit();
    expect(session.scalars(select(User)).one()["name"]).toBe("early");
    Base.prepare({ autoloadWith: engine });
    expect(Object.keys(Base.classes).sort()).toEqual(["address", "other", "user"]);
    expect(Base.classes["user"]).toBe(User);
    session.add(
      new (at(Base.classes, "address"))({ email_address: "late", user: session.scalars(select(User)).one() }),
    );
    session.commit();
    session.expungeAll();
    const again = session.scalars(select(User).options(selectinload(at(User.$, "address_collection")))).one();
    expect((again["address_collection"] as UntypedObject[]).map((each) => each["email_address"])).toEqual(["late"]);
  });
});

it("maps the tables of a MetaData that is there already", () => {
  const engine = database(...userAndAddress);
  const metadata = new MetaData();
  metadata.reflect(engine, { only: ["user", "address"] });
  table("user_order", metadata, {
    id: column(t.integer, { primaryKey: true }),
    user_id: column(t.integer, foreignKey("user.id")),
  });
  const Base = automapBase({ metadata });
  Base.prepare();
  expect(Object.keys(Base.classes).sort()).toEqual(["address", "user", "user_order"]);
  expect(
    inspect(at(Base.classes, "user"))
      .relationships.map((each) => each.key)
      .sort(),
  ).toEqual(["address_collection", "user_order_collection"]);
});

describe("explicit classes", () => {
  it("override columns and relationships; the other side is still made", () => {
    const engine = database(...userAndAddress);
    const Base = automapBase();
    class User extends Base.mapped("user", {
      userName: column("name", t.string(50)),
      address_collection: () => many(at(Base.classes, "address"), { collectionClass: Set }),
    }) {
      static {
        this.register();
      }
      declare id: number;
      get shout(): string {
        return `${this.userName}!`;
      }
    }
    expect(() => User.$).toThrow(/not mapped yet.*prepare/);
    expect(() => new User()).toThrow(/not mapped yet/);
    Base.prepare({ autoloadWith: engine });
    expect(Base.classes["User"]).toBe(User);
    expect(Base.classes["user"]).toBe(User);
    const Address = at(Base.classes, "address");
    using session = new Session(engine);
    const user = new User({ userName: "ann" });
    const address = new Address({ email_address: "a", user });
    session.add(user);
    session.commit();
    expect(user.shout).toBe("ann!");
    expect(user.address_collection).toBeInstanceOf(Set);
    expect([...user.address_collection]).toEqual([address]);
    expect(address["user"]).toBe(user);
    expect(user.id).toBe(1);
    // Named after the class: "User" in lower case.
    expect(inspect(Address).relationships.map((each) => each.key)).toEqual(["user"]);
  });

  it("that were not seen are named by Base.classes", () => {
    const Base = automapBase();
    Base.mapped("user", {});
    Base.prepare(database(...userAndAddress));
    expect(() => Base.classes["user"]).toThrow(/was not seen yet/);
  });

  it("get the relationships of an otherwise complete model, without reflection", () => {
    const Base = automapBase();
    class User extends Base.mapped("user", { id: column(t.integer, { primaryKey: true }), name: column(t.string) }) {}
    class Address extends Base.mapped("address", {
      id: column(t.integer, { primaryKey: true }),
      email: column(t.string),
      userId: column("user_id", t.integer, foreignKey("user.id")),
    }) {}
    void [User.table, Address.table];
    Base.prepare();
    const [a1, a2] = [new Address({ email: "u1" }), new Address({ email: "u2" })];
    const user = new User({ address_collection: [a1, a2] } as object);
    expect((a1 as unknown as { user: User }).user).toBe(user);
  });

  it("inherit: the key between the tables makes no relationship", () => {
    const engine = database(
      "CREATE TABLE employee (id INTEGER PRIMARY KEY, type VARCHAR(50), name VARCHAR(50))",
      "CREATE TABLE engineer (id INTEGER PRIMARY KEY REFERENCES employee (id), skill VARCHAR(20), favorite_employee_id INTEGER REFERENCES employee (id))",
    );
    const Base = automapBase();
    class Employee extends Base.mapped(
      "employee",
      { id: column(t.integer, { primaryKey: true }), type: column(t.string(50)) },
      { polymorphicOn: "type", polymorphicIdentity: "employee" },
    ) {
      declare name: string;
    }
    class Engineer extends Employee.extend(
      "engineer",
      {
        id: column(t.integer, foreignKey("employee.id"), { primaryKey: true }),
        favoriteEmployeeId: column("favorite_employee_id", t.integer, foreignKey("employee.id")),
        favoriteEmployee: () =>
          one(Employee, { foreignKeys: () => Engineer.$.favoriteEmployeeId, remoteSide: () => Employee.$.id }),
      },
      {
        polymorphicIdentity: "engineer",
        inheritCondition: () => Engineer.table.c.id.eq(Employee.table.c.id),
      },
    ) {
      declare skill: string;
    }
    class Manager extends Employee.extend({}, { polymorphicIdentity: "manager" }) {}
    void [Manager.table, Engineer.table];
    Base.prepare({ autoloadWith: engine });
    expect(inspect(Employee).relationships.map((each) => each.key)).toEqual([]);
    expect(inspect(Engineer).relationships.map((each) => each.key)).toEqual(["favoriteEmployee"]);
    using session = new Session(engine);
    const boss = new Manager({ name: "boss" } as object);
    session.addAll([boss, new Engineer({ name: "eve", skill: "pipes", favoriteEmployee: boss } as object)]);
    session.commit();
    session.expungeAll();
    const loaded = session.scalars(select(Employee).orderBy(Employee.$.id)).all();
    expect(loaded.map((each) => each.constructor)).toEqual([Manager, Engineer]);
    expect((loaded[1] as Engineer).favoriteEmployee).toBe(loaded[0]);
    expect((loaded[1] as Engineer).skill).toBe("pipes");
  });
});

describe("naming", () => {
  it("classes, collections and scalars by functions", () => {
    const engine = database(
      ...userAndAddress,
      "CREATE TABLE user_login (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id))",
    );
    const Base = automapBase();
    Base.prepare({
      autoloadWith: engine,
      classnameForTable: (_base, name) =>
        `${name[0]?.toUpperCase()}${name.slice(1).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
      nameForCollectionRelationship: (_base, _local, referred) =>
        `${referred.name[0]?.toLowerCase()}${referred.name.slice(1)}s`,
    });
    expect(Object.keys(Base.classes).sort()).toEqual(["Address", "User", "UserLogin"]);
    const User = at(Base.classes, "User");
    expect(
      inspect(User)
        .relationships.map((each) => each.key)
        .sort(),
    ).toEqual(["addresss", "userLogins"]);
    const address = new (at(Base.classes, "Address"))({ email_address: "e" });
    const user = new User({ addresss: [address] });
    expect(address["user"]).toBe(user);
  });

  const clash = [
    "CREATE TABLE table_a (id INTEGER PRIMARY KEY)",
    "CREATE TABLE table_b (id INTEGER PRIMARY KEY, table_a INTEGER REFERENCES table_a (id))",
  ];

  it("a relationship named like a column is an error; both ways out of the documentation work", () => {
    expect(() => automapBase().prepare(database(...clash))).toThrow(
      /'table_a' of table_b to table_a has the name of a column/,
    );
    const Base = automapBase();
    Base.prepare({
      autoloadWith: database(...clash),
      nameForScalarRelationship: (_base, local, referred) => {
        const name = referred.name.toLowerCase();
        return local.table.columnList.some((each) => each.name === name) ? `${name}_` : name;
      },
    });
    expect(inspect(at(Base.classes, "table_b")).relationships.map((each) => each.key)).toEqual(["table_a_"]);
    const Other = automapBase();
    class TableB extends Other.mapped("table_b", { _tableA: column("table_a", t.integer, foreignKey("table_a.id")) }) {
      static {
        this.register();
      }
    }
    Other.prepare({ autoloadWith: database(...clash) });
    expect(inspect(TableB).relationships.map((each) => each.key)).toEqual(["table_a"]);
  });

  it("columns by the event columnReflect", () => {
    const Base = automapBase();
    listen(Base.metadata, "columnReflect", (_inspector, _table, info) => {
      info.key = `attr_${info.name.toLowerCase()}`;
    });
    Base.prepare(database(...userAndAddress));
    expect(inspect(at(Base.classes, "user")).columnAttrs.map((each) => each.key)).toEqual(["attr_id", "attr_name"]);
    expect(inspect(at(Base.classes, "user")).relationships.map((each) => each.key)).toEqual(["address_collection"]);
  });
});

describe("relationships", () => {
  it("generateRelationship changes or leaves out a side", () => {
    const seen: string[] = [];
    const Base = automapBase();
    Base.prepare({
      autoloadWith: database(...userAndAddress),
      generateRelationship: (base, direction, make, name, local, referred, options) => {
        seen.push(`${direction} ${local.name}.${name} -> ${referred.name}`);
        const own =
          direction === "oneToMany" ? { ...options, cascade: "all, delete-orphan", passiveDeletes: true } : options;
        return generateRelationship(base, direction, make, name, local, referred, own);
      },
    });
    expect(seen.sort()).toEqual(["manyToOne address.user -> user", "oneToMany user.address_collection -> address"]);
    const [property] = inspect(at(Base.classes, "user")).relationships as readonly RelationshipProperty[];
    expect(property?.cascade.deleteOrphan).toBe(true);
    expect(property?.passiveDeletes).toBe(true);
    const Half = automapBase();
    Half.prepare({
      autoloadWith: database(...userAndAddress),
      generateRelationship: (base, direction, ...rest) =>
        direction === "oneToMany" ? null : generateRelationship(base, direction, ...rest),
    });
    expect(inspect(at(Half.classes, "user")).relationships).toEqual([]);
    expect(
      inspect(at(Half.classes, "address")).relationships.map((each) => [
        each.key,
        (each as RelationshipProperty).backPopulates,
      ]),
    ).toEqual([["user", null]]);
  });

  it("cascade and passiveDeletes follow NOT NULL and ON DELETE", () => {
    const Base = automapBase();
    Base.prepare(
      database(
        "CREATE TABLE a (id INTEGER PRIMARY KEY)",
        "CREATE TABLE b (id INTEGER PRIMARY KEY, aid INTEGER NOT NULL REFERENCES a (id) ON DELETE CASCADE)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, aid INTEGER REFERENCES a (id) ON DELETE SET NULL)",
        "CREATE TABLE d (id INTEGER PRIMARY KEY, aid INTEGER REFERENCES a (id))",
      ),
    );
    const facts = (inspect(at(Base.classes, "a")).relationships as readonly RelationshipProperty[]).map((each) => [
      each.key,
      each.cascade.deleteOrphan,
      each.passiveDeletes,
    ]);
    expect(facts.sort()).toEqual([
      ["b_collection", true, true],
      ["c_collection", false, true],
      ["d_collection", false, false],
    ]);
  });

  it("many-to-many through a table of nothing but two keys, composite keys too", () => {
    const engine = database(
      "CREATE TABLE student (school INTEGER, no INTEGER, PRIMARY KEY (school, no))",
      "CREATE TABLE course (id INTEGER PRIMARY KEY, title VARCHAR(20))",
      `CREATE TABLE attends (school INTEGER NOT NULL, no INTEGER NOT NULL, course_id INTEGER NOT NULL REFERENCES course (id),
        PRIMARY KEY (school, no, course_id), FOREIGN KEY (school, no) REFERENCES student (school, no))`,
      "CREATE TABLE grade (id INTEGER PRIMARY KEY, school INTEGER, no INTEGER, FOREIGN KEY (school, no) REFERENCES student (school, no))",
    );
    const Base = automapBase();
    Base.prepare(engine);
    expect(Object.keys(Base.classes).sort()).toEqual(["course", "grade", "student"]);
    const [Student, Course, Grade] = [
      at(Base.classes, "student"),
      at(Base.classes, "course"),
      at(Base.classes, "grade"),
    ];
    using session = new Session(engine);
    const student = new Student({ school: 1, no: 2, course_collection: [new Course({ id: 5, title: "x" })] });
    student["grade_collection"] = [new Grade({})];
    session.add(student);
    session.commit();
    session.expungeAll();
    const course = session.get(at(Base.classes, "course"), 5) as UntypedObject;
    const [found] = course["student_collection"] as UntypedObject[];
    expect([found?.["school"], found?.["no"]]).toEqual([1, 2]);
    expect((found?.["grade_collection"] as UntypedObject[] | undefined)?.[0]?.["student"]).toBe(found);
  });

  it("of a table to itself: one-to-many by both names; many-to-many needs names", () => {
    const engine = database("CREATE TABLE node (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES node (id))");
    const Base = automapBase();
    Base.prepare(engine);
    const Node = at(Base.classes, "node");
    const root = new Node({ id: 1 });
    const child = new Node({ id: 2, node: root });
    expect(root["node_collection"]).toEqual([child]);
    using session = new Session(engine);
    session.add(root);
    session.commit();
    expect(child["parent_id"]).toBe(1);
    const friends = [
      "CREATE TABLE person (id INTEGER PRIMARY KEY)",
      "CREATE TABLE friend (a INTEGER REFERENCES person (id), b INTEGER REFERENCES person (id), PRIMARY KEY (a, b))",
    ];
    expect(() => automapBase().prepare(database(...friends))).toThrow(
      /both sides of the relationship of person to itself/,
    );
    const Friends = automapBase();
    Friends.prepare({
      autoloadWith: database(...friends),
      nameForCollectionRelationship: (_base, _local, referred, constraint) =>
        `${referred.name}_by_${constraint.columns[0]?.name}`,
    });
    const Person = at(Friends.classes, "person");
    const [x, y] = [new Person({}), new Person({})];
    (x["person_by_a"] as UntypedObject[]).push(y);
    expect(y["person_by_b"]).toEqual([x]);
  });

  it("two keys to one table: the second is left out with a warning, unless it is named", () => {
    const statements = [
      "CREATE TABLE u (id INTEGER PRIMARY KEY)",
      "CREATE TABLE m (id INTEGER PRIMARY KEY, sender INTEGER REFERENCES u (id), receiver INTEGER REFERENCES u (id))",
    ];
    const warnings: string[] = [];
    const restore = onWarning((message) => warnings.push(message));
    automapBase().prepare(database(...statements));
    restore();
    expect(warnings.join()).toMatch(/m has a relationship 'u' from another foreign key/);
    const Base = automapBase();
    Base.prepare({
      autoloadWith: database(...statements),
      nameForScalarRelationship: (_base, _local, _referred, constraint) => `${constraint.columns[0]?.name}_u`,
      nameForCollectionRelationship: (_base, _local, referred, constraint) =>
        `${referred.name}_by_${constraint.columns[0]?.name}`,
    });
    const [User, Message] = [at(Base.classes, "u"), at(Base.classes, "m")];
    const [a, b] = [new User({}), new User({})];
    const message = new Message({ sender_u: a, receiver_u: b });
    expect(a["m_by_sender"]).toEqual([message]);
    expect(a["m_by_receiver"]).toEqual([]);
  });
});

it("modulenameForTable keeps tables of the same name apart", () => {
  const connection = createEngine("sqlite://").connect();
  connection.execDriverSql("ATTACH ':memory:' AS archive");
  connection.execDriverSql("CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)");
  connection.execDriverSql("CREATE TABLE archive.accounts (id INTEGER PRIMARY KEY, name TEXT)");
  const modulenameForTable = (_base: unknown, _name: string, from: { readonly schema: string | null }): string =>
    `mymodule.${from.schema ?? "default"}`;
  const Base = automapBase();
  Base.prepare({ autoloadWith: connection, modulenameForTable });
  Base.prepare({ autoloadWith: connection, schema: "archive", modulenameForTable });
  expect(Object.keys(Base.classes)).toEqual([]);
  const { default: plain, archive } = Base.byModule["mymodule"] as unknown as Record<
    string,
    { accounts: { table: { fullname: string } } }
  >;
  expect(plain?.accounts.table.fullname).toBe("accounts");
  expect(archive?.accounts.table.fullname).toBe("archive.accounts");
  expect(Object.keys(at(Base.byModule, "mymodule"))).toEqual(["default", "archive"]);
  expect(() => at(Base.byModule, "mymodule")["other"]).toThrow(/Base\.byModule\.mymodule has no 'other'/);
});

it("relationships of a class reach its subclasses, also those that automap ties to another side", () => {
  const engine = database(
    "CREATE TABLE vehicle (id INTEGER PRIMARY KEY, kind VARCHAR(10))",
    "CREATE TABLE wheel (id INTEGER PRIMARY KEY, vehicle_id INTEGER REFERENCES vehicle (id))",
  );
  const Base = automapBase();
  class Vehicle extends Base.mapped(
    "vehicle",
    { kind: column(t.string(10)), wheel_collection: () => many(at(Base.classes, "wheel"), { collectionClass: Set }) },
    { polymorphicOn: "kind", polymorphicIdentity: "vehicle" },
  ) {}
  class Car extends Vehicle.extend({}, { polymorphicIdentity: "car" }) {}
  void [Vehicle.table, Car.table];
  Base.prepare(engine);
  const Wheel = at(Base.classes, "wheel");
  const car = new Car();
  const wheel = new Wheel({ vehicle: car });
  expect([...car.wheel_collection]).toEqual([wheel]);
  using session = new Session(engine);
  session.add(car);
  session.commit();
  session.expungeAll();
  expect(session.scalars(select(Car)).one().wheel_collection.size).toBe(1);
});
