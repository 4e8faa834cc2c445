// The physical limit: better-sqlite3 / pg with hand-written SQL and hydration.
import Database from "better-sqlite3";
import pg from "pg";
import { fmtDate, SIZES } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

const COLS = "id,title,body,score,active,created,price,meta";
class Item {
  constructor(id, title, body, score, active, created, price, meta) {
    this.id = id;
    this.title = title;
    this.body = body;
    this.score = score;
    this.active = active;
    this.created = created;
    this.price = price;
    this.meta = meta;
  }
}
class Parent {
  constructor(id, name, email, rank) {
    this.id = id;
    this.name = name;
    this.email = email;
    this.rank = rank;
    this.children = [];
  }
}
class Child {
  constructor(id, parentId, pos, label, amount) {
    this.id = id;
    this.parentId = parentId;
    this.pos = pos;
    this.label = label;
    this.amount = amount;
  }
}
const date = (s) => new Date(`${s.replace(" ", "T")}Z`);
const decodeArr = (r) => new Item(r[0], r[1], r[2], r[3], r[4] === 1, date(r[5]), r[6], JSON.parse(r[7]));
const fromPg = (r) => new Item(r.id, r.title, r.body, r.score, r.active, r.created, r.price, r.meta);
const lite = (c) => c.db === "sqlite";

const point = async (h, { n, ctx }, q) => {
  let s = 0;
  for (let k = 0; k < n; k++) {
    const r = (await h.q(q(ctx.idAt(k)))).rows[0];
    s += r.id + r.title.length;
  }
  return s;
};

export default {
  name: "raw",
  dateFormat: "space",
  dbs: ["sqlite", "pg"],
  version: () => `better-sqlite3 ${pkgVersion("better-sqlite3")}, pg ${pkgVersion("pg")}`,
  async open(ctx) {
    if (lite(ctx)) return { ctx, db: new Database(ctx.sqliteFile) };
    const pool = new pg.Pool({ connectionString: ctx.pgUrl, max: ctx.poolSize });
    const c = ctx.poolSize === 1 ? await pool.connect() : null;
    return { ctx, pool, c, q: (t, v) => (c ?? pool).query(t, v) };
  },
  async close(h) {
    if (h.db) h.db.close();
    else {
      h.c?.release();
      await h.pool.end();
    }
  },
  workloads: {
    // prepared once, as the physical limit
    W2: {
      async run(h, a) {
        if (h.db) {
          const st = h.db.prepare(`SELECT ${COLS} FROM item WHERE id = ?`);
          let s = 0;
          for (let k = 0; k < a.n; k++) {
            const r = st.get(a.ctx.idAt(k));
            s += r.id + r.title.length;
          }
          return s;
        }
        return point(h, a, (id) => ({ name: "pt", text: `SELECT ${COLS} FROM item WHERE id = $1`, values: [id] }));
      },
    },
    // a fresh statement per call: what a builder without a statement cache does
    "W2.unprepared": {
      async run(h, a) {
        if (h.db) {
          let s = 0;
          for (let k = 0; k < a.n; k++) {
            const r = h.db.prepare(`SELECT ${COLS} FROM item WHERE id = ?`).get(a.ctx.idAt(k));
            s += r.id + r.title.length;
          }
          return s;
        }
        return point(h, a, (id) => ({ text: `SELECT ${COLS} FROM item WHERE id = $1`, values: [id] }));
      },
    },
    W3: {
      async run(h) {
        const sql = `SELECT ${COLS} FROM item_big ORDER BY id`;
        return h.db ? h.db.prepare(sql).all() : (await h.q(sql)).rows;
      },
    },
    // rows decoded by hand to boolean, Date and parsed JSON (pg already does this by itself)
    "W3.typed": {
      dbs: ["sqlite"],
      async run(h) {
        const rows = h.db.prepare(`SELECT ${COLS} FROM item_big ORDER BY id`).all();
        for (const r of rows) {
          r.active = r.active === 1;
          r.created = date(r.created);
          r.meta = JSON.parse(r.meta);
        }
        return rows;
      },
    },
    W4: {
      async run(h) {
        const sql = `SELECT ${COLS} FROM item ORDER BY id`;
        return h.db ? h.db.prepare(sql).raw().all().map(decodeArr) : (await h.q(sql)).rows.map(fromPg);
      },
    },
    W5: {
      async run(h) {
        const ps = "SELECT id,name,email,rank FROM parent ORDER BY id",
          cs = "SELECT id,parent_id,pos,label,amount FROM child ORDER BY parent_id,pos";
        const [P, C] = h.db
          ? [h.db.prepare(ps).raw().all(), h.db.prepare(cs).raw().all()]
          : [(await h.q({ text: ps, rowMode: "array" })).rows, (await h.q({ text: cs, rowMode: "array" })).rows];
        const by = new Map();
        const out = P.map((r) => {
          const p = new Parent(r[0], r[1], r[2], r[3]);
          by.set(p.id, p);
          return p;
        });
        for (const r of C) by.get(r[1]).children.push(new Child(r[0], r[1], r[2], r[3], r[4]));
        return out;
      },
    },
    W6: {
      async run(h, a) {
        const out = a.data.map(
          (d) => new Item(undefined, d.title, d.body, d.score, d.active, d.created, d.price, d.meta),
        );
        if (h.db) {
          const st = h.db.prepare(
            "INSERT INTO item (title,body,score,active,created,price,meta) VALUES (?,?,?,?,?,?,?)",
          );
          h.db.transaction(() => {
            for (const e of out)
              e.id = st.run(
                e.title,
                e.body,
                e.score,
                e.active ? 1 : 0,
                fmtDate(e.created.getTime(), "space"),
                e.price,
                JSON.stringify(e.meta),
              ).lastInsertRowid;
          })();
          return out;
        }
        await h.q("BEGIN");
        for (const part of chunk(out, 2500)) {
          const c = [[], [], [], [], [], [], []];
          for (const e of part)
            [e.title, e.body, e.score, e.active, e.created, e.price, JSON.stringify(e.meta)].forEach((v, j) =>
              c[j].push(v),
            );
          const r = await h.q({
            rowMode: "array",
            text: "INSERT INTO item (title,body,score,active,created,price,meta) SELECT * FROM unnest($1::text[],$2::text[],$3::float8[],$4::bool[],$5::timestamp[],$6::numeric[],$7::jsonb[]) RETURNING id",
            values: c,
          });
          for (let i = 0; i < part.length; i++) part[i].id = r.rows[i][0];
        }
        await h.q("COMMIT");
        return out;
      },
    },
    W7: {
      async run(h, a) {
        const sql = `SELECT ${COLS} FROM item WHERE id <= ${SIZES.w7} ORDER BY id`;
        if (h.db) {
          const es = h.db.prepare(sql).raw().all().map(decodeArr);
          for (const e of es) e.title = `upd ${a.rep} ${e.id}`;
          const st = h.db.prepare("UPDATE item SET title = ? WHERE id = ?");
          h.db.transaction(() => {
            for (const e of es) st.run(e.title, e.id);
          })();
          return es;
        }
        await h.q("BEGIN");
        const es = (await h.q(sql)).rows.map(fromPg);
        for (const e of es) e.title = `upd ${a.rep} ${e.id}`;
        await h.q(
          "UPDATE item SET title = v.title FROM unnest($1::int[],$2::text[]) AS v(id,title) WHERE item.id = v.id",
          [es.map((e) => e.id), es.map((e) => e.title)],
        );
        await h.q("COMMIT");
        return es;
      },
    },
    "W7.rowwise": {
      dbs: ["pg"],
      async run(h, a) {
        await h.q("BEGIN");
        const es = (await h.q(`SELECT ${COLS} FROM item WHERE id <= ${SIZES.w7} ORDER BY id`)).rows.map(fromPg);
        for (const e of es) {
          e.title = `upd ${a.rep} ${e.id}`;
          await h.q({ name: "u", text: "UPDATE item SET title = $1 WHERE id = $2", values: [e.title, e.id] });
        }
        await h.q("COMMIT");
        return es;
      },
    },
    W8: {
      async run(h, a) {
        if (h.db) {
          const st = h.db.prepare("INSERT INTO bulk (a,b,c,d,e,f) VALUES (?,?,?,?,?,?)");
          h.db.transaction(() => {
            for (const r of a.data) st.run(r.a, r.b, r.c, r.d, r.e, r.f);
          })();
          return;
        }
        await h.q("BEGIN");
        for (const part of chunk(a.data, 10_000)) {
          const c = [[], [], [], [], [], []];
          for (const r of part) {
            c[0].push(r.a);
            c[1].push(r.b);
            c[2].push(r.c);
            c[3].push(r.d);
            c[4].push(r.e);
            c[5].push(r.f);
          }
          await h.q(
            "INSERT INTO bulk (a,b,c,d,e,f) SELECT * FROM unnest($1::int[],$2::text[],$3::text[],$4::float8[],$5::int[],$6::text[])",
            c,
          );
        }
        await h.q("COMMIT");
      },
    },
    W9: {
      async run(h, a) {
        const out = a.data.map((d) => {
          const p = new Parent(undefined, d.name, d.email, d.rank);
          p.children = d.children.map((c) => new Child(undefined, undefined, c.pos, c.label, c.amount));
          return p;
        });
        if (h.db) {
          const ps = h.db.prepare("INSERT INTO parent (name,email,rank) VALUES (?,?,?)"),
            cs = h.db.prepare("INSERT INTO child (parent_id,pos,label,amount) VALUES (?,?,?,?)");
          h.db.transaction(() => {
            for (const p of out) {
              p.id = ps.run(p.name, p.email, p.rank).lastInsertRowid;
              for (const c of p.children) {
                c.parentId = p.id;
                c.id = cs.run(p.id, c.pos, c.label, c.amount).lastInsertRowid;
              }
            }
          })();
          return out;
        }
        await h.q("BEGIN");
        const r = await h.q(
          "INSERT INTO parent (name,email,rank) SELECT * FROM unnest($1::text[],$2::text[],$3::int[]) RETURNING id",
          [out.map((p) => p.name), out.map((p) => p.email), out.map((p) => p.rank)],
        );
        out.forEach((p, i) => {
          p.id = r.rows[i].id;
        });
        const all = out.flatMap((p) => {
          for (const c of p.children) c.parentId = p.id;
          return p.children;
        });
        const r2 = await h.q(
          "INSERT INTO child (parent_id,pos,label,amount) SELECT * FROM unnest($1::int[],$2::int[],$3::text[],$4::float8[]) RETURNING id",
          [all.map((c) => c.parentId), all.map((c) => c.pos), all.map((c) => c.label), all.map((c) => c.amount)],
        );
        all.forEach((c, i) => {
          c.id = r2.rows[i].id;
        });
        await h.q("COMMIT");
        return out;
      },
    },
    W10: {
      async run(h, a) {
        return a.ctx.concurrent(
          async (id) =>
            (await h.pool.query({ name: "pt", text: `SELECT ${COLS} FROM item WHERE id = $1`, values: [id] })).rows[0],
          a.n,
        );
      },
    },
    "W10.unprepared": {
      async run(h, a) {
        return a.ctx.concurrent(
          async (id) => (await h.pool.query(`SELECT ${COLS} FROM item WHERE id = $1`, [id])).rows[0],
          a.n,
        );
      },
    },
  },
};
