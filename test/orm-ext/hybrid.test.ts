/** ext/hybrid: SQLAlchemy's documentation, example by example. */
import {
  and,
  CLAUSE_ELEMENT,
  column,
  createEngine,
  foreignKey,
  fromDmlColumn,
  func,
  insert,
  literal,
  or,
  select,
  t,
  update,
} from "@athanor/core";
import {
  aliased,
  columnProperty,
  composite,
  declarativeBase,
  many,
  one,
  Session,
  synonym,
  UnevaluatableError,
} from "@athanor/orm";
import { Comparator, type ComparatorOperation, type HybridOf, hybrid, hybridMethod } from "@athanor/orm/ext/hybrid";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const id = () => column(t.integer, { primaryKey: true });
const sql = (statement: unknown): string => String(statement).replace(/\s+/g, " ");

describe("Interval", () => {
  const Base = declarativeBase();
  class Interval extends Base.mapped("interval", {
    id: id(),
    start: column(t.integer, { nullable: false }),
    end: column(t.integer, { nullable: false }),
    length: () =>
      hybrid(Interval, {
        expression: ($) => $.end.sub($.start),
        set: (interval, length) => {
          interval.end = interval.start + length;
        },
        update: ($, length) => [[$.end, $.start.add(length)]],
        bulkDml: (row, length) => {
          row["end"] = (row["start"] as number) + length;
        },
      }),
    radius: () =>
      hybrid(Interval, {
        get: (interval) => Math.abs(interval.length) / 2,
        expression: ($) => func.abs($.length).div(2),
      }),
    contains: () =>
      hybridMethod(Interval, { expression: ($, point: number) => and($.start.le(point), $.end.gt(point)) }),
    intersects: () =>
      hybridMethod(Interval, {
        call: (interval, other: { readonly start: unknown; readonly end: unknown }) =>
          interval.contains(other.start as number) || interval.contains(other.end as number),
        expression: ($, other) => or($.contains(other.start as number), $.contains(other.end as number)),
      }),
    unsupported: () => hybrid(Interval, { expression: ($) => func.abs($.start).returns(t.integer) }),
  }) {}
  const interval = (start: number, end: number): Interval => new Interval({ start, end });

  it("one definition serves objects and SQL", () => {
    expect(interval(5, 10).length).toBe(5);
    expect(sql(select(Interval.$.length))).toBe('SELECT interval."end" - interval.start AS length FROM interval');
    expect(sql(select(Interval).where(Interval.$.length.gt(10)))).toContain(
      'WHERE interval."end" - interval.start > :param_1',
    );
    expect(sql(select(Interval).filterBy({ length: 5 }))).toContain('WHERE interval."end" - interval.start = :param_1');
    expect([interval(5, 10).contains(6), interval(5, 10).contains(15)]).toEqual([true, false]);
    expect([interval(5, 10).intersects(interval(7, 18)), interval(5, 10).intersects(interval(25, 29))]).toEqual([
      true,
      false,
    ]);
    expect(sql(select(Interval).where(Interval.$.contains(15)))).toContain(
      'interval.start <= :start_1 AND interval."end" > :end_1',
    );
    const other = aliased(Interval);
    expect(sql(select(Interval, other).where(Interval.$.intersects(other.$ as never)))).toContain(
      'interval.start <= interval_1.start AND interval."end" > interval_1.start OR interval.start <= interval_1."end" AND interval."end" > interval_1."end"',
    );
    expect(sql(select(other.$.length))).toBe(
      'SELECT interval_1."end" - interval_1.start AS length FROM interval AS interval_1',
    );
  });

  it("two definitions where they differ", () => {
    expect(interval(10, 5).radius).toBe(2.5);
    expect(sql(select(Interval).where(Interval.$.radius.gt(5)))).toContain('abs(interval."end" - interval.start) / ');
  });

  it("what cannot be computed in memory says what to do", () => {
    expect(() => interval(1, 2).unsupported).toThrow(UnevaluatableError);
    expect(() => interval(1, 2).unsupported).toThrow(/hybrid Interval\.unsupported cannot be computed in memory/);
    expect(() => hybrid(Interval, {} as never)).toThrow(/needs an expression/);
  });

  it("setters; values() of INSERT and UPDATE; rows of bulk statements; the database", () => {
    const one = interval(5, 10);
    one.length = 12;
    expect(one.end).toBe(17);
    expect(new Interval({ start: 1, length: 3 }).end).toBe(4);
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.execute(insert(Interval), [
      { start: 5, length: 7 },
      { start: 1, length: 2 },
    ]);
    expect(
      session
        .execute(select(Interval.$.start, Interval.$.end))
        .all()
        .map((row) => [...row]),
    ).toEqual([
      [5, 12],
      [1, 3],
    ]);
    const loaded = session.scalars(select(Interval).orderBy(Interval.$.length)).all();
    session.execute(update(Interval).values([[Interval.$.length, 20]]));
    expect(loaded.map((each) => each.length)).toEqual([20, 20]);
    session.execute(update(Interval), [{ id: 1, start: 5, length: 1 }]);
    expect(session.scalars(select(Interval.$.end).where(Interval.$.id.eq(1))).one()).toBe(6);
    expect(() => session.execute(insert(Interval), [{ start: 1, end: 2, radius: 1 }])).toThrow(
      /Interval\.radius cannot be given in the rows/,
    );
    expect(
      session.scalars(select(Interval.$.length).where(Interval.$.contains(5)).orderBy(Interval.$.length)).all(),
    ).toEqual([1, 20]);
  });
});

it("rows of bulk statements take composites and synonyms", () => {
  class Point {
    readonly x: number;
    readonly y: number;
    constructor(x: number, y: number) {
      this.x = x;
      this.y = y;
    }
  }
  const Base = declarativeBase();
  class Vertex extends Base.mapped("vertices", {
    id: id(),
    x: column(t.integer),
    y: column(t.integer),
    place: composite(Point, { x: "x", y: "y" }),
    abscissa: synonym("x"),
  }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  session.execute(insert(Vertex), [
    { id: 1, place: new Point(3, 4) },
    { id: 2, abscissa: 5, y: 6 },
  ]);
  expect(
    session
      .scalars(select(Vertex).orderBy(Vertex.$.id))
      .all()
      .map((each) => each.place),
  ).toEqual([new Point(3, 4), new Point(5, 6)]);
});

describe("relationships", () => {
  const Base = declarativeBase();
  class Account extends Base.mapped("account", {
    id: id(),
    userId: column("user_id", t.integer, foreignKey("user.id")),
    balance: column(t.integer),
    owner: () => one(User, { backPopulates: "accounts" }),
  }) {}
  class User extends Base.mapped("user", {
    id: id(),
    name: column(t.string(100)),
    accounts: () => many(Account, { backPopulates: "owner", orderBy: () => Account.$.id }),
    balance: () =>
      hybrid(User, {
        get: (user): number | null => user.accounts[0]?.balance ?? null,
        expression: () => Account.$.balance,
        set: (user, balance) => {
          const [first] = user.accounts;
          if (first === undefined) user.accounts.push(new Account({ balance }));
          else first.balance = balance;
        },
      }),
    total: () =>
      hybrid(User, {
        get: (user): number => user.accounts.reduce((sum, each) => sum + (each.balance ?? 0), 0),
        expression: ($) => select(func.sum(Account.$.balance)).where(Account.$.userId.eq($.id)).label("total_balance"),
      }),
  }) {}

  it("depending on a join, and by a correlated subquery", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.addAll([
      new User({ name: "a", balance: 7000 }),
      new User({ name: "b", accounts: [new Account({ balance: 300 }), new Account({ balance: 200 })] }),
    ]);
    session.commit();
    const joined = session
      .execute(select(User.$.name, User.$.balance).join(User.$.accounts).where(User.$.balance.gt(5000)))
      .all();
    expect(joined.map((row) => [...row])).toEqual([["a", 7000]]);
    expect(session.scalars(select(User.$.name).where(User.$.total.lt(1000))).all()).toEqual(["b"]);
    expect(session.scalars(select(User).where(User.$.name.eq("b"))).one().total).toBe(500);
  });
});

describe("comparators and value objects", () => {
  class CaseInsensitive extends Comparator<string> {
    override operate(op: ComparatorOperation, ...others: readonly unknown[]) {
      const lowered = others.map((other) =>
        Array.isArray(other) ? other.map((each) => func.lower(each)) : func.lower(other),
      );
      return op(func.lower(this.expression), ...lowered);
    }
  }
  class OnlyEquality extends Comparator<string> {
    override eq(other: unknown) {
      return func.lower(this.expression).eq(func.lower(other) as never);
    }
  }
  /** A value that is text in memory, and an expression in SQL. */
  class Word extends Comparator<string> {
    readonly word: unknown;
    constructor(word: unknown) {
      super(typeof word === "string" ? func.lower(word) : func.lower(word));
      this.word = typeof word === "string" ? word.toLowerCase() : this.expression;
    }
    override operate(op: ComparatorOperation, ...others: readonly unknown[]) {
      return op(this, ...others.map((other) => (typeof other === "string" ? other.toLowerCase() : other)));
    }
    equals(text: string): boolean {
      return this.word === text.toLowerCase();
    }
    override toString(): string {
      return String(this.word);
    }
  }
  const Base = declarativeBase();
  class SearchWord extends Base.mapped("searchword", {
    id: id(),
    word: column(t.string),
    insensitive: () =>
      hybrid(SearchWord, {
        get: (each) => (each.word ?? "").toLowerCase(),
        comparator: ($) => new CaseInsensitive($.word),
      }),
    equality: () => hybrid(SearchWord, { get: (each) => each.word ?? "", comparator: ($) => new OnlyEquality($.word) }),
    object: () => hybrid(SearchWord, { get: (each) => new Word(each.word), expression: ($) => new Word($.word) }),
  }) {}

  it("all operations, or some", () => {
    expect(sql(select(SearchWord).filterBy({ insensitive: "Trucks" }))).toContain(
      "WHERE lower(searchword.word) = lower(:lower_1)",
    );
    expect(sql(select(SearchWord).where(SearchWord.$.insensitive.gt("x")))).toContain(
      "lower(searchword.word) > lower(:lower_1)",
    );
    expect(sql(select(SearchWord).where(SearchWord.$.equality.eq("x")))).toContain(
      "lower(searchword.word) = lower(:lower_1)",
    );
    expect(sql(select(SearchWord).where(SearchWord.$.equality.gt("x")))).toContain("searchword.word > :word_1");
    expect(sql(select(SearchWord.$.insensitive))).toBe("SELECT searchword.word FROM searchword");
    const other = aliased(SearchWord);
    expect(sql(select(other).where(other.$.insensitive.eq("x")))).toContain("WHERE lower(searchword_1.word) = lower(");
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.addAll([new SearchWord({ word: "TRUCKS" }), new SearchWord({ word: "cars" })]);
    session.commit();
    const found = session.scalars(select(SearchWord).where(SearchWord.$.insensitive.in(["Trucks", "x"]))).one();
    expect([found.word, found.insensitive]).toEqual(["TRUCKS", "trucks"]);
    expect(session.scalars(select(SearchWord.$.word).where(SearchWord.$.insensitive.startswith("CA"))).all()).toEqual([
      "cars",
    ]);
  });

  it("value objects behave alike in memory and in SQL", () => {
    const word = new SearchWord({ word: "SomeWord" });
    expect([word.object.equals("sOmEwOrD"), word.object.equals("XOmEwOrX"), String(word.object)]).toEqual([
      true,
      false,
      "someword",
    ]);
    expect(sql(select(SearchWord).where((SearchWord.$.object as unknown as Word).eq("Trucks")))).toContain(
      "lower(searchword.word) = :lower_1",
    );
    expect(CLAUSE_ELEMENT in new Word("x")).toBe(true);
  });
});

describe("inheritance", () => {
  const Base = declarativeBase();
  class FirstNameOnly extends Base.mapped(
    "people",
    {
      id: id(),
      kind: column(t.string(10)),
      firstName: column("first_name", t.string),
      name: () =>
        hybrid(FirstNameOnly, {
          get: (each): string => each.firstName ?? "",
          expression: ($) => $.firstName,
          set: (each, value) => {
            each.firstName = value;
          },
        }),
      loud: () => hybrid(FirstNameOnly, { expression: ($) => $.name.concat("!") }),
      shout: () =>
        hybrid(FirstNameOnly, {
          get: (each) => each.name.toUpperCase(),
          expression: ($) => func.upper($.name).returns(t.string),
        }),
    },
    { polymorphicOn: "kind", polymorphicIdentity: "first" },
  ) {}
  class FirstNameLastName extends FirstNameOnly.extend(
    {
      lastName: column("last_name", t.string),
      // In a subclass, the compiler wants to be told the type.
      name: (): HybridOf<string> =>
        hybrid(FirstNameLastName, {
          get: (each): string => `${each.firstName} ${each.lastName}`,
          expression: ($) => $.firstName.concat(" ").concat($.lastName),
          set: (each, value) => {
            [each.firstName = null, each.lastName = null] = value.split(" ", 2);
          },
        }),
    },
    { polymorphicIdentity: "both" },
  ) {}

  it("a subclass gives a hybrid another meaning; those that use it follow", () => {
    const both = new FirstNameLastName({ firstName: "Ann", lastName: "Lee" });
    expect([both.name, both.shout, both.loud]).toEqual(["Ann Lee", "ANN LEE", "Ann Lee!"]);
    both.name = "Bob Ray";
    expect([both.firstName, both.lastName, new FirstNameOnly({ name: "x" }).firstName]).toEqual(["Bob", "Ray", "x"]);
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.addAll([both, new FirstNameOnly({ name: "Zed" })]);
    session.commit();
    expect(session.scalars(select(FirstNameLastName).where(FirstNameLastName.$.name.eq("Bob Ray"))).one()).toBe(both);
    expect(session.scalars(select(FirstNameOnly.$.name).orderBy(FirstNameOnly.$.id)).all()).toEqual(["Bob", "Zed"]);
  });
});

it("hybrids of column properties", () => {
  const Base = declarativeBase();
  class Item extends Base.mapped("item", {
    id: id(),
    a: column(t.integer),
    b: column(t.integer),
    sum: () => columnProperty(Item.$.a.add(Item.$.b)),
    twice: () => hybrid(Item, { expression: ($) => $.sum.mul(2) }),
  }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  session.add(new Item({ a: 1, b: 2 }));
  session.commit();
  const item = session.scalars(select(Item).where(Item.$.twice.eq(6))).one();
  expect(item.twice).toBe(6);
});

describe("fromDmlColumn()", () => {
  const Base = declarativeBase();
  class Product extends Base.mapped("product", {
    id: id(),
    price: column(t.float, { nullable: false }),
    taxRate: column("tax_rate", t.float, { nullable: false }),
    totalPrice: () =>
      hybrid(Product, {
        expression: ($) => $.price.mul($.taxRate.add(1)),
        update: ($, value) => [[$.price, literal(value, t.float).div(fromDmlColumn($.taxRate).add(1))]],
        bulkDml: (row, value) => {
          row["price"] = value / (1 + (row["taxRate"] as number));
        },
      }),
  }) {}

  it("the new value where the UPDATE sets it, else the one that is there", () => {
    const both = update(Product).values([
      [Product.$.taxRate, 0.25],
      [Product.$.totalPrice, 125],
    ]);
    expect(sql(both)).toBe(
      "UPDATE product SET price=(:param_1 / CAST((:taxRate + :param_2) AS FLOAT)), tax_rate=:taxRate",
    );
    expect(sql(update(Product).values({ totalPrice: 125 }))).toBe(
      "UPDATE product SET price=(:param_1 / CAST((product.tax_rate + :param_2) AS FLOAT))",
    );
  });

  it("objects in the session follow", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    const session = new Session(engine);
    session.execute(insert(Product), [{ id: 1, taxRate: 0.5, totalPrice: 150 }]);
    const product = session.get(Product, 1) as Product;
    expect(product.price).toBe(100);
    for (const synchronizeSession of ["auto", "evaluate", "fetch"] as const) {
      const statement = update(Product).values([
        [Product.$.taxRate, 0.25],
        [Product.$.totalPrice, 250],
      ]);
      session.execute(statement, undefined, { executionOptions: { synchronizeSession } });
      expect([product.price, product.taxRate]).toEqual([200, 0.25]);
      session.execute(update(Product).values({ totalPrice: 125 }), undefined, {
        executionOptions: { synchronizeSession },
      });
      expect(product.price).toBe(100);
    }
    session.execute(update(Product), [{ id: 1, taxRate: 1, totalPrice: 10 }]);
    expect([product.price, product.totalPrice]).toEqual([5, 10]);
  });
});
