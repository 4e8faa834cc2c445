/** ext/association-proxy: proxies of a base class over relationships of its subclasses, all comparisons, deleting. */
import { column, foreignKey, func, select, t } from "@athanor/core";
import {
  composite,
  configureMappers,
  declarativeBase,
  delAttribute,
  type ListOf,
  many,
  one,
  synonym,
} from "@athanor/orm";
import { associationProxy } from "@athanor/orm/ext/association-proxy";
import { describe, expect, it } from "vitest";

const id = () => column(t.integer, { primaryKey: true });
const parentId = (to: string) => column(t.integer, foreignKey(to), { primaryKey: true });
const sql = (element: unknown): string => String(element).replace(/\s+/g, " ");

describe("declared on a base, the relationship on its subclasses", () => {
  const Base = declarativeBase();
  class Owner extends Base.mapped(
    "owner",
    { id: id(), type: column(t.string(5)), values: associationProxy<ListOf<string>>("ds", "value") },
    { polymorphicOn: "type" },
  ) {}
  class B extends Owner.extend(
    "b",
    { id: parentId("owner.id"), ds: () => many(D, { primaryjoin: () => D.$.bId.eq(B.$.id) }) },
    { polymorphicIdentity: "b" },
  ) {}
  class C extends Owner.extend(
    "c",
    { id: parentId("owner.id"), ds: () => many(E, { collectionClass: Set }) },
    { polymorphicIdentity: "c" },
  ) {}
  class D extends Base.mapped("d", {
    id: id(),
    value: column(t.string(50)),
    bId: column("b_id", t.integer, foreignKey("b.id")),
  }) {}
  class E extends Base.mapped("e", {
    id: id(),
    value: column(t.string(50)),
    cId: column("c_id", t.integer, foreignKey("c.id")),
  }) {}

  it("each subclass goes over its own", () => {
    configureMappers();
    expect(sql(B.$.values.contains("x"))).toBe(
      "EXISTS (SELECT 1 FROM d, b WHERE d.b_id = b.id AND (d.value LIKE '%' || :value_1 || '%'))",
    );
    expect(sql(C.$.values.eq("x"))).toBe("EXISTS (SELECT 1 FROM e, c WHERE c.id = e.c_id AND e.value = :value_1)");
    const b = new B();
    b.values = ["x"];
    const c = new C({ values: ["y"] });
    expect([b.values, b.ds[0] instanceof D]).toEqual([["x"], true]);
    expect([[...c.values], [...(c.ds as unknown as Set<E>)][0] instanceof E]).toEqual([["y"], true]);
  });

  it("the base has none", () => {
    expect(() => Owner.$.values).toThrow(/has no property 'ds'/);
    expect(() => new Owner().values).toThrow(/has no property 'ds'/);
  });
});

describe("comparisons and joins", () => {
  const Base = declarativeBase();
  class User extends Base.mapped("users", {
    id: id(),
    singularId: column("singular_id", t.integer, foreignKey("singular.id")),
    singular: () => one(Singular),
    singularValue: associationProxy<string>("singular", "value"),
    singularKeyword: associationProxy<string>("singular", "keyword"),
  }) {}
  class Singular extends Base.mapped("singular", {
    id: id(),
    value: column(t.string(50)),
    keywords: () => many(Keyword),
    keyword: associationProxy<string>("keywords", "keyword"),
  }) {}
  class Keyword extends Base.mapped("keywords", {
    id: id(),
    keyword: column(t.string(64)),
    singularId: column("singular_id", t.integer, foreignKey("singular.id")),
  }) {}
  const value = User.$.singularValue;
  const inside = (condition: unknown): string =>
    /^EXISTS \(SELECT 1 FROM singular, users WHERE singular.id = users.singular_id AND (.*)\)$/.exec(
      sql(condition),
    )?.[1] ?? sql(condition);

  it("has all that columns can be compared by", () => {
    expect(inside(value.isDistinctFrom("a"))).toBe("singular.value IS DISTINCT FROM :value_1");
    expect(inside(value.isNotDistinctFrom("a"))).toBe("singular.value IS NOT DISTINCT FROM :value_1");
    expect(inside(value.notIlike("a"))).toBe("lower(singular.value) NOT LIKE lower(:value_1)");
    expect(inside(value.like("a", { escape: "/" }))).toBe("singular.value LIKE :value_1 ESCAPE '/'");
    expect(inside(value.startswith("a%", { autoescape: true }))).toBe(
      "(singular.value LIKE :value_1 || '%' ESCAPE '/')",
    );
    expect(inside(value.icontains("a"))).toBe("(lower(singular.value) LIKE '%' || lower(:value_1) || '%')");
    expect(inside(value.istartswith("a"))).toBe("(lower(singular.value) LIKE lower(:value_1) || '%')");
    expect(inside(value.iendswith("a"))).toBe("(lower(singular.value) LIKE '%' || lower(:value_1))");
    expect(inside(value.match("a"))).toBe("singular.value MATCH :value_1");
    expect(inside(value.regexpMatch("a"))).toBe("singular.value <regexp> :value_1");
    expect(inside(value.boolOp("~~")("a"))).toBe("(singular.value ~~ :value_1)");
    expect(inside(value.between("a", "b", { symmetric: true }))).toBe(
      "singular.value BETWEEN SYMMETRIC :value_1 AND :value_2",
    );
    expect(inside(value.in(select(Keyword.$.keyword)))).toBe(
      "singular.value IN (SELECT keywords.keyword FROM keywords)",
    );
  });

  it("null of a proxy of a proxy: no related object counts, too", () => {
    expect(sql(select(User.$.id).where(User.$.singularKeyword.eq(null)))).toBe(
      "SELECT users.id FROM users WHERE (EXISTS (SELECT 1 FROM singular WHERE singular.id = users.singular_id AND " +
        "((EXISTS (SELECT 1 FROM keywords WHERE singular.id = keywords.singular_id AND keywords.keyword IS NULL)) OR " +
        "NOT (EXISTS (SELECT 1 FROM keywords WHERE singular.id = keywords.singular_id))))) OR users.singular_id IS NULL",
    );
  });

  it("is no column expression", () => {
    const refused = /can't be used as a plain column expression/;
    expect(() => func.coalesce(value as never)).toThrow(refused);
    expect(() => select(User.$.id).orderBy(value as never)).toThrow(refused);
    expect(() => select(value as never)).toThrow(refused);
    expect(() => User.$.id.eq(value as never)).toThrow(refused);
  });

  it("attr, targetCollection, valueAttr", () => {
    const { attr, targetCollection, valueAttr } = User.$.singularKeyword;
    expect([attr[0].key, targetCollection, valueAttr]).toEqual(["singular", "singular", "keyword"]);
    const keywords = Singular.$.keyword.attr;
    expect(sql(select(User.$.id).join(attr[0]).join(keywords[0]))).toBe(
      "SELECT users.id FROM users JOIN singular ON singular.id = users.singular_id JOIN keywords ON singular.id = keywords.singular_id",
    );
    expect(keywords[1]).toBe(Keyword.$.keyword);
  });

  it("another object: the parameter is called after the foreign key", () => {
    expect(sql(User.$.singular.ne(new Singular({ id: 1 })))).toBe(
      "users.singular_id != :singularId_1 OR users.singular_id IS NULL",
    );
  });
});

describe("delAttribute", () => {
  const Base = declarativeBase();
  class Point {
    readonly x: number;
    readonly y: number;
    constructor(x: number, y: number) {
      this.x = x;
      this.y = y;
    }
  }
  class P extends Base.mapped("p", {
    id: id(),
    name: column(t.string),
    label: synonym("name"),
    px: column(t.integer),
    py: column(t.integer),
    point: composite(Point, { x: "px", y: "py" }),
    q: () => one(Q, { uselist: false }),
    text: associationProxy<string | null>("q", "text"),
    upper: associationProxy<string | null>("q", "upper"),
    qs: () => many(Q, { viewonly: true }),
    texts: associationProxy<ListOf<string>>("qs", "text"),
  }) {}
  class Q extends Base.mapped("q", { id: id(), text: column(t.string), pId: column(t.integer, foreignKey("p.id")) }) {
    get upper() {
      return this.text?.toUpperCase() ?? null;
    }
  }

  it("of a proxy takes the related object away", () => {
    const p = new P({ text: "x" });
    const { q } = p;
    delAttribute(p, "text");
    expect([p.q, q?.text]).toEqual([null, null]);
    p.q = new Q({ text: "y" });
    expect(p.upper).toBe("Y");
    delAttribute(p, "upper");
    expect(p.q).toBeNull();
  });

  it("of synonyms and composites", () => {
    const p = new P({ name: "n", point: new Point(1, 2) });
    delAttribute(p, "label");
    delAttribute(p, "point");
    expect([p.name, p.px, p.py, p.point]).toEqual([null, null, null, null]);
  });
});
