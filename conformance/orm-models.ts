/** The model sets of models.md in our mapping: one function per set, so that each scenario gets classes of its own. */
import { column, foreignKey, foreignKeyConstraint, func, type MetaData, select, t, table } from "@athanor/core";
import {
  columnProperty,
  composite,
  declarativeBase,
  type ListOf,
  many,
  one,
  type Session,
  synonym,
} from "@athanor/orm";
import { associationProxy } from "@athanor/orm/ext/association-proxy";
import { hybrid, hybridMethod } from "@athanor/orm/ext/hybrid";
import { mutable } from "@athanor/orm/ext/mutable";
import { orderingList } from "@athanor/orm/ext/ordering-list";

/** A model set. */
export interface ModelSet {
  readonly metadata: MetaData;
  /** Classes and tables by the names that scenarios use. */
  readonly names: Readonly<Record<string, unknown>>;
  /** Adds the seed rows; a `yield` asks for a flush, and the session is committed afterwards. */
  seed(session: Pick<Session, "add" | "addAll">): Iterable<void> | void;
  /** Statements to run on each new connection. */
  readonly pragma?: string;
}

const key = { primaryKey: true } as const;
const required = { nullable: false } as const;

function shop(): ModelSet {
  const Base = declarativeBase();
  class User extends Base.mapped("user_account", {
    id: column(t.integer, key),
    name: column(t.string(50), required),
    age: column(t.integer),
    status: column(t.string(10), { nullable: false, default: "new" }),
    addresses: () => many(Address, { backPopulates: "user", orderBy: () => Address.$.id }),
    orders: () => many(Order, { backPopulates: "user", cascade: "all, delete-orphan", orderBy: () => Order.$.id }),
  }) {}
  class Address extends Base.mapped("address", {
    id: column(t.integer, key),
    email: column(t.string(50), required),
    userId: column("user_id", t.integer, foreignKey("user_account.id")),
    user: () => one(User, { backPopulates: "addresses" }),
  }) {}
  class Order extends Base.mapped("purchase", {
    id: column(t.integer, key),
    userId: column("user_id", t.integer, foreignKey("user_account.id"), required),
    note: column(t.string(50)),
    user: () => one(User, { backPopulates: "orders" }),
    items: () => many(Item, { backPopulates: "order", cascade: "all, delete-orphan", orderBy: () => Item.$.id }),
  }) {}
  class Item extends Base.mapped("item", {
    id: column(t.integer, key),
    orderId: column("order_id", t.integer, foreignKey("purchase.id"), required),
    sku: column(t.string(20), required),
    qty: column(t.integer, { nullable: false, default: 1 }),
    order: () => one(Order, { backPopulates: "items" }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, User, Address, Order, Item },
    seed(s) {
      const ann = new User({
        name: "ann",
        age: 30,
        addresses: [new Address({ email: "ann@a.x" }), new Address({ email: "ann@b.x" })],
        orders: [
          new Order({ note: "first", items: [new Item({ sku: "pen" }), new Item({ sku: "ink", qty: 3 })] }),
          new Order({ note: "second" }),
        ],
      });
      const bob = new User({
        name: "bob",
        age: 20,
        addresses: [new Address({ email: "bob@a.x" })],
        orders: [new Order({ note: "third", items: [new Item({ sku: "pen", qty: 2 })] })],
      });
      s.addAll([ann, bob, new User({ name: "cat" })]);
    },
  };
}

function tags(): ModelSet {
  const Base = declarativeBase();
  const postTag = table("post_tag", Base.metadata, {
    post_id: column(t.integer, foreignKey("post.id"), key),
    tag_id: column(t.integer, foreignKey("tag.id"), key),
  });
  class Post extends Base.mapped("post", {
    id: column(t.integer, key),
    title: column(t.string(50), required),
    tags: () => many(Tag, { secondary: postTag, backPopulates: "posts", orderBy: () => Tag.$.id }),
    tagNames: associationProxy<ListOf<string>>("tags", "name", { creator: (name: string) => new Tag({ name }) }),
  }) {}
  class Tag extends Base.mapped("tag", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    posts: () => many(Post, { secondary: postTag, backPopulates: "tags", orderBy: () => Post.$.id }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Post, Tag, postTag },
    *seed(s) {
      const [red, blue, green] = [new Tag({ name: "red" }), new Tag({ name: "blue" }), new Tag({ name: "green" })];
      s.addAll([red, blue, green]);
      yield;
      s.addAll([
        new Post({ title: "one", tags: [red, blue] }),
        new Post({ title: "two", tags: [blue] }),
        new Post({ title: "three" }),
      ]);
    },
  };
}

function tree(): ModelSet {
  const Base = declarativeBase();
  class Employee extends Base.mapped("employee", {
    id: column(t.integer, key),
    name: column(t.string(30), required),
    managerId: column("manager_id", t.integer, foreignKey("employee.id")),
    manager: () => one(Employee, { backPopulates: "reports", remoteSide: () => Employee.$.id }),
    reports: () => many(Employee, { backPopulates: "manager", orderBy: () => Employee.$.id }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Employee },
    *seed(s) {
      const boss = new Employee({ name: "boss" });
      s.add(boss);
      yield;
      const mid = new Employee({ name: "mid", manager: boss });
      s.add(mid);
      yield;
      s.addAll([new Employee({ name: "low1", manager: mid }), new Employee({ name: "low2", manager: mid })]);
    },
  };
}

function oneone(): ModelSet {
  const Base = declarativeBase();
  class Person extends Base.mapped("person", {
    id: column(t.integer, key),
    name: column(t.string(30), required),
    passport: () => one(Passport, { backPopulates: "person", cascade: "all, delete-orphan", uselist: false }),
  }) {}
  class Passport extends Base.mapped("passport", {
    id: column(t.integer, key),
    number: column(t.string(20), required),
    personId: column("person_id", t.integer, foreignKey("person.id"), { unique: true, nullable: false }),
    person: () => one(Person, { backPopulates: "passport" }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Person, Passport },
    seed(s) {
      s.add(new Person({ name: "pat", passport: new Passport({ number: "P1" }) }));
      s.add(new Person({ name: "quin" }));
    },
  };
}

function compositeKey(): ModelSet {
  const Base = declarativeBase();
  class Warehouse extends Base.mapped("warehouse", {
    region: column(t.string(5), key),
    code: column(t.integer, { primaryKey: true, autoincrement: false }),
    label: column(t.string(20)),
    bins: () =>
      many(Bin, {
        backPopulates: "warehouse",
        cascade: "all, delete-orphan",
        orderBy: () => Bin.$.slot,
        passiveUpdates: false,
      }),
  }) {}
  class Bin extends Base.mapped(
    "bin",
    {
      whRegion: column("wh_region", t.string(5), key),
      whCode: column("wh_code", t.integer, { primaryKey: true, autoincrement: false }),
      slot: column(t.integer, { primaryKey: true, autoincrement: false }),
      content: column(t.string(20)),
      warehouse: () => one(Warehouse, { backPopulates: "bins" }),
    },
    foreignKeyConstraint(["wh_region", "wh_code"], ["warehouse.region", "warehouse.code"]),
  ) {}
  return {
    metadata: Base.metadata,
    names: { Base, Warehouse, Bin },
    seed(s) {
      s.add(
        new Warehouse({
          region: "eu",
          code: 1,
          label: "north",
          bins: [new Bin({ slot: 1, content: "nuts" }), new Bin({ slot: 2 })],
        }),
      );
      s.add(new Warehouse({ region: "us", code: 1 }));
    },
  };
}

function joined(): ModelSet {
  const Base = declarativeBase();
  class Owner extends Base.mapped("owner", {
    id: column(t.integer, key),
    name: column(t.string(30), required),
    vehicles: () => many(Vehicle, { backPopulates: "owner", orderBy: () => Vehicle.$.id }),
  }) {}
  class Vehicle extends Base.mapped(
    "vehicle",
    {
      id: column(t.integer, key),
      kind: column(t.string(10), required),
      maker: column(t.string(20), required),
      ownerId: column("owner_id", t.integer, foreignKey("owner.id")),
      owner: () => one(Owner, { backPopulates: "vehicles" }),
    },
    { polymorphicOn: "kind", polymorphicIdentity: "vehicle" },
  ) {}
  class Car extends Vehicle.extend(
    "car",
    { id: column(t.integer, foreignKey("vehicle.id"), key), doors: column(t.integer, required) },
    { polymorphicIdentity: "car" },
  ) {}
  class Truck extends Vehicle.extend(
    "truck",
    {
      id: column(t.integer, foreignKey("vehicle.id"), key),
      load: column(t.integer, required),
      axles: () => many(Axle, { orderBy: () => Axle.$.id }),
    },
    { polymorphicIdentity: "truck" },
  ) {}
  class Axle extends Base.mapped("axle", {
    id: column(t.integer, key),
    truckId: column("truck_id", t.integer, foreignKey("truck.id"), required),
    size: column(t.integer, required),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Owner, Vehicle, Car, Truck, Axle },
    seed(s) {
      const olga = new Owner({
        name: "olga",
        vehicles: [
          new Car({ maker: "fia", doors: 4 }),
          new Truck({ maker: "vol", load: 900, axles: [new Axle({ size: 3 }), new Axle({ size: 4 })] }),
          new Vehicle({ maker: "any" }),
        ],
      });
      s.addAll([olga, new Owner({ name: "nobody" })]);
    },
  };
}

function single(): ModelSet {
  const Base = declarativeBase();
  class Shape extends Base.mapped(
    "shape",
    { id: column(t.integer, key), type: column(t.string(10), required), color: column(t.string(10)) },
    { polymorphicOn: "type", polymorphicIdentity: "shape" },
  ) {}
  class Circle extends Shape.extend({ radius: column(t.integer) }, { polymorphicIdentity: "circle" }) {}
  class Square extends Shape.extend({ side: column(t.integer) }, { polymorphicIdentity: "square" }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Shape, Circle, Square },
    seed(s) {
      s.addAll([
        new Circle({ color: "red", radius: 2 }),
        new Square({ color: "red", side: 3 }),
        new Shape({ color: "blue" }),
      ]);
    },
  };
}

function concrete(): ModelSet {
  const Base = declarativeBase();
  class Paper extends Base.mapped(
    "paper",
    { id: column(t.integer, key), title: column(t.string(20), required) },
    { polymorphicIdentity: "paper", concrete: true, concreteBase: true },
  ) {}
  class Letter extends Paper.extend(
    "letter",
    { id: column(t.integer, key), title: column(t.string(20), required), addressee: column(t.string(20), required) },
    { polymorphicIdentity: "letter", concrete: true },
  ) {}
  class Memo extends Paper.extend(
    "memo",
    {
      id: column(t.integer, key),
      title: column(t.string(20), required),
      urgent: column(t.boolean, { nullable: false, default: false }),
    },
    { polymorphicIdentity: "memo", concrete: true },
  ) {}
  return {
    metadata: Base.metadata,
    names: { Base, Paper, Letter, Memo },
    seed(s) {
      s.addAll([
        new Paper({ id: 1, title: "p" }),
        new Letter({ id: 2, title: "l", addressee: "you" }),
        new Memo({ id: 3, title: "m", urgent: true }),
      ]);
    },
  };
}

function versioned(): ModelSet {
  const Base = declarativeBase();
  class Page extends Base.mapped(
    "page",
    { id: column(t.integer, key), body: column(t.string(50)), version: column(t.integer, required) },
    { versionIdCol: "version" },
  ) {}
  class Stamped extends Base.mapped(
    "stamped",
    { id: column(t.integer, key), body: column(t.string(50)), tag: column(t.string(10), required) },
    {
      versionIdCol: "tag",
      versionIdGenerator: (version: unknown) =>
        version === null || version === undefined ? "v0" : `v${Number(String(version).slice(1)) + 1}`,
    },
  ) {}
  return {
    metadata: Base.metadata,
    names: { Base, Page, Stamped },
    seed(s) {
      s.addAll([new Page({ body: "a" }), new Page({ body: "b" }), new Stamped({ body: "x" })]);
    },
  };
}

function school(): ModelSet {
  const Base = declarativeBase();
  class Student extends Base.mapped("student", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    enrollments: () =>
      many(Enrollment, {
        backPopulates: "student",
        cascade: "all, delete-orphan",
        orderBy: () => Enrollment.$.courseId,
      }),
    courses: associationProxy<ListOf<object>>("enrollments", "course", {
      creator: (course: Course) => new Enrollment({ course }),
    }),
  }) {}
  class Course extends Base.mapped("course", {
    id: column(t.integer, key),
    title: column(t.string(20), required),
    enrollments: () => many(Enrollment, { backPopulates: "course", orderBy: () => Enrollment.$.studentId }),
  }) {}
  class Enrollment extends Base.mapped("enrollment", {
    studentId: column("student_id", t.integer, foreignKey("student.id"), key),
    courseId: column("course_id", t.integer, foreignKey("course.id"), key),
    grade: column(t.integer),
    student: () => one(Student, { backPopulates: "enrollments" }),
    course: () => one(Course, { backPopulates: "enrollments" }),
    courseTitle: associationProxy<string | null>("course", "title"),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Student, Course, Enrollment },
    *seed(s) {
      const [art, bio] = [new Course({ title: "art" }), new Course({ title: "bio" })];
      s.addAll([art, bio]);
      yield;
      s.add(
        new Student({
          name: "sue",
          enrollments: [new Enrollment({ course: art, grade: 5 }), new Enrollment({ course: bio })],
        }),
      );
      s.add(new Student({ name: "tom" }));
    },
  };
}

function team(): ModelSet {
  const Base = declarativeBase();
  class Team extends Base.mapped("team", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    captainId: column("captain_id", t.integer, foreignKey("player.id", { useAlter: true, name: "fk_captain" })),
    players: () =>
      many(Player, { backPopulates: "team", foreignKeys: () => Player.$.teamId, orderBy: () => Player.$.id }),
    captain: () => one(Player, { foreignKeys: () => Team.$.captainId, postUpdate: true }),
  }) {}
  class Player extends Base.mapped("player", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    teamId: column("team_id", t.integer, foreignKey("team.id")),
    team: () => one(Team, { backPopulates: "players", foreignKeys: () => Player.$.teamId }),
  }) {}
  class Loop extends Base.mapped("loop_node", {
    id: column(t.integer, key),
    partnerId: column("partner_id", t.integer, foreignKey("loop_node.id")),
    partner: () => one(Loop, { remoteSide: () => Loop.$.id }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Team, Player, Loop },
    *seed(s) {
      const reds = new Team({ name: "reds" });
      s.add(reds);
      yield;
      const al = new Player({ name: "al", team: reds });
      s.add(al);
      yield;
      s.add(new Player({ name: "bo", team: reds }));
      reds.captain = al;
    },
  };
}

function cascade(): ModelSet {
  const Base = declarativeBase();
  class Parent extends Base.mapped("parent", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    plain: () => many(Plain, { orderBy: () => Plain.$.id, backPopulates: "parent" }),
    dbdel: () => many(DbDel, { cascade: "all, delete", passiveDeletes: true, orderBy: () => DbDel.$.id }),
    manual: () => many(Manual, { cascade: "merge", orderBy: () => Manual.$.id }),
    plainView: () => many(Plain, { viewonly: true, orderBy: () => Plain.$.id }),
  }) {}
  class Plain extends Base.mapped("plain", {
    id: column(t.integer, key),
    parentId: column("parent_id", t.integer, foreignKey("parent.id")),
    label: column(t.string(20)),
    parent: () => one(Parent, { backPopulates: "plain" }),
  }) {}
  class DbDel extends Base.mapped("dbdel", {
    id: column(t.integer, key),
    parentId: column("parent_id", t.integer, foreignKey("parent.id", { ondelete: "CASCADE" })),
  }) {}
  class Manual extends Base.mapped("manual", {
    id: column(t.integer, key),
    parentId: column("parent_id", t.integer, foreignKey("parent.id")),
  }) {}
  return {
    metadata: Base.metadata,
    pragma: "PRAGMA foreign_keys=ON",
    names: { Base, Parent, Plain, DbDel, Manual },
    seed(s) {
      s.add(
        new Parent({
          name: "p1",
          plain: [new Plain({ label: "a" }), new Plain({ label: "b" })],
          dbdel: [new DbDel(), new DbDel()],
        }),
      );
      s.add(new Parent({ name: "p2" }));
    },
  };
}

function library(): ModelSet {
  const Base = declarativeBase();
  class Author extends Base.mapped("author", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    bio: column(t.text, { deferred: true }),
    photo: column(t.text, { deferred: true, deferredGroup: "big" }),
    cv: column(t.text, { deferred: true, deferredGroup: "big" }),
    books: () => many(Book, { backPopulates: "author", orderBy: () => Book.$.id }),
    booksWo: () => many(Book, { lazy: "writeOnly", orderBy: () => Book.$.id, overlaps: "books,author" }),
    booksDyn: () => many(Book, { lazy: "dynamic", orderBy: () => Book.$.id, overlaps: "books,author,booksWo" }),
  }) {}
  class Book extends Base.mapped("book", {
    id: column(t.integer, key),
    title: column(t.string(30), required),
    year: column(t.integer, required),
    authorId: column("author_id", t.integer, foreignKey("author.id")),
    author: () => one(Author, { backPopulates: "books", overlaps: "booksWo,booksDyn" }),
    reviews: () => many(Review, { backPopulates: "book", orderBy: () => Review.$.id }),
  }) {}
  class Review extends Base.mapped("review", {
    id: column(t.integer, key),
    bookId: column("book_id", t.integer, foreignKey("book.id"), required),
    stars: column(t.integer, required),
    book: () => one(Book, { backPopulates: "reviews" }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Author, Book, Review },
    seed(s) {
      s.addAll([
        new Author({
          name: "eco",
          bio: "long bio",
          photo: "ph",
          cv: "cv",
          books: [
            new Book({ title: "rose", year: 1980, reviews: [new Review({ stars: 5 }), new Review({ stars: 3 })] }),
            new Book({ title: "pendulum", year: 1988 }),
          ],
        }),
        new Author({
          name: "woolf",
          books: [new Book({ title: "waves", year: 1931, reviews: [new Review({ stars: 4 })] })],
        }),
        new Author({ name: "silent" }),
      ]);
    },
  };
}

class PointValue {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

function props(): ModelSet {
  const Base = declarativeBase();
  class Gizmo extends Base.mapped(
    "gizmo",
    {
      id: column(t.integer, key),
      first: column(t.string(20), required),
      last: column(t.string(20), required),
      price: column(t.integer, { nullable: false, default: 0 }),
      x1: column(t.integer, { nullable: false, default: 0 }),
      y1: column(t.integer, { nullable: false, default: 0 }),
      start: composite(PointValue, { x: "x1", y: "y1" }),
      data: mutable(column(t.json<Record<string, unknown>>())),
      alist: mutable(column(t.json<unknown[]>())),
      level: column(t.string(5), { nullable: false, serverDefault: "low" }),
      surname: synonym("last"),
      full: () => columnProperty(Gizmo.$.first.concat(" ").concat(Gizmo.$.last)),
      parts: () =>
        many(Part, {
          orderBy: () => Part.$.position,
          collectionClass: orderingList<Part>("position"),
          cascade: "all, delete-orphan",
        }),
      doubled: () =>
        hybrid(Gizmo, {
          get: (g): number => g.price * 2,
          expression: ($) => $.price.mul(2),
          update: ($, value) => [[$.price, value / 2]],
        }),
      label: () =>
        hybrid(Gizmo, {
          get: (g): string => g.first || g.last,
          expression: ($) => func.coalesce(func.nullif($.first, ""), $.last),
        }),
      dearerThan: () =>
        hybridMethod(Gizmo, {
          call: (g, amount: number): boolean => g.price > amount,
          expression: ($, amount) => $.price.gt(amount),
        }),
      partCount: () =>
        columnProperty(
          select(func.count(Part.$.id)).where(Part.$.gizmoId.eq(Gizmo.$.id)).correlateExcept(Part).scalarSubquery(),
          { deferred: true },
        ),
    },
    {
      validates: {
        price: (value: number, name: string) => {
          if (value < 0) throw new Error(`negative ${name}`);
          return value;
        },
      },
    },
  ) {}
  class Part extends Base.mapped("part", {
    id: column(t.integer, key),
    gizmoId: column("gizmo_id", t.integer, foreignKey("gizmo.id")),
    position: column(t.integer),
    name: column(t.string(20), required),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Gizmo, Part, Point: (x: number, y: number) => new PointValue(x, y) },
    seed(s) {
      s.addAll([
        new Gizmo({
          first: "ab",
          last: "cd",
          price: 5,
          x1: 1,
          y1: 2,
          data: { k: 1 },
          alist: [1, 2],
          parts: [new Part({ name: "p0" }), new Part({ name: "p1" }), new Part({ name: "p2" })],
        }),
        new Gizmo({ first: "", last: "zz", price: 50 }),
      ]);
    },
  };
}

/** The model sets by name. */
export const modelSets: Readonly<Record<string, () => ModelSet>> = {
  none() {
    const Base = declarativeBase();
    return { metadata: Base.metadata, names: { Base }, seed() {} };
  },
  shop,
  tags,
  tree,
  oneone,
  composite_key: compositeKey,
  joined,
  single,
  concrete,
  versioned,
  school,
  team,
  cascade,
  library,
  props,
};
