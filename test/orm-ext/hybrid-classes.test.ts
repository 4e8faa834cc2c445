/** ext/hybrid: names in rows, comparators, filterBy(), hybrids of hybrids in UPDATE, bulk rows, deleting. */
import { column, createEngine, delete_, foreignKey, func, insert, select, t, update } from "@athanor/core";
import { aliased, composite, declarativeBase, delAttribute, inspect, many, Session, synonym } from "@athanor/orm";
import { Comparator, type ComparatorOperation, hybrid } from "@athanor/orm/ext/hybrid";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const id = () => column(t.integer, { primaryKey: true });
const sql = (element: unknown): string => String(element).replace(/\s+/g, " ");

class UpperCase extends Comparator<string | null> {
  override operate(op: ComparatorOperation, ...others: readonly unknown[]) {
    return op(func.upper(this.expression as never), ...others.map((other) => func.upper(other as never)));
  }
}
class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

const Base = declarativeBase();
class A extends Base.mapped("a", {
  id: id(),
  text: column("value", t.string),
  plain: () => hybrid(A, { expression: ($) => $.text, info: { note: 1 } }),
  same: synonym("plain"),
  upper: () => hybrid(A, { get: (a) => a.text, comparator: ($) => new UpperCase($.text) }),
  first: column(t.string),
  last: column(t.string),
  name: () =>
    hybrid(A, {
      get: (a): string => `${a.first} ${a.last}`,
      expression: ($) => func.concat($.first, " ", $.last),
      update: ($, value) => {
        const [first, last] = value.split(" ");
        return [
          [$.first, first],
          [$.last, last],
        ];
      },
      bulkDml: (row, value) => {
        [row["first"], row["last"]] = value.split(" ");
      },
      delete: (a) => {
        a.first = a.last = null;
      },
    }),
  called: () => hybrid(A, { get: (a): string => a.name, expression: ($) => $.name }),
  px: column(t.integer),
  py: column(t.integer),
  point: composite(Point, { x: "px", y: "py" }),
  bs: () => many(B),
}) {}
class B extends Base.mapped("b", { id: id(), aId: column(t.integer, foreignKey("a.id")) }) {}

describe("names", () => {
  it("of a column: the hybrid's key in rows and subqueries, no label in SQL", () => {
    const statement = select(A.$.text, A.$.plain, A.$.same, A.$.upper);
    expect(sql(select(A.$.plain))).toBe("SELECT a.value FROM a");
    expect(sql(select(A.$.upper))).toBe("SELECT a.value FROM a");
    expect(sql(select(aliased(A).$.upper))).toBe("SELECT a_1.value FROM a AS a_1");
    expect(Object.keys(statement.subquery().c)).toEqual(["text", "plain", "same", "upper"]);
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.add(new A({ text: "x" }));
    session.flush();
    const all = { text: "x", plain: "x", same: "x", upper: "x" };
    expect(session.execute(statement).one()._mapping).toEqual(all);
    const { plain } = statement.subquery().c as unknown as Record<string, typeof A.$.text>;
    expect(session.execute(select(plain)).one()._mapping).toEqual({ plain: "x" });
  });

  it("info", () => {
    expect(inspect(A).allOrmDescriptors.get("plain")?.info).toEqual({ note: 1 });
  });
});

describe("a comparator", () => {
  const { upper } = A.$;

  it("is asked about every operation; options are not operands", () => {
    expect(sql(upper.isDistinctFrom("x"))).toBe("upper(a.value) IS DISTINCT FROM upper(:upper_1)");
    expect(sql(upper.icontains("x"))).toBe("lower(upper(a.value)) LIKE '%' || lower(upper(:upper_1)) || '%'");
    expect(sql(upper.like("x", { escape: "/" }))).toBe("upper(a.value) LIKE upper(:upper_1) ESCAPE '/'");
    expect(sql(upper.between("a", "b", { symmetric: true }))).toBe(
      "upper(a.value) BETWEEN SYMMETRIC upper(:upper_1) AND upper(:upper_2)",
    );
    expect(sql(upper.concat("x"))).toBe("upper(a.value) || upper(:upper_1)");
    expect(sql(upper.add("x"))).toBe("upper(a.value) + upper(:upper_1)");
    expect(sql(upper.regexpMatch("x"))).toBe("upper(a.value) <regexp> upper(:upper_1)");
    expect(sql(upper.op("~")("x"))).toBe("upper(a.value) ~ upper(:upper_1)");
    expect(sql(upper.boolOp("~")("x"))).toBe("upper(a.value) ~ upper(:upper_1)");
    expect(sql(upper.collate("c"))).toBe("upper(a.value) COLLATE c");
    expect(sql(select(A.$.id).orderBy(upper.desc()))).toBe("SELECT a.id FROM a ORDER BY upper(a.value) DESC");
    expect(sql(new UpperCase(A.$.text).asc())).toBe("upper(a.value) ASC");
  });
});

describe("filterBy()", () => {
  it("knows what is no column of the table, of classes and aliases, in SELECT, UPDATE and DELETE", () => {
    expect(sql(select(A.$.id).filterBy({ upper: "x" }))).toBe(
      "SELECT a.id FROM a WHERE upper(a.value) = upper(:upper_1)",
    );
    const other = aliased(A);
    expect(sql(select(other.$.id).filterBy({ upper: "x", same: "y" }))).toBe(
      "SELECT a_1.id FROM a AS a_1 WHERE upper(a_1.value) = upper(:upper_1) AND a_1.value = :text_1",
    );
    expect(sql(select(other.$.id).filterBy({ point: new Point(1, 2) }))).toMatch(/WHERE a_1.px = .* AND a_1.py = /);
    expect(sql(update(A).filterBy({ plain: "x" }).values({ px: 1 }))).toBe(
      "UPDATE a SET px=:px WHERE a.value = :text_1",
    );
    expect(sql(delete_(A).filterBy({ name: "x" }))).toBe(
      "DELETE FROM a WHERE concat(a.first, :concat_1, a.last) = :concat_2",
    );
    expect(() => delete_(A).filterBy({ nome: "x" } as never)).toThrow(/there is no column "nome"/);
  });
});

describe("writing", () => {
  it("UPDATE of a hybrid that is made of another", () => {
    const expected = "UPDATE a SET first=:first, last=:last";
    expect(sql(update(A).values([[A.$.name, "a b"]]))).toBe(expected);
    expect(sql(update(A).values([[A.$.called, "a b"]]))).toBe(expected);
    expect(sql(update(A).values({ called: "a b" }))).toBe(expected);
    expect(sql(insert(A).values([[A.$.called, "a b"]]))).toBe("INSERT INTO a (first, last) VALUES (:first, :last)");
  });

  it("rows of bulkInsertMappings() and bulkUpdateMappings()", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.bulkInsertMappings(A, [{ id: 1, name: "a b", point: new Point(1, 2), text: "t" }]);
    const row = () => [...session.execute(select(A.$.first, A.$.last, A.$.px, A.$.py)).one()];
    expect(row()).toEqual(["a", "b", 1, 2]);
    session.bulkUpdateMappings(A, [{ id: 1, name: "c d", point: new Point(3, 4) }]);
    expect(row()).toEqual(["c", "d", 3, 4]);
    expect(() => session.bulkInsertMappings(A, [{ id: 2, plain: "x" }])).toThrow(/A.plain cannot be given in the rows/);
  });

  it("delAttribute()", () => {
    const a = new A({ first: "a", last: "b" });
    delAttribute(a, "name");
    expect([a.first, a.last]).toEqual([null, null]);
    expect(() => delAttribute(a, "plain")).toThrow(/A.plain cannot be deleted/);
  });
});
