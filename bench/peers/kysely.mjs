import Database from "better-sqlite3";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";
import { W1_RANKS, w1Amount } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

const COLS = ["id", "title", "body", "score", "active", "created", "price", "meta"];
const get = (db, id) => db.selectFrom("item").select(COLS).where("id", "=", id).executeTakeFirstOrThrow();

export default {
  name: "kysely",
  dateFormat: "space",
  dbs: ["sqlite", "pg"],
  version: () => pkgVersion("kysely"),
  async open(ctx) {
    const db = new Kysely({
      dialect:
        ctx.db === "sqlite"
          ? new SqliteDialect({ database: new Database(ctx.sqliteFile) })
          : new PostgresDialect({ pool: new pg.Pool({ connectionString: ctx.pgUrl, max: ctx.poolSize }) }),
    });
    return { db, ctx };
  },
  close: (h) => h.db.destroy(),
  workloads: {
    W1: {
      run({ db }, { n }) {
        let c, first;
        for (let k = 0; k < n; k++) {
          c = db
            .selectFrom("parent as p")
            .innerJoin("child as c", "c.parent_id", "p.id")
            .innerJoin("item as i", "i.id", "c.id")
            .select(["p.id", "p.name", "p.email", "c.id as child_id", "c.label", "i.title"])
            .where("p.rank", "in", W1_RANKS)
            .where("c.pos", ">=", 1)
            .where("c.amount", "<", w1Amount(k))
            .where("i.score", ">", 10)
            .orderBy("p.name", "asc")
            .orderBy("c.pos", "desc")
            .limit(20)
            .compile();
          first ??= c;
        }
        return { sql: first.sql, params: first.parameters };
      },
    },
    W2: {
      async run({ db, ctx }, { n }) {
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = await get(db, ctx.idAt(k));
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    W3: { run: ({ db }) => db.selectFrom("item_big").select(COLS).orderBy("id").execute() },
    W8: {
      async run({ db, ctx }, { data }) {
        await db.transaction().execute(async (t) => {
          for (const p of chunk(data, ctx.db === "sqlite" ? 5000 : 10000))
            await t.insertInto("bulk").values(p).execute();
        });
      },
    },
    W10: { run: ({ db, ctx }, { n }) => ctx.concurrent((id) => get(db, id), n) },
  },
};
