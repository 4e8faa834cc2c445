/** Types of inspectors and of tables that are read: sync and async fronts, keys of results, misspelt options. */
import { type AsyncConnection, type AsyncEngine, inspect as inspectAsync } from "@athanor/async";
import {
  type Column,
  type Connection,
  column,
  type Engine,
  type Inspector,
  inspect,
  type MetaData,
  ObjectKind,
  type ReflectedColumn,
  type ReflectedForeignKeyConstraint,
  type SqlType,
  type Table,
  t,
  table,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

declare const engine: Engine;
declare const connection: Connection;
declare const asyncEngine: AsyncEngine;
declare const asyncConnection: AsyncConnection;
declare const metadata: MetaData;

// ---- the synchronous front ----
const inspector: Inspector = inspect(engine);
inspect(connection);
const columns = inspector.getColumns("users", { schema: "app" });
same<typeof columns, readonly ReflectedColumn[]>(true);
const type: SqlType | undefined = columns[0]?.type;
const fallback: string | null | undefined = columns[0]?.default;
same<ReturnType<typeof inspector.getTableNames>, readonly string[]>(true);
same<ReturnType<typeof inspector.hasTable>, boolean>(true);
const keys: ReadonlyMap<string, readonly ReflectedForeignKeyConstraint[]> = inspector.getMultiForeignKeys({
  kind: ObjectKind.TABLE | ObjectKind.VIEW,
  filterNames: ["users"],
});
for (const [name, referred] of inspector.getSortedTableAndFkcNames()) void [name, referred[0]?.[1]];
// @ts-expect-error: there is no such method
inspector.getColumnNames("users");
// @ts-expect-error: the name is needed
inspector.getColumns();
// @ts-expect-error: it is `schema`
inspector.getColumns("users", { schemaName: "app" });
// @ts-expect-error: it is `filterNames`
inspector.getMultiColumns({ filter_names: [] });
// @ts-expect-error: answers are not for changing
inspector.getTableNames().push("x");
// @ts-expect-error: of a MetaData there is no inspector
inspect(metadata);
// @ts-expect-error: an asynchronous engine has an inspector of its own
inspect(asyncEngine);

// ---- the asynchronous front ----
async function asynchronous(): Promise<void> {
  const own = await inspectAsync(asyncEngine);
  await inspectAsync(asyncConnection);
  same<ReturnType<typeof own.getColumns>, Promise<readonly ReflectedColumn[]>>(true);
  same<ReturnType<typeof own.hasTable>, Promise<boolean>>(true);
  // @ts-expect-error: a synchronous engine has an inspector of its own
  await inspectAsync(engine);
  const read = await table("users", metadata, { autoloadWith: asyncEngine });
  const id: Column | undefined = read.c["id"];
  const typed = await table("users", metadata, { id: column(t.integer, { primaryKey: true }) }, { autoloadWith: own });
  same<(typeof typed.c.id)["~value"], number>(true);
  const done: Promise<void> = metadata.reflect(asyncConnection, { only: (name) => name.startsWith("a"), views: true });
  const names: readonly string[] = await asyncConnection.run(function* (steps) {
    return yield* steps.inspect().getTableNames();
  });
  void [id, done, names];
}

// ---- tables ----
const users = table("users", metadata, { autoloadWith: engine });
const anyColumn: Column | undefined = users.c["whatever"];
const overridden = table(
  "users",
  metadata,
  { id: column(t.bigInteger, { primaryKey: true }) },
  { autoloadWith: connection, includeColumns: ["id"] },
);
same<(typeof overridden.c.id)["~value"], bigint>(true);
const named = table("users", metadata, column("id", t.integer, { primaryKey: true }), { autoloadWith: inspector });
same<(typeof named.c.id)["~value"], number>(true);
const nothing = metadata.reflect(engine, { only: ["users"], resolveFks: false, extendExisting: true });
same<typeof nothing, void>(true);
// @ts-expect-error: a MetaData is nothing to read from
table("users", metadata, { autoloadWith: metadata });
// @ts-expect-error: `only` is a list or a function
metadata.reflect(engine, { only: "users" });

/** Through a function of the user's own. */
function load(name: string, from: Engine | Connection): Table {
  return table(name, metadata, { autoloadWith: from });
}

void [type, fallback, keys, asynchronous, anyColumn, nothing, load];
