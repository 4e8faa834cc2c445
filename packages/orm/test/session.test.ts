/** The session and the unit of work on SQLite: transactions, cascades, rollback, ordering, versions. */
import {
  column,
  createEngine,
  type Engine,
  foreignKey,
  IntegrityError,
  listen,
  literal,
  select,
  t,
  table,
} from "@athanor/core";
import "@athanor/dialect-sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import {
  declarativeBase,
  inspect,
  makeTransient,
  many,
  objectSession,
  one,
  PendingRollbackError,
  Session,
  StaleDataError,
  scopedSession,
  sessionmaker,
} from "../src/index.ts";

const Base = declarativeBase();

class Account extends Base.mapped("accounts", {
  id: column(t.integer, { primaryKey: true }),
  owner: column(t.string(30), { nullable: false, unique: true }),
  balance: column(t.integer, { nullable: false, default: 0 }),
}) {}

const postTags = table("post_tags", Base.metadata, {
  postId: column("post_id", t.integer, foreignKey("posts.id"), { primaryKey: true }),
  tagId: column("tag_id", t.integer, foreignKey("tags.id"), { primaryKey: true }),
});

class Post extends Base.mapped("posts", {
  id: column(t.integer, { primaryKey: true }),
  title: column(t.string(50)),
  tags: () => many(Tag, { secondary: postTags, backPopulates: "posts", orderBy: () => Tag.$.id }),
}) {}

class Tag extends Base.mapped("tags", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
  posts: () => many(Post, { secondary: postTags, backPopulates: "tags", orderBy: () => Post.$.id }),
}) {}

class Employee extends Base.mapped("employees", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(30)),
  managerId: column("manager_id", t.integer, foreignKey("employees.id")),
  manager: () => one(Employee, { backPopulates: "reports", remoteSide: () => Employee.$.id }),
  reports: () => many(Employee, { backPopulates: "manager", orderBy: () => Employee.$.id }),
}) {}

class Order extends Base.mapped(
  "orders",
  {
    id: column(t.integer, { primaryKey: true }),
    note: column(t.string(30)),
    version: column(t.integer, { nullable: false }),
    lines: () => many(Line, { backPopulates: "order", cascade: "all, delete-orphan", orderBy: () => Line.$.id }),
  },
  { versionIdCol: "version" },
) {}

class Line extends Base.mapped("lines", {
  id: column(t.integer, { primaryKey: true }),
  sku: column(t.string(20)),
  orderId: column("order_id", t.integer, foreignKey("orders.id"), { nullable: false }),
  order: () => one(Order, { backPopulates: "lines" }),
}) {}

let engine: Engine;
let sent: string[];

beforeEach(() => {
  engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  sent = [];
  listen(engine, "beforeCursorExecute", (_, execution) => void sent.push(execution.statement.replaceAll(/\s+/g, " ")));
});

describe("the bank transfer", () => {
  function open(): void {
    using session = new Session(engine);
    session.addAll([new Account({ owner: "ann", balance: 100 }), new Account({ owner: "bob", balance: 20 })]);
    session.commit();
  }

  it("changes both balances in one transaction", () => {
    open();
    using session = new Session(engine);
    session.begin(() => {
      const [ann, bob] = session.scalars(select(Account).orderBy(Account.$.id)).all() as [Account, Account];
      ann.balance -= 30;
      bob.balance += 30;
    });
    expect(session.scalars(select(Account.$.balance).orderBy(Account.$.id)).all()).toEqual([70, 50]);
    expect(sent.filter((sql) => sql.startsWith("UPDATE"))).toEqual([
      "UPDATE accounts SET balance=? WHERE accounts.id = ?",
    ]);
  });

  it("loses nothing when it fails in the middle", () => {
    open();
    using session = new Session(engine);
    const ann = session.getOne(Account, 1);
    expect(() =>
      session.beginNested(() => {
        ann.balance -= 30;
        session.flush();
        throw new Error("no network");
      }),
    ).toThrow("no network");
    expect(ann.balance).toBe(100);
    session.rollback();
    expect(session.scalars(select(Account.$.balance).orderBy(Account.$.id)).all()).toEqual([100, 20]);
  });
});

describe("a flush that fails", () => {
  it("rolls back, says so until rollback(), and leaves a session that works", () => {
    using session = new Session(engine);
    session.add(new Account({ owner: "ann" }));
    session.commit();
    const twin = new Account({ owner: "ann" });
    session.add(twin);
    expect(() => session.flush()).toThrow(IntegrityError);
    expect(() => session.scalars(select(Account)).all()).toThrow(PendingRollbackError);
    session.rollback();
    expect(inspect(twin).transient).toBe(true);
    twin.owner = "bob";
    session.add(twin);
    session.commit();
    expect(session.scalars(select(Account.$.owner).orderBy(Account.$.id)).all()).toEqual(["ann", "bob"]);
  });

  it("is undone with the whole transaction when the callback of begin() throws", () => {
    using session = new Session(engine);
    const ann = new Account({ owner: "ann" });
    expect(() =>
      session.begin(() => {
        session.add(ann);
        session.flush();
        expect(inspect(ann).persistent).toBe(true);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(inspect(ann).transient).toBe(true);
    expect(session.inTransaction()).toBe(false);
  });
});

describe("posts and tags", () => {
  it("writes each pair once, whichever side it was added on", () => {
    using session = new Session(engine);
    const [red, blue] = [new Tag({ name: "red" }), new Tag({ name: "blue" })];
    const post = new Post({ title: "one", tags: [red] });
    blue.posts.push(post);
    session.addAll([post, blue]);
    session.commit();
    expect(post.tags.map((tag) => tag.name)).toEqual(["red", "blue"]);
    expect(
      session
        .execute(select(postTags))
        .all()
        .map((row) => [...row]),
    ).toEqual([
      [1, 1],
      [1, 2],
    ]);
    post.tags = [blue];
    session.commit();
    expect(
      session
        .execute(select(postTags))
        .all()
        .map((row) => [...row]),
    ).toEqual([[1, 2]]);
    session.delete(post);
    session.commit();
    expect(session.execute(select(postTags)).all()).toEqual([]);
    expect(blue.posts).toEqual([]);
  });
});

describe("employees and managers", () => {
  it("inserts managers first and deletes them last", () => {
    using session = new Session(engine);
    const low = new Employee({ name: "low" });
    const top = new Employee({ name: "top" });
    const mid = new Employee({ name: "mid", manager: top });
    low.manager = mid;
    session.addAll([low, mid, top]);
    session.commit();
    expect([top.id, mid.id, low.id]).toEqual([1, 2, 3]);
    expect(low.manager.manager).toBe(top);
    session.delete(mid);
    session.commit();
    expect(low.managerId).toBeNull();
    expect(top.reports).toEqual([]);
  });

  it("inserts one level at a time, in one batch each", () => {
    using session = new Session(engine);
    session.add(
      new Employee({
        name: "top",
        reports: Array.from(
          { length: 5 },
          (_, index) => new Employee({ name: `r${index}`, reports: [new Employee({ name: `s${index}` })] }),
        ),
      }),
    );
    session.commit();
    expect(session.scalars(select(Employee.$.managerId).orderBy(Employee.$.id)).all()).toEqual([
      null,
      1,
      1,
      1,
      1,
      1,
      2,
      3,
      4,
      5,
      6,
    ]);
  });
});

describe("orders and lines", () => {
  it("deletes orphans, and lines with their order", () => {
    using session = new Session(engine);
    const order = new Order({ note: "first", lines: [new Line({ sku: "a" }), new Line({ sku: "b" })] });
    session.add(order);
    session.commit();
    order.lines.splice(0, 1);
    session.commit();
    expect(session.scalars(select(Line.$.sku)).all()).toEqual(["b"]);
    session.delete(order);
    session.commit();
    expect(session.scalars(select(Line.$.sku)).all()).toEqual([]);
  });

  it("notices that a row was changed by someone else", () => {
    using session = new Session(engine);
    session.add(new Order({ note: "first" }));
    session.commit();
    const order = session.getOne(Order, 1);
    order.note = "mine";
    engine.begin((connection) => connection.execDriverSql("UPDATE orders SET version = 7"));
    expect(() => session.commit()).toThrow(StaleDataError);
    session.rollback();
    expect(order.version).toBe(7);
  });
});

describe("sessions", () => {
  it("restore deleted objects and old keys on rollback", () => {
    using session = new Session(engine);
    const ann = new Account({ owner: "ann" });
    session.add(ann);
    session.commit();
    ann.id = 10;
    session.flush();
    expect(session.get(Account, 10)).toBe(ann);
    session.delete(ann);
    session.flush();
    expect(inspect(ann).deleted).toBe(true);
    session.rollback();
    expect(inspect(ann).persistent).toBe(true);
    expect(ann.id).toBe(1);
    expect(session.get(Account, 1)).toBe(ann);
  });

  it("join a transaction that is open already, for tests that roll back", () => {
    using connection = engine.connect();
    const outer = connection.begin();
    {
      using session = new Session(connection, { joinTransactionMode: "createSavepoint" });
      session.add(new Account({ owner: "ann" }));
      session.commit();
      session.add(new Account({ owner: "bob" }));
      session.rollback();
      expect(session.scalars(select(Account.$.owner)).all()).toEqual(["ann"]);
    }
    outer.rollback();
    expect(connection.execute(select(Account.$.owner)).all()).toEqual([]);
  });

  it("are told apart from others, and made by factories", () => {
    const Maker = sessionmaker(engine, { expireOnCommit: false });
    const ann = Maker.begin((session) => {
      const made = new Account({ owner: "ann" });
      session.add(made);
      return made;
    });
    expect(ann.id).toBe(1);
    expect(objectSession(ann)).toBeNull();
    using first = new Maker();
    using second = Maker({ autoflush: false });
    expect([second instanceof Session, second instanceof Maker, second.autoflush]).toEqual([true, true, false]);
    first.add(ann);
    expect(objectSession(ann)).toBe(first);
    expect(() => second.add(ann)).toThrow(/already attached/);
    const copy = second.merge(ann);
    expect(copy).not.toBe(ann);
    expect(copy.owner).toBe("ann");
    makeTransient(ann);
    expect(inspect(ann).transient).toBe(true);
    const scoped = scopedSession(Maker);
    scoped.add(new Account({ owner: "bob" }));
    scoped.commit();
    expect(scoped.scalars(select(Account.$.owner).orderBy(Account.$.id)).all()).toEqual(["ann", "bob"]);
    scoped.remove();
  });

  it("refuse what is not mapped, not persistent, or closed for good", () => {
    using session = new Session(engine);
    expect(() => session.add({})).toThrow(/is not mapped/);
    expect(() => session.refresh(new Account({ owner: "x" }))).toThrow(/is not persistent/);
    expect(() => session.delete(new Account({ owner: "x" }))).toThrow(/is not persisted/);
    expect(() => new Session().get(Account, 1)).toThrow(/bind/i);
    const once = new Session(engine, { closeResetsOnly: false });
    once.close();
    expect(() => once.add(new Account({ owner: "x" }))).toThrow(/permanently closed/);
    const manual = new Session(engine, { autobegin: false });
    expect(() => manual.get(Account, 1)).toThrow(/Autobegin is disabled/);
  });

  it("take SQL expressions as keys", () => {
    using session = new Session(engine);
    const ann = new Account({ owner: "ann" });
    ann.id = literal(3).add(4) as never;
    session.add(ann);
    session.flush();
    expect(ann.id).toBe(7);
    ann.id = Account.$.id.add(10) as never;
    session.commit();
    expect(ann.id).toBe(17);
    expect(session.get(Account, 17)).toBe(ann);
  });

  it("flush 1000 objects in one batch per table", () => {
    using session = new Session(engine);
    session.addAll(Array.from({ length: 1000 }, (_, index) => new Account({ id: index + 1, owner: `o${index}` })));
    session.commit();
    expect(sent.filter((sql) => sql.startsWith("INSERT"))).toHaveLength(1);
    for (const account of session.scalars(select(Account))) account.balance = 5;
    session.commit();
    expect(sent.filter((sql) => sql.startsWith("UPDATE"))).toHaveLength(1);
  });
});
