import knexLib from "knex";
import { W1_RANKS, w1Amount } from "../lib/spec.mjs";
import { pkgVersion } from "../lib/util.mjs";

const COLS = ["id", "title", "body", "score", "active", "created", "price", "meta"];
export const openKnex = (ctx) =>
  ctx.db === "sqlite"
    ? knexLib({ client: "better-sqlite3", connection: { filename: ctx.sqliteFile }, useNullAsDefault: true })
    : knexLib({ client: "pg", connection: ctx.pgUrl, pool: { min: 0, max: ctx.poolSize } });

export default {
  name: "knex",
  dateFormat: "space",
  dbs: ["sqlite", "pg"],
  version: () => pkgVersion("knex"),
  async open(ctx) {
    return { db: openKnex(ctx), ctx };
  },
  close: (h) => h.db.destroy(),
  workloads: {
    W1: {
      run({ db }, { n }) {
        let c, first;
        for (let k = 0; k < n; k++) {
          c = db("parent as p")
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
            .toSQL();
          first ??= c;
        }
        return { sql: first.sql, params: first.bindings };
      },
    },
    W2: {
      async run({ db, ctx }, { n }) {
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = await db("item").select(COLS).where("id", ctx.idAt(k)).first();
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    W3: { run: async ({ db }) => await db("item_big").select(COLS).orderBy("id") },
    W8: {
      run: async ({ db, ctx }, { data }) => {
        await db.batchInsert("bulk", data, ctx.db === "sqlite" ? 500 : 10000);
      },
    }, // knex writes UNION ALL on SQLite: 500 terms at most
    W10: { run: ({ db, ctx }, { n }) => ctx.concurrent((id) => db("item").select(COLS).where("id", id).first(), n) },
  },
};
