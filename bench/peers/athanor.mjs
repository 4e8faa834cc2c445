/** Athanor's Core, as built in packages/*\/dist. Its ORM is ./athanor-orm.mjs. */

import { createAsyncEngine } from "@athanor/async";
import {
  asc,
  bindparam,
  column,
  createEngine,
  desc,
  foreignKey,
  insert,
  MetaData,
  select,
  t,
  table,
} from "@athanor/core";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { athanorVersion } from "../lib/athanor.mjs";
import { W1_RANKS, w1Amount } from "../lib/spec.mjs";

const key = () => column(t.integer, { primaryKey: true });
const required = (type) => column(type, { nullable: false });

const metadata = new MetaData();
const itemColumns = () => ({
  id: key(),
  title: required(t.text),
  body: required(t.text),
  score: required(t.double),
  active: required(t.boolean),
  created: required(t.dateTime),
  price: required(t.numeric(12, 2)),
  meta: required(t.json()),
});
const item = table("item", metadata, itemColumns());
const itemBig = table("item_big", metadata, itemColumns());
const parent = table("parent", metadata, {
  id: key(),
  name: required(t.text),
  email: required(t.text),
  rank: required(t.integer),
});
const child = table("child", metadata, {
  id: key(),
  parentId: column("parent_id", t.integer, foreignKey("parent.id"), { nullable: false }),
  pos: required(t.integer),
  label: required(t.text),
  amount: required(t.double),
});
const bulk = table("bulk", metadata, {
  id: key(),
  a: required(t.integer),
  b: required(t.text),
  c: required(t.text),
  d: required(t.double),
  e: required(t.integer),
  f: required(t.text),
});

const medium = (amount) =>
  select({
    id: parent.c.id,
    name: parent.c.name,
    email: parent.c.email,
    childId: child.c.id,
    label: child.c.label,
    title: item.c.title,
  })
    .selectFrom(parent)
    .join(child, child.c.parentId.eq(parent.c.id))
    .join(item, item.c.id.eq(child.c.id))
    .where(parent.c.rank.in(W1_RANKS), child.c.pos.ge(1), child.c.amount.lt(amount), item.c.score.gt(10))
    .orderBy(asc(parent.c.name), desc(child.c.pos))
    .limit(20);

const plain = { columnKeys: null, schemaTranslateMap: null, isMany: false };
const pointSelect = (id) => select(item).where(item.c.id.eq(id));
const reusedPointSelect = select(item).where(item.c.id.eq(bindparam("id")));

/** Rows one after another by `one`, on the open connection. */
async function points({ ctx }, { n }, one) {
  let sum = 0;
  if (ctx.db === "sqlite") {
    for (let k = 0; k < n; k++) {
      const row = one(ctx.idAt(k));
      sum += row.id + row.title.length;
    }
  } else {
    for (let k = 0; k < n; k++) {
      const row = await one(ctx.idAt(k));
      sum += row.id + row.title.length;
    }
  }
  return sum;
}

const inTurn = (engine, read) => async (id) => {
  const connection = await engine.connect();
  try {
    return (await read(connection, id)).one();
  } finally {
    await connection.close();
  }
};

const rebuilt = (connection, id) => connection.execute(pointSelect(id));
const reused = (connection, id) => connection.execute(reusedPointSelect, { id });

export default {
  name: "athanor",
  dateFormat: "space6",
  dbs: ["sqlite", "pg"],
  version: athanorVersion,
  async open(ctx) {
    if (ctx.db === "sqlite") {
      const engine = createEngine(`sqlite:///${ctx.sqliteFile}`);
      return { ctx, engine, connection: engine.connect() };
    }
    const url = ctx.pgUrl.replace(/^postgres:/, "postgresql:");
    const engine = createAsyncEngine(url, { poolSize: ctx.poolSize, maxOverflow: 0 });
    return { ctx, engine, connection: ctx.poolSize === 1 ? await engine.connect() : null };
  },
  async close({ connection, engine }) {
    await connection?.close();
    await engine.dispose();
  },
  workloads: {
    // Built and compiled each time, without a cache.
    W1: {
      run({ engine: { dialect } }, { n }) {
        let first;
        for (let k = 0; k < n; k++) {
          const compiled = medium(w1Amount(k)).compile({ dialect, renderPostcompile: true });
          first ??= compiled;
        }
        return { sql: first.sql, params: first.positions.flatMap((name) => first.params[name]) };
      },
    },
    // Built each time, found in the engine's cache: what execute() does before it calls the driver.
    "W1.cached": {
      run({ engine }, { n }) {
        const { compiler } = engine.core;
        let first;
        for (let k = 0; k < n; k++) {
          const { prepared, keyed } = compiler.prepare(medium(w1Amount(k)), plain);
          const bound = prepared.bind(prepared.values(keyed, null, null));
          first ??= bound;
        }
        return { sql: first.sql, params: first.parameters };
      },
    },
    // The same statement object each time, with a value for its parameter.
    "W1.reused": {
      run({ engine }, { n }) {
        const { prepared, keyed } = engine.core.compiler.prepare(medium(bindparam("amount")), plain);
        let first;
        for (let k = 0; k < n; k++) {
          const bound = prepared.bind(prepared.values(keyed, { amount: w1Amount(k) }, null));
          first ??= bound;
        }
        return { sql: first.sql, params: first.parameters };
      },
    },
    W2: {
      run: (h, a) =>
        points(
          h,
          a,
          h.ctx.db === "sqlite"
            ? (id) => rebuilt(h.connection, id).one()
            : async (id) => (await rebuilt(h.connection, id)).one(),
        ),
    },
    "W2.reused": {
      run: (h, a) =>
        points(
          h,
          a,
          h.ctx.db === "sqlite"
            ? (id) => reused(h.connection, id).one()
            : async (id) => (await reused(h.connection, id)).one(),
        ),
    },
    W3: { run: async ({ connection }) => (await connection.execute(select(itemBig).orderBy(itemBig.c.id))).all() },
    W8: {
      async run({ connection }, { data }) {
        await connection.execute(insert(bulk), data);
        await connection.commit();
      },
    },
    // Autocommit, as the peers read outside of a transaction.
    W10: {
      run: ({ engine, ctx }, { n }) =>
        ctx.concurrent(inTurn(engine.executionOptions({ isolationLevel: "AUTOCOMMIT" }), rebuilt), n),
    },
    "W10.reused": {
      run: ({ engine, ctx }, { n }) =>
        ctx.concurrent(inTurn(engine.executionOptions({ isolationLevel: "AUTOCOMMIT" }), reused), n),
    },
    // Each read in a transaction of its own: BEGIN, SELECT, ROLLBACK.
    "W10.transaction": { run: ({ engine, ctx }, { n }) => ctx.concurrent(inTurn(engine, rebuilt), n) },
  },
};
