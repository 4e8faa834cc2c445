import {
  ArgumentError,
  CompileError,
  column,
  columnClause,
  delete_,
  func,
  insert,
  MetaData,
  select,
  t,
  table,
  update,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { expectSql, mariadb, mysql8, mysql57, sqlOf } from "../../test/sql.ts";
import { orders, product } from "../../test/tables.ts";
import { insert as mysqlInsert } from "../expressions/insert.ts";
import { limit } from "../expressions/limit.ts";

const cte = select(product.c.id).cte("c");
const alias = orders.alias("o");

describe("INSERT", () => {
  expectSql([
    ["nothing", () => insert(orders).values({}).prefixWith("IGNORE"), "INSERT IGNORE INTO orders () VALUES ()"],
    [
      "a SELECT with a CTE",
      () => insert(orders).fromSelect(["id"], select(cte)),
      "INSERT INTO orders (id) WITH c AS (SELECT product.id AS id FROM product) SELECT c.id FROM c",
    ],
  ]);
});

describe("ON DUPLICATE KEY UPDATE", () => {
  const statement = mysqlInsert(orders).values({ id: 1, when: 2 });

  expectSql([
    [
      "an object, in the table's order",
      () => statement.onDuplicateKeyUpdate({ when: 3, productId: statement.inserted.productId }),
      "INSERT INTO orders (id, `when`) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE product_id = new.product_id, `when` = ?",
      "INSERT INTO orders (id, `when`) VALUES (?, ?) ON DUPLICATE KEY UPDATE product_id = VALUES(product_id), `when` = ?",
    ],
    [
      "pairs, in their own order, by key or column",
      () =>
        statement.onDuplicateKeyUpdate([
          ["when", orders.c.when.add(statement.inserted.when)],
          [orders.c.productId, null],
        ]),
      "INSERT INTO orders (id, `when`) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE `when` = (orders.`when` + new.`when`), product_id = ?",
      "INSERT INTO orders (id, `when`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `when` = (orders.`when` + VALUES(`when`)), product_id = ?",
    ],
    [
      "the new row inside a subquery",
      () =>
        statement.onDuplicateKeyUpdate({
          when: select(func.max(product.c.id)).where(product.c.id.eq(statement.inserted.id)).scalarSubquery(),
        }),
      "INSERT INTO orders (id, `when`) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE `when` = (SELECT max(product.id) AS max_1 FROM product WHERE product.id = new.id)",
      "INSERT INTO orders (id, `when`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `when` = (SELECT max(product.id) AS max_1 FROM product WHERE product.id = VALUES(id))",
    ],
    [
      "a SELECT",
      () =>
        mysqlInsert(orders)
          .fromSelect(["id"], select(product.c.id))
          .onDuplicateKeyUpdate({ when: statement.inserted.when }),
      "INSERT INTO orders (id) SELECT product.id FROM product ON DUPLICATE KEY UPDATE `when` = VALUES(`when`)",
    ],
  ]);

  it("stands once in a statement", () => {
    const once = statement.onDuplicateKeyUpdate({ when: 3 });
    expect(() => once.onDuplicateKeyUpdate({ when: 4 })).toThrow("already has an ON DUPLICATE KEY clause");
  });

  it("uses VALUES() before 8.0.20, and another alias for a table called `new`", () => {
    expect(sqlOf(statement.onDuplicateKeyUpdate({ when: statement.inserted.when }), mysql57)).toContain(
      "VALUES (?, ?) ON DUPLICATE KEY UPDATE `when` = VALUES(`when`)",
    );
    const rows = table("new", new MetaData(), { id: column(t.integer, { primaryKey: true }) });
    expect(sqlOf(mysqlInsert(rows).values({ id: 1 }).onDuplicateKeyUpdate({ id: 2 }), mysql8)).toBe(
      "INSERT INTO new (id) VALUES (?) AS new_1 ON DUPLICATE KEY UPDATE id = ?",
    );
  });

  it("refuses what says nothing, says two things, or names no column", () => {
    const loose = statement as unknown as { onDuplicateKeyUpdate(...values: unknown[]): unknown };
    expect(() => loose.onDuplicateKeyUpdate()).toThrow(ArgumentError);
    expect(() => loose.onDuplicateKeyUpdate({ when: 1 }, { when: 2 })).toThrow(/simultaneously/);
    expect(() => loose.onDuplicateKeyUpdate({ nope: 1 })).toThrow(/nope.*id, productId, when/);
    expect(() => loose.onDuplicateKeyUpdate({ when: undefined })).toThrow(/undefined/);
  });
});

describe("UPDATE and DELETE", () => {
  expectSql([
    [
      "several tables",
      () => update(orders).values({ when: product.c.id }).where(orders.c.id.eq(product.c.id)),
      "UPDATE orders, product SET orders.`when`=product.id WHERE orders.id = product.id",
    ],
    [
      "a CTE",
      () => update(orders).values({ when: cte.c.id }).where(orders.c.id.eq(cte.c.id)),
      "WITH c AS (SELECT product.id AS id FROM product) UPDATE orders, c SET orders.`when`=c.id WHERE orders.id = c.id",
    ],
    [
      "a hint",
      () => update(orders).values({ when: 1 }).withHint("USE INDEX (x)"),
      "UPDATE orders USE INDEX (x) SET `when`=?",
    ],
    ["deleting by an alias", () => delete_(alias).where(alias.c.id.eq(5)), "DELETE FROM orders AS o WHERE o.id = ?"],
    [
      "deleting by an alias and another table",
      () => delete_(alias).where(alias.c.id.eq(product.c.id)),
      "DELETE FROM o USING orders AS o, product WHERE o.id = product.id",
    ],
    [
      "LIMIT by option",
      () => delete_(orders).withDialectOptions({ mysqlLimit: 5, mariadbLimit: 7 }),
      "DELETE FROM orders LIMIT 5",
      "DELETE FROM orders LIMIT 7",
    ],
    [
      "LIMIT by ext()",
      () => update(orders).values({ when: 1 }).ext(limit(4)).where(orders.c.id.gt(2)),
      "UPDATE orders SET `when`=? WHERE orders.id > ? LIMIT 4",
    ],
    ["LIMIT by an expression", () => delete_(orders).ext(limit(columnClause("x"))), "DELETE FROM orders LIMIT x"],
  ]);

  it("refuses a LIMIT that is no number", () => {
    expect(() => limit("5; DROP TABLE x" as never)).toThrow(ArgumentError);
    expect(() => sqlOf(delete_(orders).withDialectOptions({ mysqlLimit: "5; DROP TABLE x" }))).toThrow(CompileError);
  });

  it("caches by structure, not by the limit's value", () => {
    expect(sqlOf(delete_(orders).ext(limit(4)), mariadb)).toBe("DELETE FROM orders LIMIT 4");
  });
});
