import Database from "better-sqlite3";
import { and, asc, desc, eq, gt, gte, inArray, lt, relations, sql } from "drizzle-orm";
import { drizzle as drizzleSqlite } from "drizzle-orm/better-sqlite3";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import * as P from "drizzle-orm/pg-core";
import * as S from "drizzle-orm/sqlite-core";
import pg from "pg";
import { W1_RANKS, w1Amount } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

function schemaFor(db) {
  let item, parent, child, bulk;
  if (db === "sqlite") {
    const { sqliteTable, integer, text, real, numeric } = S;
    item = (n) =>
      sqliteTable(n, {
        id: integer().primaryKey({ autoIncrement: true }),
        title: text().notNull(),
        body: text().notNull(),
        score: real().notNull(),
        active: integer({ mode: "boolean" }).notNull(),
        created: integer({ mode: "timestamp_ms" }).notNull(),
        price: numeric().notNull(),
        meta: text({ mode: "json" }).notNull(),
      });
    parent = sqliteTable("parent", {
      id: integer().primaryKey({ autoIncrement: true }),
      name: text().notNull(),
      email: text().notNull(),
      rank: integer().notNull(),
    });
    child = sqliteTable("child", {
      id: integer().primaryKey({ autoIncrement: true }),
      parentId: integer("parent_id").notNull(),
      pos: integer().notNull(),
      label: text().notNull(),
      amount: real().notNull(),
    });
    bulk = sqliteTable("bulk", {
      id: integer().primaryKey({ autoIncrement: true }),
      a: integer().notNull(),
      b: text().notNull(),
      c: text().notNull(),
      d: real().notNull(),
      e: integer().notNull(),
      f: text().notNull(),
    });
  } else {
    const { pgTable, serial, integer, text, doublePrecision, boolean, timestamp, numeric, jsonb } = P;
    item = (n) =>
      pgTable(n, {
        id: serial().primaryKey(),
        title: text().notNull(),
        body: text().notNull(),
        score: doublePrecision().notNull(),
        active: boolean().notNull(),
        created: timestamp({ precision: 3 }).notNull(),
        price: numeric({ precision: 12, scale: 2 }).notNull(),
        meta: jsonb().notNull(),
      });
    parent = pgTable("parent", {
      id: serial().primaryKey(),
      name: text().notNull(),
      email: text().notNull(),
      rank: integer().notNull(),
    });
    child = pgTable("child", {
      id: serial().primaryKey(),
      parentId: integer("parent_id").notNull(),
      pos: integer().notNull(),
      label: text().notNull(),
      amount: doublePrecision().notNull(),
    });
    bulk = pgTable("bulk", {
      id: serial().primaryKey(),
      a: integer().notNull(),
      b: text().notNull(),
      c: text().notNull(),
      d: doublePrecision().notNull(),
      e: integer().notNull(),
      f: text().notNull(),
    });
  }
  return {
    item: item("item"),
    itemBig: item("item_big"),
    parent,
    child,
    bulk,
    parentRel: relations(parent, ({ many }) => ({ children: many(child) })),
    childRel: relations(child, ({ one }) => ({
      parent: one(parent, { fields: [child.parentId], references: [parent.id] }),
    })),
  };
}

export default {
  name: "drizzle",
  dateFormat: "ms",
  dbs: ["sqlite", "pg"],
  version: () => pkgVersion("drizzle-orm"),
  async open(ctx) {
    const t = schemaFor(ctx.db);
    if (ctx.db === "sqlite") {
      const c = new Database(ctx.sqliteFile);
      return { ctx, t, c, db: drizzleSqlite(c, { schema: t }) };
    }
    const pool = new pg.Pool({ connectionString: ctx.pgUrl, max: ctx.poolSize });
    return { ctx, t, pool, db: drizzlePg(pool, { schema: t }) };
  },
  async close(h) {
    h.c?.close();
    await h.pool?.end();
  },
  workloads: {
    W1: {
      run({ db, t: { parent: p, child: c, item: i } }, { n }) {
        let q, first;
        for (let k = 0; k < n; k++) {
          q = db
            .select({ id: p.id, name: p.name, email: p.email, childId: c.id, label: c.label, title: i.title })
            .from(p)
            .innerJoin(c, eq(c.parentId, p.id))
            .innerJoin(i, eq(i.id, c.id))
            .where(and(inArray(p.rank, W1_RANKS), gte(c.pos, 1), lt(c.amount, w1Amount(k)), gt(i.score, 10)))
            .orderBy(asc(p.name), desc(c.pos))
            .limit(20)
            .toSQL();
          first ??= q;
        }
        return { sql: first.sql, params: first.params };
      },
    },
    W2: {
      async run({ db, ctx, t }, { n }) {
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = (
            await db
              .select()
              .from(t.item)
              .where(eq(t.item.id, ctx.idAt(k)))
          )[0];
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    "W2.prepared": {
      async run({ db, ctx, t }, { n }) {
        const st = db
          .select()
          .from(t.item)
          .where(eq(t.item.id, sql.placeholder("id")))
          .prepare("pt");
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = (await st.execute({ id: ctx.idAt(k) }))[0];
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    W3: { run: async ({ db, t }) => await db.select().from(t.itemBig).orderBy(t.itemBig.id) },
    // relational query: typed plain objects, no identity map or change tracking
    W4: { run: async ({ db, t }) => await db.query.item.findMany({ orderBy: asc(t.item.id) }) },
    W5: {
      run: async ({ db, t }) => await db.query.parent.findMany({ with: { children: true }, orderBy: asc(t.parent.id) }),
    },
    W8: {
      async run({ db, ctx, t }, { data }) {
        if (ctx.db === "sqlite") {
          db.transaction((tx) => {
            for (const p of chunk(data, 5000)) tx.insert(t.bulk).values(p).run();
          });
          return;
        }
        await db.transaction(async (tx) => {
          for (const p of chunk(data, 10000)) await tx.insert(t.bulk).values(p);
        });
      },
    },
    W10: {
      run: ({ db, ctx, t }, { n }) =>
        ctx.concurrent(async (id) => (await db.select().from(t.item).where(eq(t.item.id, id)))[0], n),
    },
  },
};
