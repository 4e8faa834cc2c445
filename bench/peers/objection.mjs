import objection from "objection";
import { fmtDate, SIZES, W1_RANKS, w1Amount } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";
import { openKnex } from "./knex.mjs";

const { Model, snakeCaseMappers } = objection;

function models(knex, lite) {
  class Item extends Model {
    static tableName = "item";
    static jsonAttributes = ["meta"];
    // SQLite has no boolean or datetime, and knex does not convert: the documented hooks do
    $parseDatabaseJson(j) {
      j = super.$parseDatabaseJson(j);
      if (lite) {
        if (j.active !== undefined) j.active = j.active === 1;
        if (typeof j.created === "string") j.created = new Date(`${j.created.replace(" ", "T")}Z`);
      }
      return j;
    }
    $formatDatabaseJson(j) {
      j = super.$formatDatabaseJson(j);
      if (lite) {
        if (j.created instanceof Date) j.created = fmtDate(j.created.getTime(), "space");
        if (typeof j.active === "boolean") j.active = j.active ? 1 : 0;
      }
      return j;
    }
  }
  class Parent extends Model {
    static tableName = "parent";
    static get relationMappings() {
      return {
        children: {
          relation: Model.HasManyRelation,
          modelClass: Child,
          join: { from: "parent.id", to: "child.parent_id" },
        },
      };
    }
  }
  class Child extends Model {
    static tableName = "child";
    static columnNameMappers = snakeCaseMappers();
  }
  for (const m of [Item, Parent, Child]) m.knex(knex);
  return { Item, Parent, Child };
}

export default {
  name: "objection",
  dateFormat: "space",
  dbs: ["sqlite", "pg"],
  version: () => pkgVersion("objection"),
  async open(ctx) {
    const db = openKnex(ctx);
    return { db, ctx, ...models(db, ctx.db === "sqlite") };
  },
  close: (h) => h.db.destroy(),
  workloads: {
    W1: {
      run({ Parent }, { n }) {
        let c, first;
        for (let k = 0; k < n; k++) {
          c = Parent.query()
            .alias("p")
            .join("child as c", "c.parent_id", "p.id")
            .join("item as i", "i.id", "c.id")
            .select("p.id", "p.name", "p.email", "c.id as child_id", "c.label", "i.title")
            .whereIn("p.rank", W1_RANKS)
            .where("c.pos", ">=", 1)
            .where("c.amount", "<", w1Amount(k))
            .where("i.score", ">", 10)
            .orderBy("p.name", "asc")
            .orderBy("c.pos", "desc")
            .limit(20)
            .toKnexQuery()
            .toSQL();
          first ??= c;
        }
        return { sql: first.sql, params: first.bindings };
      },
    },
    W4: { run: async ({ Item }) => await Item.query().orderBy("id") },
    W5: { run: async ({ Parent }) => await Parent.query().orderBy("id").withGraphFetched("children") },
    "W5.joined": { run: async ({ Parent }) => await Parent.query().orderBy("parent.id").withGraphJoined("children") },
    W6: {
      run: ({ Item, ctx }, { data }) =>
        Item.transaction(async (trx) => {
          // objection batches multi-row inserts only where the database returns the ids (PostgreSQL)
          const out = [];
          if (ctx.db === "pg") {
            for (const p of chunk(data, 5000)) out.push(...(await Item.query(trx).insert(p)));
            return out;
          }
          for (const d of data) out.push(await Item.query(trx).insert(d));
          return out;
        }),
    },
    W7: {
      run: ({ Item }, { rep }) =>
        Item.transaction(async (trx) => {
          const es = await Item.query(trx).where("id", "<=", SIZES.w7).orderBy("id");
          for (const e of es) await e.$query(trx).patch({ title: `upd ${rep} ${e.id}` });
          return es;
        }),
    },
    W9: { run: ({ Parent }, { data }) => Parent.transaction((trx) => Parent.query(trx).insertGraph(data)) },
  },
};
