/** fromDmlColumn(): what SQLAlchemy 2.1 writes for each statement, and what databases make of it. */
import {
  bindparam,
  column,
  createEngine,
  fromDmlColumn,
  func,
  insert,
  MetaData,
  select,
  t,
  table,
  update,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const metadata = new MetaData();
const things = table("t", metadata, {
  x: column(t.integer),
  y: column(t.integer),
  z: column(t.integer, { default: 7 }),
  w: column(t.integer, { onupdate: 5 }),
});
const { x, y, z, w } = things.c;
const plus = fromDmlColumn(x).add(5);
const sql = (statement: unknown): string => String(statement).replaceAll(/\s+/g, " ");

describe("fromDmlColumn()", () => {
  it.each([
    [
      insert(things).values({ x: func.abs(3), y: plus }),
      "INSERT INTO t (x, y, z) VALUES (abs(:abs_1), (abs(:abs_1) + :param_1), :z)",
    ],
    [insert(things).values({ x: 7, y: plus }), "INSERT INTO t (x, y, z) VALUES (:x, (:x + :param_1), :z)"],
    [
      insert(things).values({ x: 7, y: fromDmlColumn(z).add(5) }),
      "INSERT INTO t (x, y, z) VALUES (:x, (:z + :param_1), :z)",
    ],
    [
      insert(things).values([
        { x: 7, y: plus },
        { x: 8, y: fromDmlColumn(x).add(6) },
      ]),
      "INSERT INTO t (x, y, z) VALUES (:x_m0, (:x_m0 + :param_1), :z), (:x_m1, (:x_m1 + :param_2), :z_m1)",
    ],
    [update(things).values({ x: 7, y: plus }), "UPDATE t SET x=:x, y=(:x + :param_1), w=:w"],
    [update(things).values({ y: plus }), "UPDATE t SET y=(t.x + :param_1), w=:w"],
    [update(things).values({ y: plus, x: x.add(1) }), "UPDATE t SET x=(t.x + :x_1), y=((t.x + :x_1) + :param_1), w=:w"],
    [update(things).values({ y: fromDmlColumn(w).add(5) }), "UPDATE t SET y=(:w + :param_1), w=:w"],
    [update(things).values({ x: bindparam("q"), y: plus }), "UPDATE t SET x=:q, y=(:q + :param_1), w=:w"],
    [
      update(things).values({ x: 1, y: plus, z: fromDmlColumn(y) }),
      "UPDATE t SET x=:x, y=(:x + :param_1), z=(:x + :param_1), w=:w",
    ],
  ])("%#", (statement, expected) => {
    expect(sql(statement)).toBe(expected);
  });

  it("takes the parameters of an execution", () => {
    const engine = createEngine("sqlite://");
    metadata.createAll(engine);
    engine.begin((connection) => {
      connection.execute(insert(things).values({ y: plus }), [{ x: 1 }, { x: 2 }]);
      connection.execute(insert(things).values({ x: 3, y: plus }));
      expect(
        connection
          .execute(select(x, y, z).orderBy(x))
          .all()
          .map((row) => [...row]),
      ).toEqual([
        [1, 6, 7],
        [2, 7, 7],
        [3, 8, 7],
      ]);
      const doubled = update(things)
        .where(x.eq(3))
        .values({ x: x.mul(10), y: plus, z: fromDmlColumn(w) });
      connection.execute(doubled);
      expect([...connection.execute(select(x, y, z, w).where(x.eq(30))).one()]).toEqual([30, 35, 5, 5]);
    });
  });

  it("refuses what has no meaning", () => {
    expect(() => sql(insert(things).values({ y: plus }).compile())).toThrow(
      "Can't resolve referenced column name in INSERT statement: 'x'",
    );
    expect(() => sql(select(plus).compile())).toThrow(/only in the values of an INSERT or UPDATE/);
    expect(() => sql(update(things).where(plus.eq(1)).values({ x: 1 }).compile())).toThrow(/only in the values/);
    expect(() =>
      sql(
        update(things)
          .values({ x: fromDmlColumn(y), y: plus })
          .compile(),
      ),
    ).toThrow(/in a circle: x, y/);
    expect(() => fromDmlColumn(x.add(1))).toThrow(/takes a column of the statement's table/);
  });
});
