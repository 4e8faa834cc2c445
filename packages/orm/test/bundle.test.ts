/** Bundles: in set operations of queries, in windows, as plain objects; what else Query.union() reads. */
import { column, createEngine, foreignKey, func, select, t } from "@athanor/core";
import { bundle, DictBundle, declarativeBase, many, Session } from "@athanor/orm";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const Base = declarativeBase();
const id = () => column(t.integer, { primaryKey: true });
class Data extends Base.mapped("data", {
  id: id(),
  d1: column(t.string),
  d2: column(t.string),
  others: () => many(Other),
}) {}
class Other extends Base.mapped("other", { id: id(), dataId: column(t.integer, foreignKey("data.id")) }) {}
const pair = bundle("pair", Data.$.id, bundle("inner", Data.$.d1, Data.$.d2));

function fixture(): Session {
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  const session = new Session(engine);
  session.addAll([1, 2, 3].map((n) => new Data({ id: n, d1: `a${n}`, d2: `b${n}` })));
  session.flush();
  return session;
}

const sql = (statement: unknown): string => String(statement).replace(/\s+/g, " ");

describe("Query.union()", () => {
  it("of bundles reads the set operation, and joins from it", () => {
    using session = fixture();
    const first = session.query(pair).filter(Data.$.id.lt(3));
    const second = session.query(pair).filter(Data.$.id.gt(1));
    const both = first.union(second).orderBy(Data.$.id);
    expect(both.all().map((row) => [row.pair.id, row.pair.inner.d1, row.pair.inner.d2])).toEqual([
      [1, "a1", "b1"],
      [2, "a2", "b2"],
      [3, "a3", "b3"],
    ]);
    const keys = session.query(Data.$.id).subquery();
    const joined = session.query(pair).union(session.query(pair)).outerjoin(keys, keys.c.id.eq(Data.$.id));
    expect(sql(joined)).toBe(
      "SELECT anon_1.data_id AS anon_1_data_id, anon_1.data_d1 AS anon_1_data_d1, anon_1.data_d2 AS anon_1_data_d2 " +
        "FROM (SELECT data.id AS data_id, data.d1 AS data_d1, data.d2 AS data_d2 FROM data UNION " +
        "SELECT data.id AS data_id, data.d1 AS data_d1, data.d2 AS data_d2 FROM data) AS anon_1 " +
        "LEFT OUTER JOIN (SELECT data.id AS id FROM data) AS anon_2 ON anon_2.id = anon_1.data_id",
    );
    expect(joined.count()).toBe(3);
  });

  it("of labels, functions, operators and columns of tables reads the set operation", () => {
    using session = fixture();
    const computed = session.query(Data.$.d1.label("x"), func.count(Data.$.id), Data.$.id.add(1)).groupBy(Data.$.d1);
    expect(sql(computed.union(computed).filter(Data.$.d1.label("x").eq("a1")))).toMatch(
      /^SELECT anon_1.x AS anon_1_x, anon_1.count_1 AS anon_1_count_1, anon_1.anon_2 AS anon_1_anon_2 FROM \(SELECT .*\) AS anon_1 WHERE anon_1.x = \?$/,
    );
    expect(
      computed
        .union(computed)
        .all()
        .map((row) => [...row])
        .toSorted(),
    ).toEqual([
      ["a1", 1, 2],
      ["a2", 1, 3],
      ["a3", 1, 4],
    ]);
    const { c } = Base.metadata.tables.get("data") as unknown as { c: { id: typeof Data.$.id } };
    const plain = session.query(c.id).union(session.query(c.id)).filter(c.id.gt(2));
    expect(sql(plain)).toBe(
      "SELECT anon_1.data_id AS anon_1_data_id FROM (SELECT data.id AS data_id FROM data UNION SELECT data.id AS data_id FROM data) AS anon_1 WHERE anon_1.data_id > ?",
    );
    expect(plain.count()).toBe(1);
  });
});

describe("bundles", () => {
  it("stand for their columns in OVER, DISTINCT ON and ORDER BY", () => {
    const columns = bundle("b", Data.$.d1, Data.$.d2);
    expect(sql(select(func.row_number().over({ orderBy: columns, partitionBy: [Data.$.id, columns] })))).toBe(
      "SELECT row_number() OVER (PARTITION BY data.id, data.d1, data.d2 ORDER BY data.d1, data.d2) AS anon_1 FROM data",
    );
    expect(sql(select(Data.$.id).orderBy(columns))).toBe("SELECT data.id FROM data ORDER BY data.d1, data.d2");
  });

  it("as plain objects", () => {
    using session = fixture();
    const inner = new DictBundle("inner", Data.$.d1, Data.$.d2);
    const outer = new DictBundle("outer", Data.$.id, inner);
    const row = session.execute(select(outer, Data.$.d1).where(Data.$.id.eq(1))).one();
    expect(row.outer).toStrictEqual({ id: 1, inner: { d1: "a1", d2: "b1" } });
    expect(Object.getPrototypeOf(row.outer)).toBe(Object.prototype);
    expect(row.d1).toBe("a1");
    const value: number = row.outer.id;
    const text: string | null = row.outer.inner.d1;
    expect([value, text]).toEqual([1, "a1"]);
    // @ts-expect-error: no such column
    expect(row.outer.d3).toBeUndefined();
    expect(sql(select(inner.c.d2))).toBe("SELECT data.d2 FROM data");
    expect(() => new DictBundle("twice", Data.$.id, Other.$.id)).toThrow(
      /does not support duplicate column names: 'id'/,
    );
  });
});
