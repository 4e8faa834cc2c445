import { createRequire } from "node:module";
import { SIZES } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

const require = createRequire(import.meta.url);
const TX = { timeout: 300_000, maxWait: 60_000 };

export default {
  name: "prisma",
  dateFormat: "iso",
  dbs: ["sqlite", "pg"],
  version: () => `${pkgVersion("@prisma/client")} (query compiler, driver adapters)`,
  async open(ctx) {
    const { PrismaClient } = require(`../generated/prisma-${ctx.db}/index.js`);
    let adapter;
    if (ctx.db === "sqlite") {
      const { PrismaBetterSqlite3 } = await import("@prisma/adapter-better-sqlite3");
      adapter = new PrismaBetterSqlite3({ url: `file:${ctx.sqliteFile}` });
    } else {
      const { PrismaPg } = await import("@prisma/adapter-pg");
      adapter = new PrismaPg({ connectionString: ctx.pgUrl, max: ctx.poolSize });
    }
    const db = new PrismaClient({ adapter });
    await db.$connect();
    return { db, ctx };
  },
  close: (h) => h.db.$disconnect(),
  workloads: {
    W2: {
      async run({ db, ctx }, { n }) {
        let s = 0;
        for (let k = 0; k < n; k++) {
          const r = await db.item.findUnique({ where: { id: ctx.idAt(k) } });
          s += r.id + r.title.length;
        }
        return s;
      },
    },
    W3: { run: ({ db }) => db.itemBig.findMany({ orderBy: { id: "asc" } }) },
    W4: { run: ({ db }) => db.item.findMany({ orderBy: { id: "asc" } }) },
    W5: { run: ({ db }) => db.parent.findMany({ include: { children: true }, orderBy: { id: "asc" } }) },
    W6: {
      run: ({ db }, { data }) =>
        db.$transaction(async (t) => {
          const out = [];
          for (const p of chunk(data, 2000)) out.push(...(await t.item.createManyAndReturn({ data: p })));
          return out;
        }, TX),
    },
    "W6.create": {
      run: ({ db }, { data }) =>
        db.$transaction(async (t) => {
          const out = [];
          for (const d of data) out.push(await t.item.create({ data: d }));
          return out;
        }, TX),
    },
    W7: {
      run: ({ db }, { rep }) =>
        db.$transaction(async (t) => {
          const es = await t.item.findMany({ where: { id: { lte: SIZES.w7 } }, orderBy: { id: "asc" } });
          for (const e of es) await t.item.update({ where: { id: e.id }, data: { title: `upd ${rep} ${e.id}` } });
          return es;
        }, TX),
    },
    W8: {
      run: ({ db }, { data }) =>
        db.$transaction(async (t) => {
          for (const p of chunk(data, 10000)) await t.bulk.createMany({ data: p });
        }, TX),
    },
    W9: {
      run: ({ db }, { data }) =>
        db.$transaction(async (t) => {
          const out = [];
          for (const d of data) out.push(await t.parent.create({ data: { ...d, children: { create: d.children } } }));
          return out;
        }, TX),
    },
    // findUnique calls of one tick are merged into one IN query by Prisma's dataloader, so the like-for-like is findFirst
    W10: { run: ({ db, ctx }, { n }) => ctx.concurrent((id) => db.item.findFirst({ where: { id } }), n) },
    "W10.findUnique-batched": {
      run: ({ db, ctx }, { n }) => ctx.concurrent((id) => db.item.findUnique({ where: { id } }), n),
    },
  },
};
