import { MikroORM as PgORM } from "@mikro-orm/postgresql";
import { defineEntity, MikroORM as LiteORM, p } from "@mikro-orm/sqlite";
import { SIZES, W1_RANKS, w1Amount } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

const itemProps = (lite) => ({
  id: p.integer().primary().autoincrement(),
  title: p.text(),
  body: p.text(),
  score: p.double(),
  active: p.boolean(),
  created: lite ? p.datetime() : p.datetime().columnType("timestamp(3)"),
  price: p.decimal().precision(12).scale(2),
  meta: p.json(),
});
function entities(lite, w1) {
  const ItemS = defineEntity({ name: "Item", tableName: "item", properties: itemProps(lite) });
  class Item extends ItemS.class {}
  ItemS.setClass(Item);
  const ItemBigS = defineEntity({ name: "ItemBig", tableName: "item_big", properties: itemProps(lite) });
  class ItemBig extends ItemBigS.class {}
  ItemBigS.setClass(ItemBig);
  const ParentS = defineEntity({
    name: "Parent",
    tableName: "parent",
    properties: {
      id: p.integer().primary().autoincrement(),
      name: p.text(),
      email: p.text(),
      rank: p.integer(),
      children: () => p.oneToMany(ChildS).mappedBy("parent"),
    },
  });
  const ChildS = defineEntity({
    name: "Child",
    tableName: "child",
    properties: {
      id: p.integer().primary().autoincrement(),
      parent: () => p.manyToOne(ParentS).fieldName("parent_id"),
      pos: p.integer(),
      label: p.text(),
      amount: p.double(),
    },
  });
  class Parent extends ParentS.class {}
  ParentS.setClass(Parent);
  class Child extends ChildS.class {}
  ChildS.setClass(Child);
  const BulkS = defineEntity({
    name: "Bulk",
    tableName: "bulk",
    properties: {
      id: p.integer().primary().autoincrement(),
      a: p.integer(),
      b: p.text(),
      c: p.text(),
      d: p.double(),
      e: p.integer(),
      f: p.text(),
    },
  });
  class Bulk extends BulkS.class {}
  BulkS.setClass(Bulk);
  // W1 only: the query builder joins along relations, so child.id is mapped as the reference to item.id
  const ParentQ = defineEntity({
    name: "ParentQ",
    tableName: "parent",
    properties: {
      id: p.integer().primary(),
      name: p.text(),
      email: p.text(),
      rank: p.integer(),
      children: () => p.oneToMany(ChildQ).mappedBy("parent"),
    },
  });
  const ChildQ = defineEntity({
    name: "ChildQ",
    tableName: "child",
    properties: {
      item: () => p.manyToOne(ItemS).fieldName("id").primary(),
      parent: () => p.manyToOne(ParentQ).fieldName("parent_id"),
      pos: p.integer(),
      label: p.text(),
      amount: p.double(),
    },
  });
  return {
    ChildQ,
    Item,
    ItemBig,
    Parent,
    Child,
    Bulk,
    list: w1 ? [ItemS, ParentQ, ChildQ] : [ItemS, ItemBigS, ParentS, ChildS, BulkS],
  };
}

export default {
  name: "mikro-orm",
  dateFormat: "ms",
  dbs: ["sqlite", "pg"],
  version: () => pkgVersion("@mikro-orm/core"),
  async open(ctx) {
    const lite = ctx.db === "sqlite";
    const e = entities(lite, ctx.workload === "W1");
    const orm = await (lite ? LiteORM : PgORM).init({
      ...(lite ? { dbName: ctx.sqliteFile } : { clientUrl: ctx.pgUrl, pool: { min: 0, max: ctx.poolSize } }),
      entities: e.list,
      debug: false,
      forceUtcTimezone: true,
    });
    return { orm, ctx, ...e };
  },
  close: (h) => h.orm.close(true),
  workloads: {
    // rooted at the child: a limit over a to-many join makes this builder add a pagination subquery
    W1: {
      run({ orm, ChildQ }, { n }) {
        let q, first;
        const em = orm.em.fork();
        for (let k = 0; k < n; k++) {
          q = em
            .createQueryBuilder(ChildQ, "c")
            .select(["p.id", "p.name", "p.email", "c.item", "c.label", "i.title"])
            .join("c.parent", "p")
            .join("c.item", "i")
            .where({
              "p.rank": { $in: W1_RANKS },
              pos: { $gte: 1 },
              amount: { $lt: w1Amount(k) },
              "i.score": { $gt: 10 },
            })
            .orderBy([{ "p.name": "asc" }, { pos: "desc" }])
            .limit(20)
            .toQuery();
          first ??= q;
        }
        return { sql: first.sql, params: first.params };
      },
    },
    // plain rows through the query builder, no entities
    W2: {
      async run({ orm, ctx, Item }, { n }) {
        const em = orm.em.fork();
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = await em
            .createQueryBuilder(Item, "i")
            .select("*")
            .where({ id: ctx.idAt(k) })
            .execute("get");
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    W3: {
      run: ({ orm, ItemBig }) =>
        orm.em.fork().createQueryBuilder(ItemBig, "i").select("*").orderBy({ id: "asc" }).execute("all"),
    },
    W4: { run: ({ orm, Item }) => orm.em.fork().find(Item, {}, { orderBy: { id: "asc" } }) },
    W5: {
      run: ({ orm, Parent }) =>
        orm.em.fork().find(Parent, {}, { populate: ["children"], strategy: "select-in", orderBy: { id: "asc" } }),
    },
    "W5.joined": {
      run: ({ orm, Parent }) =>
        orm.em.fork().find(Parent, {}, { populate: ["children"], strategy: "joined", orderBy: { id: "asc" } }),
    },
    W6: {
      run: async ({ orm, Item }, { data }) => {
        const em = orm.em.fork();
        const es = data.map((d) => em.create(Item, d));
        await em.persist(es).flush();
        return es;
      },
    },
    "W6.insertMany": {
      run: ({ orm, Item }, { data }) =>
        orm.em.fork().transactional(async (em) => {
          const out = [];
          for (const c of chunk(data, 2000)) out.push(...(await em.insertMany(Item, c)));
          return out.map((id) => ({ id }));
        }),
    },
    W7: {
      run: async ({ orm, Item }, { rep }) => {
        const em = orm.em.fork();
        const es = await em.find(Item, { id: { $lte: SIZES.w7 } }, { orderBy: { id: "asc" } });
        for (const e of es) e.title = `upd ${rep} ${e.id}`;
        await em.flush();
        return es;
      },
    },
    W8: {
      run: ({ orm, ctx, Bulk }, { data }) =>
        orm.em.fork().transactional(async (em) => {
          for (const c of chunk(data, ctx.db === "sqlite" ? 5000 : 10000)) await em.insertMany(Bulk, c);
        }),
    },
    W9: {
      run: async ({ orm, Parent }, { data }) => {
        const em = orm.em.fork();
        const es = data.map((d) => em.create(Parent, d));
        await em.persist(es).flush();
        return es;
      },
    },
    W10: {
      run: ({ orm, ctx, Item }, { n }) => {
        const em = orm.em.fork();
        return ctx.concurrent((id) => em.createQueryBuilder(Item, "i").select("*").where({ id }).execute("get"), n);
      },
    },
  },
};
