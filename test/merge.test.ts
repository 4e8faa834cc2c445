/** `merge()`: what it writes for each database, and what it does on a real PostgreSQL. */
import { type AsyncConnection, createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import {
  bindparam,
  column,
  columnClause,
  type Dialect,
  expandForExecution,
  func,
  insert,
  MetaData,
  merge,
  mergeAction,
  select,
  t,
  table,
  values,
} from "@athanor/core";
import { MSSQLDialect } from "@athanor/dialect-mssql";
import { MySQLDialect } from "@athanor/dialect-mysql";
import { OracleDialect } from "@athanor/dialect-oracle";
import { PostgresDialect } from "@athanor/dialect-postgres";
import { SQLiteDialect } from "@athanor/dialect-sqlite";
import { declarativeBase } from "@athanor/orm";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { grammarErrors } from "./grammar/gate.ts";
import { pgUrl } from "./setup/urls.ts";

const metadata = new MetaData();
const stock = table("merged_stock", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  itemName: column("item_name", t.string(50)),
  quantity: column(t.integer, { nullable: false, default: 0 }),
  changes: column(t.integer, { default: 1, onupdate: () => 7 }),
});
const deliveries = table("merged_deliveries", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  label: column(t.string(50)),
  quantity: column(t.integer),
});

const base = merge(stock).using(deliveries, stock.c.id.eq(deliveries.c.id));
const usual = base
  .whenMatched()
  .thenUpdate({ quantity: stock.c.quantity.add(deliveries.c.quantity) })
  .whenNotMatched()
  .thenInsert({ id: deliveries.c.id, itemName: deliveries.c.label, quantity: deliveries.c.quantity });

const written = (statement: object, dialect: Dialect): string =>
  expandForExecution(statement as never, dialect).sql.replaceAll(/\s+/g, " ");
const mssql = new MSSQLDialect();
const oracle = new OracleDialect();
const postgres = new PostgresDialect();

describe("the text of merge()", () => {
  test("has defaults and onupdate, branches in order, and parameters of their own", () => {
    const statement = base
      .whenMatched(deliveries.c.quantity.eq(0))
      .thenDelete()
      .whenMatched(deliveries.c.quantity.lt(0))
      .thenDoNothing()
      .whenMatched()
      .thenUpdate({ itemName: "old" })
      .whenNotMatched()
      .thenInsert({ id: deliveries.c.id, itemName: "new" });
    const { sql, params } = expandForExecution(statement, postgres);
    expect(sql).toBe(
      "MERGE INTO merged_stock USING merged_deliveries ON (merged_stock.id = merged_deliveries.id)" +
        " WHEN MATCHED AND merged_deliveries.quantity = $1 THEN DELETE" +
        " WHEN MATCHED AND merged_deliveries.quantity < $2 THEN DO NOTHING" +
        " WHEN MATCHED THEN UPDATE SET item_name = $3, changes = $4" +
        " WHEN NOT MATCHED THEN INSERT (id, item_name, quantity, changes) VALUES (merged_deliveries.id, $5, $6, $7)",
    );
    expect((params as unknown[]).slice(0, 3)).toEqual([0, 0, "old"]);
  });

  test("on SQL Server, with OUTPUT and a hint", () => {
    const statement = usual
      .whenNotMatchedBySource()
      .thenDelete()
      .withHint("WITH (HOLDLOCK)")
      .returning(mergeAction(), stock.c.id);
    const sql = written(statement, mssql);
    expect(sql).toBe(
      "MERGE INTO merged_stock WITH (HOLDLOCK) USING merged_deliveries ON (merged_stock.id = merged_deliveries.id)" +
        " WHEN MATCHED THEN UPDATE SET quantity = (merged_stock.quantity + merged_deliveries.quantity), changes = @changes_1" +
        " WHEN NOT MATCHED THEN INSERT (id, item_name, quantity, changes) VALUES (merged_deliveries.id, merged_deliveries.label, merged_deliveries.quantity, @changes_2)" +
        " WHEN NOT MATCHED BY SOURCE THEN DELETE OUTPUT $action AS [mergeAction], inserted.id;",
    );
    expect(grammarErrors("mssql", sql)).toEqual([]);
    expect(written(base.whenMatched().thenDelete().returning(stock.c.id), mssql)).toMatch(/ OUTPUT deleted\.id;$/);
    expect(() => written(base.whenMatched().thenDoNothing(), mssql)).toThrow(/no DO NOTHING/);
  });

  test("on Oracle, with its own conditions", () => {
    const statement = base
      .whenMatched(deliveries.c.quantity.gt(0))
      .thenUpdate({ quantity: deliveries.c.quantity }, { deleteWhere: stock.c.quantity.eq(0) })
      .whenNotMatched(deliveries.c.quantity.gt(0))
      .thenInsert({ id: deliveries.c.id });
    const sql = written(statement, oracle);
    expect(sql).toBe(
      "MERGE INTO merged_stock USING merged_deliveries ON (merged_stock.id = merged_deliveries.id)" +
        " WHEN MATCHED THEN UPDATE SET quantity = merged_deliveries.quantity, changes = :changes_1 WHERE merged_deliveries.quantity > :quantity_1 DELETE WHERE merged_stock.quantity = :quantity_2" +
        " WHEN NOT MATCHED THEN INSERT (id, quantity, changes) VALUES (merged_deliveries.id, :quantity_3, :changes_2) WHERE merged_deliveries.quantity > :quantity_4",
    );
    expect(grammarErrors("oracle", sql)).toEqual([]);
    expect(() => written(base.whenMatched().thenDelete(), oracle)).toThrow(/deleteWhere/);
    expect(() => written(base.whenNotMatchedBySource().thenDelete(), oracle)).toThrow(/only the target has/);
    expect(() =>
      written(base.whenMatched().thenUpdate({ quantity: 1 }).whenMatched().thenUpdate({ quantity: 2 }), oracle),
    ).toThrow(/one branch for rows that are matched/);
    expect(() =>
      written(base.whenMatched().thenUpdate({ quantity: 1 }, { deleteWhere: stock.c.id.gt(1) }), postgres),
    ).toThrow(/thenDelete\(\) before/);
  });

  test("from a subquery, a list of values and a CTE", () => {
    const cte = select(deliveries.c.id, deliveries.c.quantity).cte("d");
    const insertion = (source: { readonly id: object }) => ({ id: source.id as never });
    expect(
      written(merge(stock).using(cte, stock.c.id.eq(cte.c.id)).whenNotMatched().thenInsert(insertion(cte.c)), postgres),
    ).toMatch(/^WITH d AS \(SELECT .*\) MERGE INTO merged_stock USING d ON \(merged_stock.id = d.id\)/);
    const rows = values(columnClause("id", t.integer), columnClause("label", t.string), { name: "v" }).data([[1, "a"]]);
    expect(
      written(merge(stock).using(rows, stock.c.id.eq(rows.c.id)).whenNotMatched().thenInsert(insertion(rows.c)), mssql),
    ).toContain("USING (VALUES (@param_1, @param_2)) AS v (id, label) ON (merged_stock.id = v.id)");
  });

  test("says what is wrong", () => {
    expect(() => written(merge(stock).whenMatched().thenDelete(), postgres)).toThrow(/no source/);
    expect(() => written(base, postgres)).toThrow(/does nothing/);
    expect(() => base.whenMatched().thenUpdate({})).toThrow(/at least one column/);
    expect(() => base.whenMatched().thenUpdate({ quantity: undefined as never })).toThrow(/undefined/);
    expect(() => base.whenNotMatched().thenInsert({ quantty: 1 } as never)).toThrow(/"quantty" is no column/);
    expect(() => base.whenMatched(undefined as never)).toThrow(/undefined/);
    expect(() => merge(stock).using(select(deliveries) as never, stock.c.id.eq(1))).toThrow(/subquery/);
    for (const dialect of [new SQLiteDialect(), new MySQLDialect()])
      expect(() => written(usual, dialect)).toThrow(/has no MERGE/);
  });

  test("is found in the cache by its structure, not by its values", () => {
    const key = (name: string) => base.whenMatched().thenUpdate({ itemName: name });
    const one = expandForExecution(key("a"), postgres);
    const two = expandForExecution(key("b"), postgres);
    expect(two.sql).toBe(one.sql);
    expect([(one.params as unknown[])[0], (two.params as unknown[])[0]]).toEqual(["a", "b"]);
  });
});

const Base = declarativeBase();
class Stock extends Base.mapped("merged_stock", {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  itemName: column("item_name", t.string(50)),
  quantity: column(t.integer, { nullable: false }),
  changes: column(t.integer),
}) {}

const url = pgUrl();
describe.skipIf(url === null)("merge() on PostgreSQL", () => {
  const engine = createAsyncEngine(url ?? "sqlite://");
  const rows = async (conn: AsyncConnection) =>
    (await conn.execute(select(stock).orderBy(stock.c.id))).all().map((row) => [...row]);

  beforeEach(async () => {
    await metadata.dropAll(engine);
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(insert(stock), [
        { id: 1, itemName: "nail", quantity: 5 },
        { id: 2, itemName: "screw", quantity: 6 },
      ]);
      await conn.execute(insert(deliveries), [
        { id: 2, label: "screw", quantity: 10 },
        { id: 3, label: "bolt", quantity: 20 },
      ]);
    });
  });
  afterAll(async () => {
    await metadata.dropAll(engine);
    await engine.dispose();
  });

  test("updates, inserts, deletes, computes defaults, and counts rows", () =>
    engine.begin(async (conn) => {
      const result = await conn.execute(usual);
      expect(result.rowcount).toBe(2);
      expect(await rows(conn)).toEqual([
        [1, "nail", 5, 1],
        [2, "screw", 16, 7],
        [3, "bolt", 20, 1],
      ]);
      const deletion = base.whenMatched(deliveries.c.quantity.gt(bindparam("limit", { type: t.integer }))).thenDelete();
      expect((await conn.execute(deletion, { limit: 15 })).rowcount).toBe(1);
      expect((await rows(conn)).map(([id]) => id)).toEqual([1, 2]);
    }));

  test("returns rows where the server can (17 and later), and is refused by the older", () =>
    engine.begin(async (conn) => {
      const statement = usual.returning(mergeAction(), stock.c.itemName, func.abs(stock.c.quantity).label("n"));
      if (conn.dialect.serverVersion[0] !== undefined && conn.dialect.serverVersion[0] >= 17) {
        const found = (await conn.execute(statement)).all();
        expect(found.map((row) => [row.mergeAction, row.itemName, row.n]).sort()).toEqual([
          ["INSERT", "bolt", 20],
          ["UPDATE", "screw", 16],
        ]);
      } else await expect(conn.beginNested(() => conn.execute(statement))).rejects.toThrow(/RETURNING/);
    }));

  test("works on a mapped class, after a flush of what is pending", async () => {
    await using session = new AsyncSession(engine);
    session.add(new Stock({ id: 3, itemName: "bolt", quantity: 1 }));
    await session.execute(
      merge(Stock)
        .using(deliveries, Stock.$.id.eq(deliveries.c.id))
        .whenMatched(Stock.$.quantity.lt(5))
        .thenUpdate({ quantity: Stock.$.quantity.add(deliveries.c.quantity) }),
    );
    session.expireAll();
    const found = (await session.scalars(select(Stock).orderBy(Stock.$.id))).all();
    expect(found.map((each) => [each.itemName, each.quantity])).toEqual([
      ["nail", 5],
      ["screw", 6],
      ["bolt", 21],
    ]);
  });
});
