/**
 * Writes the same program for each library: a schema of 100 tables with 12 columns and 3 relationships each, and 200 queries
 * in 10 files, a tenth of them with a misspelt column or a wrong value, a fifth passed through helper functions. Next: ./run.mjs.
 */

import { join } from "node:path";

/** How the programs are compiled: as a strict project of the library's user; `root` has the types of Node. */
export const configuration = (root) => ({
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "esnext.disposable", "esnext.iterator", "esnext.collection"],
    module: "nodenext",
    moduleResolution: "nodenext",
    moduleDetection: "force",
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["*.ts"],
});

export const TABLES = 100;
export const QUERIES = 200;
const FILES = 10;
/** The tables that table `i` refers to. */
const targets = (i) => [(i + 1) % TABLES, (i + 7) % TABLES, (i + 31) % TABLES];
const range = (n) => Array.from({ length: n }, (_, i) => i);
const lines = (n, f) => range(n).map(f).join("\n");

/** Query `i` in the words of a library; `kinds` has one function for each kind of query. */
function queryFile(file, kinds, header) {
  const first = (QUERIES / FILES) * file;
  return `${header}\n\n${lines(QUERIES / FILES, (k) => {
    const i = first + k;
    const [a, b, c] = [i % TABLES, ...targets(i % TABLES)];
    return `export async function q${i}() {\n${kinds[i % kinds.length](a, b, c, i)}\n}`;
  })}\n`;
}

const files = (schema, kinds, header, more = {}) => ({
  "schema.ts": schema,
  ...more,
  ...Object.fromEntries(range(FILES).map((n) => [`queries-${n}.ts`, queryFile(n, kinds, header)])),
});

const shape = "{ id: number; name: string; other: string }";

// ---- Athanor, mapped classes ----

const mapped = (i) => `export class T${i} extends Base.mapped("t${i}", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  email: column(t.string(100)),
  amount: column(t.numeric(12, 2), { nullable: false }),
  count: column(t.integer, { nullable: false }),
  active: column(t.boolean, { nullable: false }),
  createdAt: column("created_at", t.dateTime, { nullable: false }),
  data: column(t.json<{ a: number; b: string[] }>(), { nullable: false }),
  note: column(t.text),
${targets(i)
  .map((to, n) => `  ref${n}Id: column("ref${n}_id", t.integer, foreignKey("t${to}.id"), { nullable: false }),`)
  .join("\n")}
${targets(i)
  .map((to, n) => `  ref${n}: () => one(T${to}, { foreignKeys: () => T${i}.$.ref${n}Id }),`)
  .join("\n")}
}) {}`;

const athanorOrm = files(
  `import { column, foreignKey, t } from "@athanor/core";
import { declarativeBase, one } from "@athanor/orm";
export const Base = declarativeBase();
${lines(TABLES, mapped)}
`,
  [
    (
      a,
      b,
    ) => `  const rows = session.execute(select(T${a}.$.id, T${a}.$.name, T${b}.$.name.label("other")).join(T${a}.$.ref0)
    .where(T${a}.$.active.eq(true), T${a}.$.count.gt(5), T${b}.$.name.like("x%")).orderBy(T${a}.$.name).limit(20)).all();
  return rows.map((row): ${shape} => row);`,
    (a, b) => `  const rows = session.execute(select(T${a}.$.name, func.count(T${b}.$.id).label("n")).join(T${a}.$.ref0)
    .where(T${a}.$.id.in([1, 2, 3])).groupBy(T${a}.$.name).orderBy(T${a}.$.name)).all();
  return rows.map((row): { name: string; n: number } => row);`,
    (
      a,
    ) => `  const rows = session.execute(page(select(T${a}.$.id, T${a}.$.email, T${a}.$.createdAt).where(T${a}.$.amount.gt("3.5")), 3)).all();
  return rows.map((row): { id: number; email: string | null; createdAt: Date } => row);`,
    (
      a,
      b,
      c,
    ) => `  const found = session.scalars(select(T${a}).options(selectinload(T${a}.$.ref0), selectinload(T${a}.$.ref1)).where(T${a}.$.count.gt(1))).all();
  return found.map((one): [number, string, T${b} | null, T${c} | null] => [one.id, one.name, one.ref0, one.ref1]);`,
    (a) => `  // @ts-expect-error misspelt
  const rows = session.execute(select(T${a}.$.id, T${a}.$.nmae)).all();
  return rows.length;`,
    (
      a,
      b,
    ) => `  const rows = session.execute(select(T${a}.$.id, T${a}.$.name, T${b}.$.name.label("other")).join(T${b}, T${b}.$.id.eq(T${a}.$.ref0Id))
    .where(T${a}.$.data.isNot(null), T${b}.$.count.between(1, 5)).orderBy(T${a}.$.createdAt.desc())).all();
  return rows.map((row): ${shape} => row);`,
    (a) => `  const rows = session.execute(page(newest(select(T${a}.$.id, T${a}.$.note), T${a}.$.createdAt), 2)).all();
  return rows.map((row): { id: number; note: string | null } => row);`,
    (a) =>
      `  session.execute(insert(T${a}).values({ name: "x", amount: "1.50", count: 1, active: true, createdAt: new Date(), data: { a: 1, b: [] }, ref0Id: 1, ref1Id: 2, ref2Id: 3 }));`,
    (a) =>
      `  session.execute(update(T${a}).where(T${a}.$.id.eq(1)).values({ name: "y", count: T${a}.$.count.add(1) }));`,
    (a) => `  // @ts-expect-error a string is no number
  const rows = session.execute(select(T${a}.$.id).where(T${a}.$.count.gt("five"))).all();
  return rows.length;`,
  ],
  `import { func, insert, select, update } from "@athanor/core";
import { selectinload } from "@athanor/orm";
import { newest, page, session } from "./helpers.ts";
import { ${range(TABLES)
    .map((i) => `T${i}`)
    .join(", ")} } from "./schema.ts";`,
  {
    "helpers.ts": `import type { ColumnElement, Select } from "@athanor/core";
import type { Session } from "@athanor/orm";
export declare const session: Session;
export function page<V extends readonly unknown[], O extends object>(query: Select<V, O>, number: number): Select<V, O> {
  return query.limit(20).offset(20 * number);
}
export function newest<S extends Select>(query: S, by: ColumnElement<Date>): S {
  return query.orderBy(by.desc());
}
`,
  },
);

// ---- Athanor, Core tables ----

const coreTable = (i) => `export const t${i} = table("t${i}", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  email: column(t.string(100)),
  amount: column(t.numeric(12, 2), { nullable: false }),
  count: column(t.integer, { nullable: false }),
  active: column(t.boolean, { nullable: false }),
  createdAt: column("created_at", t.dateTime, { nullable: false }),
  data: column(t.json<{ a: number; b: string[] }>(), { nullable: false }),
  note: column(t.text),
${targets(i)
  .map((to, n) => `  ref${n}Id: column("ref${n}_id", t.integer, foreignKey("t${to}.id"), { nullable: false }),`)
  .join("\n")}
});`;

const athanorCore = files(
  `import { column, foreignKey, MetaData, t, table } from "@athanor/core";
export const metadata = new MetaData();
${lines(TABLES, coreTable)}
`,
  [
    (
      a,
      b,
    ) => `  const rows = connection.execute(select(t${a}.c.id, t${a}.c.name, t${b}.c.name.label("other")).join(t${b}, t${b}.c.id.eq(t${a}.c.ref0Id))
    .where(t${a}.c.active.eq(true), t${a}.c.count.gt(5), t${b}.c.name.like("x%")).orderBy(t${a}.c.name).limit(20)).all();
  return rows.map((row): ${shape} => row);`,
    (
      a,
      b,
    ) => `  const rows = connection.execute(select(t${a}.c.name, func.count(t${b}.c.id).label("n")).join(t${b}, t${b}.c.id.eq(t${a}.c.ref0Id))
    .where(t${a}.c.id.in([1, 2, 3])).groupBy(t${a}.c.name).orderBy(t${a}.c.name)).all();
  return rows.map((row): { name: string; n: number } => row);`,
    (
      a,
    ) => `  const rows = connection.execute(page(select(t${a}.c.id, t${a}.c.email, t${a}.c.createdAt).where(t${a}.c.amount.gt("3.5")), 3)).all();
  return rows.map((row): { id: number; email: string | null; createdAt: Date } => row);`,
    (
      a,
      b,
    ) => `  const rows = connection.execute(select({ id: t${a}.c.id, name: t${a}.c.name, other: t${b}.c.name, more: t${b}.c.email }).selectFrom(t${a}).join(t${b}, t${b}.c.id.eq(t${a}.c.ref0Id)).where(t${a}.c.count.gt(1))).all();
  return rows.map((row): ${shape} => row);`,
    (a) => `  // @ts-expect-error misspelt
  const rows = connection.execute(select(t${a}.c.id, t${a}.c.nmae)).all();
  return rows.length;`,
    (
      a,
      b,
    ) => `  const rows = connection.execute(select(t${a}.c.id, t${a}.c.name, t${b}.c.name.label("other")).join(t${b}, t${b}.c.id.eq(t${a}.c.ref0Id))
    .where(t${a}.c.data.isNot(null), t${b}.c.count.between(1, 5)).orderBy(t${a}.c.createdAt.desc())).all();
  return rows.map((row): ${shape} => row);`,
    (
      a,
    ) => `  const rows = connection.execute(page(newest(select(t${a}.c.id, t${a}.c.note), t${a}.c.createdAt), 2)).all();
  return rows.map((row): { id: number; note: string | null } => row);`,
    (a) =>
      `  connection.execute(insert(t${a}).values({ name: "x", amount: "1.50", count: 1, active: true, createdAt: new Date(), data: { a: 1, b: [] }, ref0Id: 1, ref1Id: 2, ref2Id: 3 }));`,
    (a) =>
      `  connection.execute(update(t${a}).where(t${a}.c.id.eq(1)).values({ name: "y", count: t${a}.c.count.add(1) }));`,
    (a) => `  // @ts-expect-error a string is no number
  const rows = connection.execute(select(t${a}.c.id).where(t${a}.c.count.gt("five"))).all();
  return rows.length;`,
  ],
  `import { func, insert, select, update } from "@athanor/core";
import { connection, newest, page } from "./helpers.ts";
import { ${range(TABLES)
    .map((i) => `t${i}`)
    .join(", ")} } from "./schema.ts";`,
  {
    "helpers.ts": `import type { ColumnElement, Connection, Select } from "@athanor/core";
export declare const connection: Connection;
export function page<V extends readonly unknown[], O extends object>(query: Select<V, O>, number: number): Select<V, O> {
  return query.limit(20).offset(20 * number);
}
export function newest<S extends Select>(query: S, by: ColumnElement<Date>): S {
  return query.orderBy(by.desc());
}
`,
  },
);

// ---- Drizzle ----

const drizzleTable = (i) => `export const t${i} = pgTable("t${i}", {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
  email: varchar({ length: 100 }),
  amount: numeric({ precision: 12, scale: 2 }).notNull(),
  count: integer().notNull(),
  active: boolean().notNull(),
  createdAt: timestamp("created_at").notNull(),
  data: jsonb().$type<{ a: number; b: string[] }>().notNull(),
  note: text(),
${targets(i)
  .map((to, n) => `  ref${n}Id: integer("ref${n}_id").notNull().references((): AnyPgColumn => t${to}.id),`)
  .join("\n")}
});
export const t${i}Relations = relations(t${i}, ({ one }) => ({
${targets(i)
  .map(
    (to, n) => `  ref${n}: one(t${to}, { fields: [t${i}.ref${n}Id], references: [t${to}.id], relationName: "r${n}" }),`,
  )
  .join("\n")}
}));`;

const drizzle = files(
  `import { relations } from "drizzle-orm";
import { type AnyPgColumn, boolean, integer, jsonb, numeric, pgTable, serial, text, timestamp, varchar } from "drizzle-orm/pg-core";
${lines(TABLES, drizzleTable)}
`,
  [
    (
      a,
      b,
    ) => `  const rows = await db.select({ id: t${a}.id, name: t${a}.name, other: t${b}.name }).from(t${a}).innerJoin(t${b}, eq(t${b}.id, t${a}.ref0Id))
    .where(and(eq(t${a}.active, true), gt(t${a}.count, 5), like(t${b}.name, "x%"))).orderBy(t${a}.name).limit(20);
  return rows.map((row): ${shape} => row);`,
    (
      a,
      b,
    ) => `  const rows = await db.select({ name: t${a}.name, n: count(t${b}.id) }).from(t${a}).innerJoin(t${b}, eq(t${b}.id, t${a}.ref0Id))
    .where(inArray(t${a}.id, [1, 2, 3])).groupBy(t${a}.name).orderBy(t${a}.name);
  return rows.map((row): { name: string; n: number } => row);`,
    (
      a,
    ) => `  const rows = await page(db.select({ id: t${a}.id, email: t${a}.email, createdAt: t${a}.createdAt }).from(t${a}).where(gt(t${a}.amount, "3.5")).$dynamic(), 3);
  return rows.map((row): { id: number; email: string | null; createdAt: Date } => row);`,
    (
      a,
    ) => `  const found = await db.query.t${a}.findMany({ with: { ref0: true, ref1: true }, where: gt(t${a}.count, 1) });
  return found.map((one): [number, string, number, string] => [one.id, one.name, one.ref0.id, one.ref1.name]);`,
    (a) => `  // @ts-expect-error misspelt
  const rows = await db.select({ id: t${a}.id, name: t${a}.nmae }).from(t${a});
  return rows.length;`,
    (
      a,
      b,
    ) => `  const rows = await db.select({ id: t${a}.id, name: t${a}.name, other: t${b}.name }).from(t${a}).innerJoin(t${b}, eq(t${b}.id, t${a}.ref0Id))
    .where(and(isNotNull(t${a}.data), between(t${b}.count, 1, 5))).orderBy(desc(t${a}.createdAt));
  return rows.map((row): ${shape} => row);`,
    (
      a,
    ) => `  const rows = await page(newest(db.select({ id: t${a}.id, note: t${a}.note }).from(t${a}).$dynamic(), t${a}.createdAt), 2);
  return rows.map((row): { id: number; note: string | null } => row);`,
    (a) =>
      `  await db.insert(t${a}).values({ name: "x", amount: "1.50", count: 1, active: true, createdAt: new Date(), data: { a: 1, b: [] }, ref0Id: 1, ref1Id: 2, ref2Id: 3 });`,
    (a) => `  await db.update(t${a}).set({ name: "y", count: sql\`\${t${a}.count} + 1\` }).where(eq(t${a}.id, 1));`,
    (a) => `  // @ts-expect-error a string is no number
  const rows = await db.select({ id: t${a}.id }).from(t${a}).where(gt(t${a}.count, true));
  return rows.length;`,
  ],
  `import { and, between, count, desc, eq, gt, inArray, isNotNull, like, sql } from "drizzle-orm";
import { db, newest, page } from "./helpers.ts";
import { ${range(TABLES)
    .map((i) => `t${i}`)
    .join(", ")} } from "./schema.ts";`,
  {
    "helpers.ts": `import { desc } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { AnyPgColumn, PgSelect } from "drizzle-orm/pg-core";
import type * as schema from "./schema.ts";
export declare const db: NodePgDatabase<typeof schema>;
export function page<Q extends PgSelect>(query: Q, number: number) {
  return query.limit(20).offset(20 * number);
}
export function newest<Q extends PgSelect>(query: Q, by: AnyPgColumn) {
  return query.orderBy(desc(by));
}
`,
  },
);

// ---- Kysely ----

const kyselyTable = (i) => `export interface T${i} {
  id: Generated<number>;
  name: string;
  email: string | null;
  amount: string;
  count: number;
  active: boolean;
  createdAt: Date;
  data: { a: number; b: string[] };
  note: string | null;
  ref0Id: number;
  ref1Id: number;
  ref2Id: number;
}`;

const kysely = files(
  `import type { Generated } from "kysely";
${lines(TABLES, kyselyTable)}
export interface DB {
${lines(TABLES, (i) => `  t${i}: T${i};`)}
}
`,
  [
    (
      a,
      b,
    ) => `  const rows = await db.selectFrom("t${a}").innerJoin("t${b}", "t${b}.id", "t${a}.ref0Id").select(["t${a}.id", "t${a}.name", "t${b}.name as other"])
    .where("t${a}.active", "=", true).where("t${a}.count", ">", 5).where("t${b}.name", "like", "x%").orderBy("t${a}.name").limit(20).execute();
  return rows.map((row): ${shape} => row);`,
    (
      a,
      b,
    ) => `  const rows = await db.selectFrom("t${a}").innerJoin("t${b}", "t${b}.id", "t${a}.ref0Id").select((eb) => ["t${a}.name", eb.fn.count<number>("t${b}.id").as("n")])
    .where("t${a}.id", "in", [1, 2, 3]).groupBy("t${a}.name").orderBy("t${a}.name").execute();
  return rows.map((row): { name: string; n: number } => row);`,
    (
      a,
    ) => `  const rows = await page(db.selectFrom("t${a}").select(["t${a}.id", "t${a}.email", "t${a}.createdAt"]).where("t${a}.amount", ">", "3.5"), 3).execute();
  return rows.map((row): { id: number; email: string | null; createdAt: Date } => row);`,
    (
      a,
      b,
    ) => `  const rows = await db.selectFrom("t${a}").innerJoin("t${b}", "t${b}.id", "t${a}.ref0Id").select(["t${a}.id", "t${a}.name", "t${b}.name as other", "t${b}.email as more"]).where("t${a}.count", ">", 1).execute();
  return rows.map((row): ${shape} => row);`,
    (a) => `  // @ts-expect-error misspelt
  const rows = await db.selectFrom("t${a}").select(["t${a}.id", "t${a}.nmae"]).execute();
  return rows.length;`,
    (
      a,
      b,
    ) => `  const rows = await db.selectFrom("t${a}").innerJoin("t${b}", "t${b}.id", "t${a}.ref0Id").select(["t${a}.id", "t${a}.name", "t${b}.name as other"])
    .where("t${a}.data", "is not", null).where((eb) => eb.between("t${b}.count", 1, 5)).orderBy("t${a}.createdAt", "desc").execute();
  return rows.map((row): ${shape} => row);`,
    (a) => `  const rows = await page(newest(db.selectFrom("t${a}").select(["t${a}.id", "t${a}.note"])), 2).execute();
  return rows.map((row): { id: number; note: string | null } => row);`,
    (a) =>
      `  await db.insertInto("t${a}").values({ name: "x", email: null, note: null, amount: "1.50", count: 1, active: true, createdAt: new Date(), data: { a: 1, b: [] }, ref0Id: 1, ref1Id: 2, ref2Id: 3 }).execute();`,
    (a) =>
      `  await db.updateTable("t${a}").set((eb) => ({ name: "y", count: eb("count", "+", 1) })).where("t${a}.id", "=", 1).execute();`,
    (a) => `  // @ts-expect-error a string is no number
  const rows = await db.selectFrom("t${a}").select("t${a}.id").where("t${a}.count", ">", "five").execute();
  return rows.length;`,
  ],
  'import { db, newest, page } from "./helpers.ts";',
  {
    "helpers.ts": `import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { DB } from "./schema.ts";
export declare const db: Kysely<DB>;
export function page<D, T extends keyof D, O>(query: SelectQueryBuilder<D, T, O>, number: number): SelectQueryBuilder<D, T, O> {
  return query.limit(20).offset(20 * number);
}
export function newest<D, T extends keyof D, O>(query: SelectQueryBuilder<D, T, O>): SelectQueryBuilder<D, T, O> {
  return query.orderBy(sql\`created_at\`, "desc");
}
`,
  },
);

/** The programs by library, each a map from file name to text. */
export const programs = { athanor: athanorOrm, "athanor (Core)": athanorCore, drizzle, kysely };
