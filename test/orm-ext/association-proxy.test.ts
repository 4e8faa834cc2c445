/** ext/association-proxy: SQLAlchemy's documentation, example by example. */
import { inspect as nodeInspect } from "node:util";
import { column, createEngine, foreignKey, select, t, table } from "@athanor/core";
import { aliased, attributeKeyedMap, declarativeBase, type ListOf, many, one, Session } from "@athanor/orm";
import { associationProxy } from "@athanor/orm/ext/association-proxy";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const id = () => column(t.integer, { primaryKey: true });
const where = (condition: unknown): string => String(condition).replace(/\s+/g, " ");

describe("scalar collections: many-to-many", () => {
  const Base = declarativeBase();
  const userKeyword = table("user_keyword", Base.metadata, {
    userId: column("user_id", t.integer, foreignKey("user.id"), { primaryKey: true }),
    keywordId: column("keyword_id", t.integer, foreignKey("keyword.id"), { primaryKey: true }),
  });
  class User extends Base.mapped("user", {
    id: id(),
    name: column(t.string(64)),
    kw: () => many(Keyword, { secondary: userKeyword }),
    keywords: associationProxy<ListOf<string>>("kw", "keyword"),
  }) {}
  class Keyword extends Base.mapped("keyword", { id: id(), keyword: column(t.string(64)) }) {}

  it("is an array of the values; what is added makes objects", () => {
    const user = new User({ name: "jek" });
    user.keywords.push("cheese-inspector");
    user.keywords.push("snack-ninja");
    expect(user.keywords).toEqual(["cheese-inspector", "snack-ninja"]);
    expect(Array.isArray(user.keywords)).toBe(true);
    expect([user.keywords[1], user.keywords[2], user.keywords.length]).toEqual(["snack-ninja", undefined, 2]);
    expect(user.kw.map((each) => [each instanceof Keyword, each.keyword])).toEqual([
      [true, "cheese-inspector"],
      [true, "snack-ninja"],
    ]);
    user.kw.push(new Keyword({ keyword: "third" }));
    expect([...user.keywords].join()).toBe("cheese-inspector,snack-ninja,third");
    expect(JSON.stringify(user.keywords)).toBe('["cheese-inspector","snack-ninja","third"]');
    expect(nodeInspect(user.keywords)).toBe("[ 'cheese-inspector', 'snack-ninja', 'third' ]");
    expect(user.keywords.map((each) => each.length)).toEqual([16, 11, 5]);
    expect(user.keywords.indexOf("third")).toBe(2);
  });

  it("changes like a list: places, splice, removal, replacement", () => {
    const user = new User({ name: "x", keywords: ["a", "b", "c"] });
    const [first] = user.kw;
    const list = user.keywords as unknown as string[] & {
      remove(value: string): boolean;
      insert(at: number, value: string): void;
    };
    list[0] = "A";
    expect(user.kw[0]).toBe(first);
    expect(first?.keyword).toBe("A");
    expect(list.splice(1, 1, "x", "y")).toEqual(["b"]);
    expect(list).toEqual(["A", "x", "y", "c"]);
    expect(list.pop()).toBe("c");
    expect(list.shift()).toBe("A");
    expect(list.remove("y")).toBe(true);
    expect(list.remove("y")).toBe(false);
    list.insert(0, "start");
    list[2] = "end";
    expect(list).toEqual(["start", "x", "end"]);
    list.length = 1;
    expect(user.kw.length).toBe(1);
    user.keywords = ["n", "n"];
    expect(user.keywords).toEqual(["n", "n"]);
    const own = user.keywords;
    user.keywords = own;
    expect(user.kw.length).toBe(2);
    list.push(...["q"]);
    list.sort();
    expect(list).toEqual(["n", "n", "q"]);
    expect(() => {
      (user as { keywords: unknown }).keywords = null;
    }).toThrow(/takes the values of a collection/);
  });

  it("is written, loaded and queried", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.addAll([new User({ name: "jek", keywords: ["one", "two"] }), new User({ name: "zeb" })]);
    session.commit();
    session.expungeAll();
    const user = session.scalars(select(User).where(User.$.keywords.eq("one"))).one();
    expect(user.keywords).toEqual(["one", "two"]);
    const names = (condition: never): (string | null)[] =>
      session.scalars(select(User.$.name).where(condition)).all() as never;
    expect(names(User.$.keywords.like("tw%") as never)).toEqual(["jek"]);
    expect(names(User.$.keywords.in(["one", "x"]) as never)).toEqual(["jek"]);
    expect(names(User.$.keywords.contains("n") as never)).toEqual(["jek"]);
    expect(names(User.$.keywords.any() as never)).toEqual(["jek"]);
    expect(names(User.$.keywords.any(Keyword.$.keyword.eq("two")) as never)).toEqual(["jek"]);
    const other = aliased(User);
    expect(session.scalars(select(other.$.name).where(other.$.keywords.eq("two"))).all()).toEqual(["jek"]);
    expect(() => User.$.keywords.any({ keyword: "x" })).toThrow(/Can't apply keyword arguments to column-targeted/);
    expect(() => User.$.keywords.has()).toThrow("'has()' not implemented for collections. Use any().");
  });
});

describe("association objects, sets and maps", () => {
  const Base = declarativeBase();
  class User extends Base.mapped("user", {
    id: id(),
    name: column(t.string(64)),
    associations: () => many(UserKeyword, { backPopulates: "user", cascade: "all, delete-orphan" }),
    byKey: () =>
      many(UserKeyword, {
        viewonly: false,
        overlaps: "associations,user",
        collectionClass: attributeKeyedMap("specialKey"),
        cascade: "all, delete-orphan",
      }),
    keywords: associationProxy<ListOf<Keyword>>("associations", "kw", {
      creator: (kw: Keyword) => new UserKeyword({ kw }),
    }),
    specialKeys: associationProxy<ListOf<string>>("associations", "specialKey"),
    byKeyObject: associationProxy<Map<string, Keyword>>("byKey", "kw", {
      creator: (specialKey: string, kw: Keyword) => new UserKeyword({ specialKey, kw }),
    }),
    byKeyText: associationProxy<Map<string, string>>("byKey", "keyword"),
    texts: associationProxy<ListOf<string>>("associations", "keyword"),
    tags: () => many(Tag, { collectionClass: Set }),
    labels: associationProxy<Set<string>>("tags", "label"),
  }) {}
  class UserKeyword extends Base.mapped("user_keyword", {
    userId: column("user_id", t.integer, foreignKey("user.id"), { primaryKey: true }),
    keywordId: column("keyword_id", t.integer, foreignKey("keyword.id"), { primaryKey: true }),
    specialKey: column("special_key", t.string(50)),
    user: () => one(User, { backPopulates: "associations" }),
    kw: () => one(Keyword),
    keyword: associationProxy<string>("kw", "keyword"),
  }) {}
  class Keyword extends Base.mapped("keyword", { id: id(), keyword: column(t.string(64)) }) {}
  class Tag extends Base.mapped("tag", {
    id: id(),
    label: column(t.string(64)),
    userId: column("user_id", t.integer, foreignKey("user.id")),
  }) {}

  it("association objects stay out of the way", () => {
    const user = new User({ name: "log" });
    const [a, b] = [new Keyword({ keyword: "new_from_blammo" }), new Keyword({ keyword: "its_big" })];
    user.keywords.push(a, b);
    expect(user.associations.map((each) => [each.user === user, each.kw])).toEqual([
      [true, a],
      [true, b],
    ]);
    new UserKeyword({ kw: new Keyword({ keyword: "its_wood" }), user, specialKey: "my special key" });
    expect(user.keywords.map((each) => each.keyword)).toEqual(["new_from_blammo", "its_big", "its_wood"]);
    expect(user.specialKeys).toEqual([null, null, "my special key"].map((each) => each ?? null));
  });

  it("maps: by key to objects, and composite proxies to text", () => {
    const user = new User({ name: "log" });
    user.byKeyObject.set("sk1", new Keyword({ keyword: "kw1" }));
    user.byKeyObject.set("sk2", new Keyword({ keyword: "kw2" }));
    expect([...user.byKeyObject].map(([key, kw]) => [key, kw.keyword])).toEqual([
      ["sk1", "kw1"],
      ["sk2", "kw2"],
    ]);
    expect(user.byKeyText).toBeInstanceOf(Map);
    expect(new Map(user.byKeyText)).toEqual(
      new Map([
        ["sk1", "kw1"],
        ["sk2", "kw2"],
      ]),
    );
    // The default creator sets the attribute that is the key, and the proxy behind makes the keyword.
    user.byKeyText = { sk1: "kw1", sk3: "kw3" } as never;
    user.byKeyText.set("sk4", "kw4");
    user.byKeyText.delete("sk3");
    expect(Object.fromEntries(user.byKeyText)).toEqual({ sk1: "kw1", sk4: "kw4" });
    expect(user.byKey.get("sk4")?.kw).toBeInstanceOf(Keyword);
    const kept = user.byKey.get("sk1");
    user.byKeyText.set("sk1", "changed");
    expect([user.byKey.get("sk1") === kept, kept?.kw?.keyword]).toEqual([true, "changed"]);
    expect([
      user.byKeyText.size,
      user.byKeyText.has("sk4"),
      [...user.byKeyText.keys()],
      [...user.byKeyText.values()],
    ]).toEqual([2, true, ["sk1", "sk4"], ["changed", "kw4"]]);
    const seen: string[] = [];
    user.byKeyText.forEach((value, key) => seen.push(`${key}=${value}`));
    expect(seen).toEqual(["sk1=changed", "sk4=kw4"]);
    expect(JSON.stringify(user.byKeyText)).toBe('{"sk1":"changed","sk4":"kw4"}');
    user.byKeyText.clear();
    expect(user.byKey.size).toBe(0);
  });

  it("sets", () => {
    const user = new User({ name: "s", labels: ["a", "b"] });
    expect(user.labels).toBeInstanceOf(Set);
    user.labels.add("a").add("c");
    expect(new Set(user.labels)).toEqual(new Set(["a", "b", "c"]));
    expect([user.tags.size, user.labels.has("b"), user.labels.delete("b"), user.labels.delete("b")]).toEqual([
      3,
      true,
      true,
      false,
    ]);
    const [kept] = user.tags;
    (user as { labels: unknown }).labels = new Set(["a", "z"]);
    expect([[...user.labels], user.tags.has(kept as Tag)]).toEqual([["a", "z"], true]);
    expect(nodeInspect(user.labels)).toBe("Set(2) { 'a', 'z' }");
    user.labels.clear();
    expect(user.tags.size).toBe(0);
  });

  it("conditions: of columns, of objects, of proxies of proxies", () => {
    expect(where(User.$.specialKeys.eq("jek"))).toBe(
      'EXISTS (SELECT 1 FROM user_keyword, "user" WHERE "user".id = user_keyword.user_id AND user_keyword.special_key = :specialKey_1)',
    );
    expect(where(User.$.keywords.any(Keyword.$.keyword.eq("jek")))).toContain("EXISTS (SELECT 1 FROM keyword");
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    const kw = new Keyword({ keyword: "k" });
    session.addAll([
      new User({ name: "a", associations: [new UserKeyword({ kw, specialKey: "s" })] }),
      new User({ name: "b", labels: ["l"] }),
    ]);
    session.commit();
    const names = (condition: unknown): unknown[] =>
      session
        .scalars(
          select(User.$.name)
            .where(condition as never)
            .orderBy(User.$.name),
        )
        .all();
    expect(names(User.$.keywords.contains(kw))).toEqual(["a"]);
    expect(names(User.$.keywords.eq(kw))).toEqual(["a"]);
    expect(names(User.$.keywords.any({ keyword: "k" }))).toEqual(["a"]);
    expect(names(User.$.texts.contains("k"))).toEqual(["a"]);
    expect(names(User.$.texts.any(Keyword.$.keyword.eq("k")))).toEqual(["a"]);
    expect(names(User.$.labels.startswith("l"))).toEqual(["b"]);
    expect(names(User.$.specialKeys.ne("x"))).toEqual(["a"]);
    expect(names(User.$.specialKeys.eq(null))).toEqual(["b"]);
    expect(names(User.$.specialKeys.is(null))).toEqual([]);
    // What leaves the proxied list is deleted with its association object.
    const user = session.scalars(select(User).where(User.$.name.eq("a"))).one();
    user.keywords.pop();
    session.commit();
    expect(session.scalars(select(UserKeyword)).all()).toEqual([]);
  });
});

describe("scalars", () => {
  const Base = declarativeBase();
  class A extends Base.mapped("test_a", {
    id: id(),
    ab: () => one(AB, { uselist: false, cascade: "all, delete-orphan", singleParent: true }),
    b: associationProxy<B | null>("ab", "b", { creator: (b: B) => new AB({ b }), cascadeScalarDeletes: true }),
    bName: associationProxy<string | null>("ab", "name"),
    strict: associationProxy<string | null>("ab", "name", { createOnNoneAssignment: true }),
  }) {}
  class B extends Base.mapped("test_b", { id: id(), name: column(t.string(10)) }) {}
  class AB extends Base.mapped("test_ab", {
    aId: column("a_id", t.integer, foreignKey("test_a.id"), { primaryKey: true }),
    bId: column("b_id", t.integer, foreignKey("test_b.id"), { primaryKey: true }),
    name: column(t.string(10)),
    b: () => one(B),
  }) {}

  it("cascadeScalarDeletes, createOnNoneAssignment", () => {
    const a = new A();
    expect(a.b).toBeNull();
    const b = new B();
    a.b = b;
    expect([a.ab instanceof AB, a.ab?.b]).toEqual([true, b]);
    a.b = null;
    expect(a.ab).toBeNull();
    a.bName = null;
    expect(a.ab).toBeNull();
    a.strict = null;
    expect(a.ab).toBeInstanceOf(AB);
    a.bName = "x";
    a.bName = null;
    expect([a.ab instanceof AB, a.ab?.name]).toEqual([true, null]);
  });

  it("conditions", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    const b = new B({ name: "bee" });
    session.addAll([
      new A({ id: 1, ab: new AB({ b, name: "n" }) }),
      new A({ id: 2 }),
      new A({ id: 3, ab: new AB({ b, name: null }) }),
    ]);
    session.commit();
    const ids = (condition: unknown): unknown[] =>
      session
        .scalars(
          select(A.$.id)
            .where(condition as never)
            .orderBy(A.$.id),
        )
        .all();
    expect(ids(A.$.bName.eq("n"))).toEqual([1]);
    expect(ids(A.$.bName.eq(null))).toEqual([2, 3]);
    expect(ids(A.$.bName.is(null))).toEqual([3]);
    expect(ids(A.$.bName.ne("x"))).toEqual([1]);
    expect(ids(A.$.b.eq(b))).toEqual([1, 3]);
    expect(ids(A.$.b.eq(null))).toEqual([2]);
    expect(ids(A.$.b.has(B.$.name.eq("bee")))).toEqual([1, 3]);
    expect(ids(A.$.b.has({ name: "bee" }))).toEqual([1, 3]);
    expect(() => A.$.b.any()).toThrow("'any()' not implemented for scalar attributes. Use has().");
    expect(() => A.$.b.contains(b as never)).toThrow("contains() doesn't apply to a scalar object endpoint; use ==");
    expect(() => A.$.bName.has(AB.$.name.eq("n"))).toThrow(/Non-empty has\(\) not allowed for column-targeted/);
  });

  it("of a many-to-one, both ways", () => {
    const Recipes = declarativeBase();
    class Recipe extends Recipes.mapped("recipe", {
      id: id(),
      name: column(t.string(64)),
      steps: () => many(Step, { backPopulates: "recipe" }),
      stepDescriptions: associationProxy<ListOf<string>>("steps", "description"),
    }) {}
    class Step extends Recipes.mapped("step", {
      id: id(),
      description: column(t.string),
      recipeId: column("recipe_id", t.integer, foreignKey("recipe.id")),
      recipe: () => one(Recipe, { backPopulates: "steps" }),
      recipeName: associationProxy<string | null>("recipe", "name"),
    }) {}
    const snack = new Recipe({
      name: "afternoon snack",
      stepDescriptions: ["slice bread", "spread peanut butter", "eat sandwich"],
    });
    expect(snack.steps.map((each, index) => `${index + 1}. ${each.description} for ${each.recipeName}`)).toEqual([
      "1. slice bread for afternoon snack",
      "2. spread peanut butter for afternoon snack",
      "3. eat sandwich for afternoon snack",
    ]);
    expect(() => new Step({ recipeName: "new" })).not.toThrow();
  });

  it("names a relationship that is none", () => {
    const Wrong = declarativeBase();
    class X extends Wrong.mapped("x", { id: id(), y: associationProxy<string>("id", "name") }) {}
    expect(() => new X().y).toThrow(/association proxy X\.y: 'id' is no relationship/);
  });
});
