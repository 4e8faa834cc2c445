/**
 * Athanor's ORM, as built in packages/*\/dist: identity map, change tracking and unit of work in all workloads. SQLite by the
 * synchronous Session, PostgreSQL by AsyncSession. Its Core is ./athanor.mjs.
 */

import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, createEngine, foreignKey, select, t } from "@athanor/core";
import { JSONB } from "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { declarativeBase, joinedload, many, one, Session, selectinload, subqueryload } from "@athanor/orm";
import { athanorVersion } from "../lib/athanor.mjs";
import { SIZES } from "../lib/spec.mjs";

const key = () => column(t.integer, { primaryKey: true });
const required = (type) => column(type, { nullable: false });

/** Values as raw's own hydration gives them: prices are numbers on SQLite, texts on PostgreSQL. */
function models(isLite) {
  const Base = declarativeBase();
  class Item extends Base.mapped("item", {
    id: key(),
    title: required(t.text),
    body: required(t.text),
    score: required(t.double),
    active: required(t.boolean),
    created: required(t.dateTime),
    price: required(t.numeric(12, 2, isLite ? { as: "number" } : {})),
    meta: required(isLite ? t.json() : JSONB()),
  }) {}
  class Parent extends Base.mapped("parent", {
    id: key(),
    name: required(t.text),
    email: required(t.text),
    rank: required(t.integer),
    children: () => many(Child, { backPopulates: "parent" }),
  }) {}
  class Child extends Base.mapped("child", {
    id: key(),
    parentId: column("parent_id", t.integer, foreignKey("parent.id"), { nullable: false }),
    pos: required(t.integer),
    label: required(t.text),
    amount: required(t.double),
    parent: () => one(Parent, { backPopulates: "children" }),
  }) {}
  return { Item, Parent, Child };
}

/** A new session. It is kept until the next repetition, as in a program that goes on to use what it loaded. */
function open(h) {
  h.session = h.newSession();
  return h.session;
}

async function release(h) {
  const { session } = h;
  h.session = null;
  await session?.close();
}

function load(h, statement) {
  const session = open(h);
  return h.isLite ? session.scalars(statement).all() : session.scalars(statement).then((result) => result.all());
}

function loadUnique(h, statement) {
  const session = open(h);
  if (h.isLite) return session.scalars(statement).unique().all();
  return session.scalars(statement).then((result) => result.unique().all());
}

async function store(h, objects) {
  const session = open(h);
  session.addAll(objects);
  await session.commit();
  return objects;
}

const eagerly = (option, get) => ({
  before: release,
  run: (h) => get(h, select(h.Parent).options(option(h.Parent.$.children)).orderBy(h.Parent.$.id)),
});

export default {
  name: "athanor-orm",
  dateFormat: "space6",
  dbs: ["sqlite", "pg"],
  version: athanorVersion,
  async open(ctx) {
    const isLite = ctx.db === "sqlite";
    const engine = isLite
      ? createEngine(`sqlite:///${ctx.sqliteFile}`)
      : createAsyncEngine(ctx.pgUrl.replace("postgres://", "postgresql://"), {
          poolSize: ctx.poolSize,
          maxOverflow: 0,
        });
    const newSession = isLite ? () => new Session(engine, { expireOnCommit: false }) : () => new AsyncSession(engine);
    return { ctx, isLite, engine, newSession, session: null, ...models(isLite) };
  },
  async close(h) {
    await release(h);
    await h.engine.dispose();
  },
  workloads: {
    W4: { before: release, run: (h) => load(h, select(h.Item).orderBy(h.Item.$.id)) },
    "W5.selectin": eagerly(selectinload, load),
    "W5.joined": eagerly(joinedload, loadUnique),
    "W5.subquery": eagerly(subqueryload, load),
    W6: {
      before: release,
      run: (h, { data }) =>
        store(
          h,
          data.map((values) => new h.Item(values)),
        ),
    },
    W7: {
      before: release,
      async run(h, { rep }) {
        const items = await load(h, select(h.Item).where(h.Item.$.id.le(SIZES.w7)).orderBy(h.Item.$.id));
        for (const item of items) item.title = `upd ${rep} ${item.id}`;
        await h.session.commit();
        return items;
      },
    },
    W9: {
      before: release,
      run: (h, { data }) =>
        store(
          h,
          data.map(
            (values) => new h.Parent({ ...values, children: values.children.map((child) => new h.Child(child)) }),
          ),
        ),
    },
  },
};
