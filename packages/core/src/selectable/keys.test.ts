/** Primary and foreign keys of what is made of tables, as SQLAlchemy has them. */

import {
  cast,
  column,
  type ForeignKeyLink,
  type FromClause,
  foreignKey,
  func,
  MetaData,
  select,
  t,
  table,
  true_,
  union,
} from "@athanor/core";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const customer = table("customer", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string) });
const orders = table("orders", metadata, {
  id: column(t.integer, { primaryKey: true }),
  customer_id: column(t.integer, foreignKey("customer.id")),
  status: column(t.string),
});
const items = table("items", metadata, {
  order_id: column(t.integer, foreignKey("orders.id"), { primaryKey: true }),
  line: column(t.integer, { primaryKey: true }),
});
const lost = table("lost", metadata, { id: column(t.integer, foreignKey("nowhere.id"), { primaryKey: true }) });

const keys = (from: FromClause) => [
  [...from.primaryKey].map(String),
  from.foreignKeys.map(({ column }) => String(column)),
];

describe("keys", () => {
  test.each<[name: string, from: FromClause, primary: string[], foreign: string[]]>([
    ["a table", items, ["items.order_id", "items.line"], ["orders.id"]],
    ["an alias", items.alias("x"), ["x.order_id", "x.line"], ["orders.id"]],
    ["a subquery", select(items).subquery("s"), ["s.order_id", "s.line"], ["orders.id"]],
    ["a part of a subquery", select(items.c.line).subquery("s"), ["s.line"], []],
    ["labels", select(orders.c.id.label("a"), orders.c.customer_id.label("b")).subquery("s"), ["s.a"], ["customer.id"]],
    ["an alias of a subquery", select(orders).subquery("s").alias("q"), ["q.id"], ["customer.id"]],
    ["a CTE", select(orders).cte("s"), ["s.id"], ["customer.id"]],
    ["a lateral subquery", select(orders).lateral("z"), ["z.id"], ["customer.id"]],
    ["a union", union(select(orders), select(orders)).subquery("u"), ["u.id"], ["customer.id"]],
    ["expressions", select(orders.c.id.add(1).label("id")).subquery("s"), [], []],
    ["casts", select(cast(orders.c.id, t.string).label("id")).subquery("s"), [], []],
    ["a function", func.json_each("[]").tableValued("value"), [], []],
    ["a join", customer.join(orders), ["customer.id", "orders.id"], ["customer.id"]],
    ["a join along the key", orders.join(items), ["orders.id", "items.line"], ["customer.id", "orders.id"]],
    ["the same, turned round", items.join(orders), ["items.line", "orders.id"], ["orders.id", "customer.id"]],
    ["a join by equal keys", orders.join(customer, orders.c.id.eq(customer.c.id)), ["orders.id"], ["customer.id"]],
    [
      "a join of aliases",
      orders.alias("a").join(items.alias("b"), true_()),
      ["a.id", "b.line"],
      ["customer.id", "orders.id"],
    ],
  ])("of %s", (_name, from, primary, foreign) => {
    expect(keys(from)).toEqual([primary, foreign]);
  });

  test("of a join whose foreign key leads nowhere yet", () => {
    expect([...lost.join(items, true_()).primaryKey]).toHaveLength(3);
  });

  test("join subqueries by labelled columns", () => {
    const by = select(orders.c.customer_id.label("by")).subquery("s");
    expect(String(select(customer.c.id).join(by)).replace(/\s+/g, " ")).toBe(
      "SELECT customer.id FROM customer JOIN (SELECT orders.customer_id AS by FROM orders) AS s ON customer.id = s.by",
    );
  });

  test("are typed", () => {
    const foreign: readonly ForeignKeyLink[] = select(orders).subquery().foreignKeys;
    expect(foreign).toEqual(orders.foreignKeys);
    // @ts-expect-error misspelt
    void orders.alias().primaryKeys;
    // @ts-expect-error the key of a table is its constraint, which others have not
    void orders.alias().primaryKey.name;
  });

  test("reduceColumns() leaves out what refers to another column, wherever that stands", () => {
    const names = (statement: { readonly columnKeys: readonly unknown[] }) => statement.columnKeys;
    expect(names(select(items, orders).join(orders).reduceColumns(false))).toEqual([
      "line",
      "id",
      "customer_id",
      "status",
    ]);
    expect(names(select(items, orders).join(orders).reduceColumns())).toEqual([
      "order_id",
      "line",
      "id",
      "customer_id",
      "status",
    ]);
    expect(names(select(orders, customer).where(orders.c.id.eq(customer.c.id)).reduceColumns())).toEqual([
      "id",
      "customer_id",
      "status",
      "name",
    ]);
  });
});
