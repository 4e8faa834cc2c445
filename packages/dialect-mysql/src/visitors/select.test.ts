import { columnClause, func, functionNamed, literal, select } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { expectSql, mysql57, sqlOf } from "../../test/sql.ts";
import { orders, product } from "../../test/tables.ts";

describe("LIMIT", () => {
  expectSql([
    ["count", () => select(orders.c.id).limit(5), "SELECT orders.id FROM orders LIMIT ?"],
    ["offset and count", () => select(orders.c.id).limit(5).offset(3), "SELECT orders.id FROM orders LIMIT ?, ?"],
    ["offset alone", () => select(orders.c.id).offset(3), "SELECT orders.id FROM orders LIMIT ?, 18446744073709551615"],
    [
      "an expression",
      () => select(orders.c.id).limit(columnClause("x").add(1)),
      "SELECT orders.id FROM orders LIMIT x + ?",
    ],
  ]);
});

describe("FROM", () => {
  expectSql([
    ["nothing", () => select(func.now()), "SELECT now() AS now_1"],
    [
      "WHERE without a table",
      () => select(literal(1)).where(literal(2).eq(2)),
      "SELECT ? AS anon_1 FROM DUAL WHERE ? = ?",
    ],
    [
      "inner joins say so",
      () => select(orders.c.id).join(product, orders.c.productId.eq(product.c.id)),
      "SELECT orders.id FROM orders INNER JOIN product ON orders.product_id = product.id",
    ],
    [
      "index hints",
      () => select(orders.c.id).withHint(orders, "USE INDEX (%(name)s)", "*"),
      "SELECT orders.id FROM orders USE INDEX (orders)",
    ],
  ]);
});

describe("locks", () => {
  expectSql([
    [
      "of, by column and table",
      () => select(orders.c.id).withForUpdate({ of: [orders.c.id, product], nowait: true }),
      "SELECT orders.id FROM orders FOR UPDATE OF orders, product NOWAIT",
      "SELECT orders.id FROM orders FOR UPDATE NOWAIT",
    ],
    [
      "shared",
      () => select(orders.c.id).withForUpdate({ read: true, skipLocked: true }),
      "SELECT orders.id FROM orders FOR SHARE SKIP LOCKED",
      "SELECT orders.id FROM orders LOCK IN SHARE MODE SKIP LOCKED",
    ],
  ]);

  it("are those of the version", () => {
    expect(sqlOf(select(orders.c.id).withForUpdate({ read: true, of: orders }), mysql57)).toBe(
      "SELECT orders.id FROM orders LOCK IN SHARE MODE",
    );
  });
});

describe("GROUP BY", () => {
  expectSql([
    [
      "ROLLUP stands behind",
      () => select(orders.c.when, func.count()).groupBy(functionNamed("rollup")(orders.c.when)),
      "SELECT orders.`when`, count(*) AS count_1 FROM orders GROUP BY orders.`when` WITH ROLLUP",
    ],
  ]);
});
