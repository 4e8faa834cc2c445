// Shared data, schema, seeding and checksums. Everything here is outside the timed region.
import { createHash } from "node:crypto";

export const SIZES = {
  item: 10_000,
  itemBig: 100_000,
  parents: 2_000,
  kids: 5,
  w7: 5_000,
  w6: 10_000,
  w8: 100_000,
  w9p: 1_000,
  w9k: 10,
};

// ---- deterministic rows (the Python peer repeats these formulas) ----
export const itemRow = (i) => ({
  id: i,
  title: `Item ${i}`,
  body: `Body text for item number ${i}, lorem ipsum dolor sit amet ${(i * 7919) % 1000}`,
  score: ((i * 37) % 1000) * 0.25,
  active: i % 3 !== 0,
  created: 1_700_000_000_000 + i * 61_000 + (i % 1000), // epoch ms; peers turn it into their own date type
  price: ((i * 131) % 100_000) / 100,
  meta: { k: i % 100, tag: `t${i % 10}`, on: i % 2 === 0 },
});
export const parentRow = (i) => ({ id: i, name: `Parent ${i}`, email: `p${i}@example.com`, rank: i % 17 });
export const childRow = (pi, pos, per) => ({
  parentId: pi,
  pos,
  label: `Child ${pi}-${pos}`,
  amount: ((pi * per + pos) % 400) * 0.25,
});
export const bulkRow = (i) => ({
  a: i,
  b: `b${i}`,
  c: `some text ${i % 1000}`,
  d: (i % 1000) * 0.5,
  e: i % 7,
  f: `tail ${i % 13}`,
});
/** id sequence of the point-select workloads */
export const idAt = (k) => ((k * 7919) % SIZES.item) + 1;
/** accumulator that every point-select loop must return: sum of id + title length */
export const expectedPoint = (n) => {
  let s = 0;
  for (let k = 0; k < n; k++) {
    const id = idAt(k);
    s += id + `Item ${id}`.length;
  }
  return s;
};
/** the value that varies per iteration in W1 */
export const w1Amount = (k) => 90.5 + (k % 10);
export const W1_RANKS = [1, 2, 3, 4, 5];

const p2 = (n) => String(n).padStart(2, "0");
export const fmtDate = (ms, f) => {
  if (f === "ms") return ms;
  const d = new Date(ms);
  const day = `${d.getUTCFullYear()}-${p2(d.getUTCMonth() + 1)}-${p2(d.getUTCDate())}`;
  const t = `${p2(d.getUTCHours())}:${p2(d.getUTCMinutes())}:${p2(d.getUTCSeconds())}.${String(d.getUTCMilliseconds()).padStart(3, "0")}`;
  if (f === "space") return `${day} ${t}`;
  if (f === "space6") return `${day} ${t}000`;
  if (f === "seq") return `${day} ${t} +00:00`;
  if (f === "iso") return `${day}T${t}+00:00`;
  throw new Error(`date format ${f}`);
};

export const DDL = {
  sqlite: [
    ...["item", "item_big"].map(
      (t) =>
        `CREATE TABLE ${t} (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, body TEXT NOT NULL, score REAL NOT NULL, active BOOLEAN NOT NULL, created DATETIME NOT NULL, price NUMERIC(12,2) NOT NULL, meta JSON NOT NULL)`,
    ),
    `CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, email TEXT NOT NULL, rank INTEGER NOT NULL)`,
    `CREATE TABLE child (id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id INTEGER NOT NULL REFERENCES parent(id), pos INTEGER NOT NULL, label TEXT NOT NULL, amount REAL NOT NULL)`,
    `CREATE INDEX child_parent ON child(parent_id)`,
    `CREATE TABLE bulk (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER NOT NULL, b TEXT NOT NULL, c TEXT NOT NULL, d REAL NOT NULL, e INTEGER NOT NULL, f TEXT NOT NULL)`,
  ],
  pg: [
    ...["item", "item_big"].map(
      (t) =>
        `CREATE TABLE ${t} (id SERIAL PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, score DOUBLE PRECISION NOT NULL, active BOOLEAN NOT NULL, created TIMESTAMP(3) NOT NULL, price NUMERIC(12,2) NOT NULL, meta JSONB NOT NULL)`,
    ),
    `CREATE TABLE parent (id SERIAL PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, rank INTEGER NOT NULL)`,
    `CREATE TABLE child (id SERIAL PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent(id), pos INTEGER NOT NULL, label TEXT NOT NULL, amount DOUBLE PRECISION NOT NULL)`,
    `CREATE INDEX child_parent ON child(parent_id)`,
    `CREATE TABLE bulk (id SERIAL PRIMARY KEY, a INTEGER NOT NULL, b TEXT NOT NULL, c TEXT NOT NULL, d DOUBLE PRECISION NOT NULL, e INTEGER NOT NULL, f TEXT NOT NULL)`,
  ],
};

export async function seedSqlite(file, dateFormat, what) {
  const { default: Database } = await import("better-sqlite3");
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  for (const s of DDL.sqlite) db.exec(s);
  db.transaction(() => {
    const item = (t, n) => {
      const st = db.prepare(
        `INSERT INTO ${t} (id,title,body,score,active,created,price,meta) VALUES (?,?,?,?,?,?,?,?)`,
      );
      for (let i = 1; i <= n; i++) {
        const r = itemRow(i);
        st.run(
          r.id,
          r.title,
          r.body,
          r.score,
          r.active ? 1 : 0,
          fmtDate(r.created, dateFormat),
          r.price,
          JSON.stringify(r.meta),
        );
      }
    };
    if (what.item) item("item", what.item);
    if (what.itemBig) item("item_big", what.itemBig);
    if (what.parents) {
      const ps = db.prepare("INSERT INTO parent (id,name,email,rank) VALUES (?,?,?,?)");
      const cs = db.prepare("INSERT INTO child (parent_id,pos,label,amount) VALUES (?,?,?,?)");
      for (let i = 1; i <= what.parents; i++) {
        const p = parentRow(i);
        ps.run(p.id, p.name, p.email, p.rank);
        for (let k = 0; k < SIZES.kids; k++) {
          const c = childRow(i, k, SIZES.kids);
          cs.run(c.parentId, c.pos, c.label, c.amount);
        }
      }
    }
  })();
  db.exec("ANALYZE");
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

export async function pgInsertItems(c, t, n) {
  for (let s = 1; s <= n; s += 10_000) {
    const cols = [[], [], [], [], [], [], [], []];
    for (let i = s; i < s + 10_000 && i <= n; i++) {
      const r = itemRow(i);
      [r.id, r.title, r.body, r.score, r.active, fmtDate(r.created, "space"), r.price, JSON.stringify(r.meta)].forEach(
        (v, j) => cols[j].push(v),
      );
    }
    await c.query(
      `INSERT INTO ${t} SELECT * FROM unnest($1::int[],$2::text[],$3::text[],$4::float8[],$5::bool[],$6::timestamp[],$7::numeric[],$8::jsonb[])`,
      cols,
    );
  }
  await c.query(`SELECT setval('${t}_id_seq', ${n})`);
}

export async function seedPg(url, what) {
  const { default: pg } = await import("pg");
  const c = new pg.Client(url);
  await c.connect();
  for (const s of DDL.pg) await c.query(s);
  if (what.item) await pgInsertItems(c, "item", what.item);
  if (what.itemBig) await pgInsertItems(c, "item_big", what.itemBig);
  if (what.parents) {
    const P = [[], [], [], []],
      C = [[], [], [], []];
    for (let i = 1; i <= what.parents; i++) {
      const p = parentRow(i);
      [p.id, p.name, p.email, p.rank].forEach((v, j) => P[j].push(v));
      for (let k = 0; k < SIZES.kids; k++) {
        const r = childRow(i, k, SIZES.kids);
        [r.parentId, r.pos, r.label, r.amount].forEach((v, j) => C[j].push(v));
      }
    }
    await c.query("INSERT INTO parent SELECT * FROM unnest($1::int[],$2::text[],$3::text[],$4::int[])", P);
    await c.query(
      "INSERT INTO child (parent_id,pos,label,amount) SELECT * FROM unnest($1::int[],$2::int[],$3::text[],$4::float8[])",
      C,
    );
    await c.query(`SELECT setval('parent_id_seq', ${what.parents})`);
  }
  await c.query("VACUUM ANALYZE");
  await c.end();
}

// ---- canonical form + checksum ----
const sortKeys = (v) =>
  v && typeof v === "object" && !Array.isArray(v)
    ? Object.fromEntries(
        Object.keys(v)
          .sort()
          .map((k) => [k, sortKeys(v[k])]),
      )
    : v;
const toMs = (v) => {
  if (v instanceof Date) return v.getTime();
  if (typeof v === "number") return v;
  if (typeof v === "bigint") return Number(v);
  if (v && typeof v.epochMilliseconds === "number") return v.epochMilliseconds;
  let s = String(v);
  if (/^\d+$/.test(s)) return Number(s);
  if (/ [+-]\d\d:\d\d$/.test(s)) s = s.replace(/ (?=[+-]\d\d:\d\d$)/, "");
  s = s.replace(" ", "T");
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(s)) s += "Z";
  return Date.parse(s);
};
export const CANON = {
  int: (v) => String(Number(v)),
  text: (v) => String(v),
  float: (v) => Number(v).toFixed(4),
  bool: (v) => (v === true || v === 1 || v === "1" ? "true" : "false"),
  date: (v) => String(toMs(v)),
  dec: (v) => Number(String(v)).toFixed(2),
  json: (v) => JSON.stringify(sortKeys(typeof v === "string" ? JSON.parse(v) : v)),
};
export const ITEM_COLS = [
  ["id", "int"],
  ["title", "text"],
  ["body", "text"],
  ["score", "float"],
  ["active", "bool"],
  ["created", "date"],
  ["price", "dec"],
  ["meta", "json"],
];
export const hashLines = (lines) => createHash("sha1").update(lines.join("\n")).digest("hex").slice(0, 12);
export const canonRows = (rows, cols) =>
  rows.map((r) => cols.map(([n, t], i) => CANON[t](Array.isArray(r) ? r[i] : r[n])).join("|"));
/** W3/W4: rows or entities carrying id,title,body,score,active,created,price,meta */
export const sumItems = (rows) => hashLines(canonRows(rows, ITEM_COLS));
/** W5: parents with iterable .children */
export const sumParents = (ps) =>
  hashLines(
    [...ps].map(
      (p) =>
        `${p.id}|${p.name}|${p.email}|${p.rank}=` +
        [...p.children]
          .sort((a, b) => a.pos - b.pos)
          .map((c) => `${c.pos}|${c.label}|${Number(c.amount).toFixed(4)}`)
          .join(";"),
    ),
  );
/** how a result types its values, reported in the output so that "raw" rows are not mistaken for decoded ones */
export const describeTypes = (r) => {
  const t = (v) =>
    v === null || v === undefined
      ? String(v)
      : v instanceof Date
        ? "Date"
        : typeof v === "object"
          ? (v.constructor?.name ?? "object")
          : typeof v;
  const g = (n, i) => (Array.isArray(r) ? r[i] : r[n]);
  return ITEM_COLS.map(([n], i) => `${n}:${t(g(n, i))}`).join(" ");
};

// ---- expected checksums, from the formulas ----
const range = (n) => Array.from({ length: n }, (_, i) => i + 1);
export const EXPECT = {
  W3: () => sumItems(range(SIZES.itemBig).map(itemRow)),
  W4: () => sumItems(range(SIZES.item).map(itemRow)),
  W5: () =>
    sumParents(
      range(SIZES.parents).map((i) => ({
        ...parentRow(i),
        children: range(SIZES.kids).map((k) => childRow(i, k - 1, SIZES.kids)),
      })),
    ),
  W6: () => hashLines(canonRows(range(SIZES.w6).map(itemRow), ITEM_COLS.slice(1))),
  W7: (rep) => hashLines(range(SIZES.item).map((i) => `${i}|${i <= SIZES.w7 ? `upd ${rep} ${i}` : `Item ${i}`}`)),
  W8: () =>
    hashLines(
      range(SIZES.w8).map((i) => {
        const r = bulkRow(i);
        return `${r.a}|${r.b}|${r.c}|${r.d.toFixed(4)}|${r.e}|${r.f}`;
      }),
    ),
  W9: () =>
    hashLines(
      range(SIZES.w9p).flatMap((i) =>
        range(SIZES.w9k).map((k) => {
          const p = parentRow(i),
            c = childRow(i, k - 1, SIZES.w9k);
          return `${p.name}|${p.email}|${p.rank}|${c.pos}|${c.label}|${c.amount.toFixed(4)}`;
        }),
      ),
    ),
};
export const VERIFY_SQL = {
  W6: "SELECT title,body,score,active,created,price,meta FROM item ORDER BY LENGTH(title), title",
  W7: "SELECT id,title FROM item ORDER BY id",
  W8: "SELECT a,b,c,d,e,f FROM bulk ORDER BY a",
  W9: "SELECT p.name,p.email,p.rank,c.pos,c.label,c.amount FROM parent p JOIN child c ON c.parent_id = p.id ORDER BY LENGTH(p.name), p.name, c.pos",
};
export const verifyRows = (w, rows) => {
  if (w === "W6") return hashLines(canonRows(rows, ITEM_COLS.slice(1)));
  if (w === "W7") return hashLines(rows.map((r) => `${r.id}|${r.title}`));
  if (w === "W8") return hashLines(rows.map((r) => `${r.a}|${r.b}|${r.c}|${Number(r.d).toFixed(4)}|${r.e}|${r.f}`));
  if (w === "W9")
    return hashLines(
      rows.map((r) => `${r.name}|${r.email}|${r.rank}|${r.pos}|${r.label}|${Number(r.amount).toFixed(4)}`),
    );
};

/** per workload: title, nominal loop count, which data set it needs, whether it writes */
export const WORKLOADS = {
  W1: { title: "compile a medium select x100k (no execution)", n: 100_000, set: "ro", dbs: ["sqlite"] },
  W2: { title: "point select by PK x20k, plain rows", n: 20_000, set: "ro" },
  W3: { title: "fetch 100k rows x 8 columns, plain rows", set: "ro", mem: true },
  W4: { title: "ORM: load 10k entities x 8 columns", set: "ro", mem: true },
  W5: { title: "ORM: load 2k parents + 10k children eagerly", set: "ro" },
  W6: { title: "ORM: insert 10k new entities in one unit of work", set: "empty", write: true },
  W7: { title: "ORM: load 5k, change one column in each, flush", set: "upd", write: true },
  W8: { title: "bulk insert 100k rows x 6 columns", set: "empty", write: true },
  W9: { title: "insert graph: 1k parents x 10 children", set: "empty", write: true },
  W10: { title: "20k point selects, 64 clients, pool of 10", n: 20_000, set: "ro", dbs: ["pg"] },
};
export const SETS = {
  ro: { item: SIZES.item, itemBig: SIZES.itemBig, parents: SIZES.parents },
  upd: { item: SIZES.item },
  empty: {},
};
