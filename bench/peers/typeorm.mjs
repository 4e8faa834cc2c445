import "reflect-metadata";
import typeorm from "typeorm";
import { SIZES, W1_RANKS, w1Amount } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

const { DataSource, EntitySchema, LessThanOrEqual } = typeorm;

class Item {}
class ItemBig {}
class Parent {}
class Child {}
class Bulk {}
const COLS = ["id", "title", "body", "score", "active", "created", "price", "meta"];

function entities(lite) {
  const id = { type: "int", primary: true, generated: "increment" };
  const item = {
    id,
    title: { type: "text" },
    body: { type: "text" },
    score: { type: lite ? "real" : "double precision" },
    active: { type: "boolean" },
    created: { type: lite ? "datetime" : "timestamp" },
    price: { type: "numeric", precision: 12, scale: 2 },
    meta: { type: lite ? "simple-json" : "jsonb" },
  };
  return [
    new EntitySchema({ name: "Item", target: Item, tableName: "item", columns: item }),
    new EntitySchema({ name: "ItemBig", target: ItemBig, tableName: "item_big", columns: item }),
    new EntitySchema({
      name: "Parent",
      target: Parent,
      tableName: "parent",
      columns: { id, name: { type: "text" }, email: { type: "text" }, rank: { type: "int" } },
      relations: { children: { type: "one-to-many", target: "Child", inverseSide: "parent", cascade: true } },
    }),
    new EntitySchema({
      name: "Child",
      target: Child,
      tableName: "child",
      columns: {
        id,
        parentId: { type: "int", name: "parent_id" },
        pos: { type: "int" },
        label: { type: "text" },
        amount: { type: lite ? "real" : "double precision" },
      },
      relations: {
        parent: { type: "many-to-one", target: "Parent", inverseSide: "children", joinColumn: { name: "parent_id" } },
      },
    }),
    new EntitySchema({
      name: "Bulk",
      target: Bulk,
      tableName: "bulk",
      columns: {
        id,
        a: { type: "int" },
        b: { type: "text" },
        c: { type: "text" },
        d: { type: lite ? "real" : "double precision" },
        e: { type: "int" },
        f: { type: "text" },
      },
    }),
  ];
}
const point = (h, id) =>
  h.ds
    .createQueryBuilder()
    .select(COLS.map((c) => `i.${c} AS ${c}`))
    .from(Item, "i")
    .where("i.id = :id", { id })
    .getRawOne();

export default {
  name: "typeorm",
  dateFormat: "space",
  dbs: ["sqlite", "pg"],
  version: () => pkgVersion("typeorm"),
  async open(ctx) {
    const lite = ctx.db === "sqlite";
    const ds = new DataSource({
      ...(lite
        ? { type: "better-sqlite3", database: ctx.sqliteFile }
        : { type: "postgres", url: ctx.pgUrl, poolSize: ctx.poolSize }),
      entities: entities(lite),
      logging: false,
      synchronize: false,
    });
    await ds.initialize();
    return { ds, ctx, m: ds.manager };
  },
  close: (h) => h.ds.destroy(),
  workloads: {
    W1: {
      run({ ds }, { n }) {
        let r, first;
        for (let k = 0; k < n; k++) {
          r = ds
            .createQueryBuilder()
            .select([
              "p.id AS id",
              "p.name AS name",
              "p.email AS email",
              "c.id AS child_id",
              "c.label AS label",
              "i.title AS title",
            ])
            .from(Parent, "p")
            .innerJoin(Child, "c", "c.parentId = p.id")
            .innerJoin(Item, "i", "i.id = c.id")
            .where("p.rank IN (:...ranks)", { ranks: W1_RANKS })
            .andWhere("c.pos >= :pos", { pos: 1 })
            .andWhere("c.amount < :amount", { amount: w1Amount(k) })
            .andWhere("i.score > :score", { score: 10 })
            .orderBy("p.name", "ASC")
            .addOrderBy("c.pos", "DESC")
            .limit(20)
            .getQueryAndParameters();
          first ??= r;
        }
        return { sql: first[0], params: first[1] };
      },
    },
    W2: {
      async run(h, { n }) {
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = await point(h, h.ctx.idAt(k));
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    W3: {
      run: ({ ds }) =>
        ds
          .createQueryBuilder()
          .select(COLS.map((c) => `i.${c} AS ${c}`))
          .from(ItemBig, "i")
          .orderBy("i.id")
          .getRawMany(),
    },
    W4: { run: ({ m }) => m.find(Item, { order: { id: "ASC" } }) },
    W5: {
      run: ({ m }) =>
        m.find(Parent, { relations: { children: true }, order: { id: "ASC" }, relationLoadStrategy: "join" }),
    },
    "W5.query": {
      run: ({ m }) =>
        m.find(Parent, { relations: { children: true }, order: { id: "ASC" }, relationLoadStrategy: "query" }),
    },
    W6: {
      run: ({ m }, { data }) =>
        m.transaction((t) =>
          t.save(
            Item,
            data.map((d) => t.create(Item, d)),
            { chunk: 1000 },
          ),
        ),
    },
    // insert() skips the unit of work: no select, no cascades, no subscribers' diff
    "W6.insert": {
      run: ({ m }, { data }) =>
        m.transaction(async (t) => {
          const es = data.map((d) => t.create(Item, d));
          for (const p of chunk(es, 2000)) await t.insert(Item, p);
          return es;
        }),
    },
    W7: {
      run: ({ m }, { rep }) =>
        m.transaction(async (t) => {
          const es = await t.find(Item, { where: { id: LessThanOrEqual(SIZES.w7) }, order: { id: "ASC" } });
          for (const e of es) e.title = `upd ${rep} ${e.id}`;
          await t.save(Item, es, { chunk: 1000 });
          return es;
        }),
    },
    W8: {
      run: ({ m, ctx }, { data }) =>
        m.transaction(async (t) => {
          for (const p of chunk(data, ctx.db === "sqlite" ? 5000 : 10000))
            await t.createQueryBuilder().insert().into(Bulk).values(p).updateEntity(false).execute();
        }),
    },
    W9: {
      run: ({ m }, { data }) =>
        m.transaction((t) =>
          t.save(
            Parent,
            data.map((d) => t.create(Parent, d)),
            { chunk: 200 },
          ),
        ),
    },
    W10: { run: (h, { n }) => h.ctx.concurrent((id) => point(h, id), n) },
  },
};
