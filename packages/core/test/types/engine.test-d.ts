/** Types of what an engine takes and gives: events, options, results. */
import {
  type ColumnElement,
  type Connection,
  type ConnectionPoolEntry,
  column,
  createEngine,
  type Engine,
  engineFromConfig,
  type FrozenResult,
  listen,
  MetaData,
  select,
  t,
  table,
  violates,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const is =
  <B>() =>
  <A>(_value: A, _equal: Equal<A, B>): void => {};

declare const engine: Engine;
declare const connection: Connection;
const users = table("users", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(9)),
});

// Events of an engine and of its pool, by both spellings.
listen(engine, "connect", (driver, entry) => {
  is<boolean>()(driver.isOpen(), true);
  is<ConnectionPoolEntry>()(entry, true);
});
listen(engine, "first_connect", (_driver, entry) => is<boolean>()(entry.inUse, true));
listen(engine, "begin", (begun) => is<Connection>()(begun, true));
listen(engine, "checkin", ({ connectionRecord }) => is<unknown>()(connectionRecord, true), {
  named: true,
});
// @ts-expect-error: misspelt
listen(engine, "conect", () => {});
// @ts-expect-error: connections have no events of the pool
listen(connection, "checkout", () => {});

// Through a helper.
function watch(target: Engine, seen: (id: number) => void): void {
  listen(target, "checkout", (_driver, entry, lease) => seen(lease.isValid ? entry.id : 0));
}
watch(engine, () => {});

createEngine("sqlite://", { enableFromLinting: false, poolTrackCheckouts: "auto" });
// @ts-expect-error: misspelt
createEngine("sqlite://", { enableFromLintng: false });
// @ts-expect-error: true, false or "auto"
createEngine("sqlite://", { poolTrackCheckouts: "always" });
engineFromConfig({ "db.url": "sqlite://" }, "db.");
engineFromConfig({ "db.url": "sqlite://" }, { prefix: "db.", echo: "debug" });
// @ts-expect-error: misspelt
engineFromConfig({}, { prefx: "db." });

const result = connection.execute(select(users.c.id, users.c.name));
type Row = { id: number; name: string | null };
is<Row["name"]>()(result.freeze().thaw().one().name, true);
is<number[]>()(result.merge(result).scalars().all(), true);
const written: object = result.lastInsertedParams();
void written;
function cached<R extends readonly unknown[], O extends object>(frozen: FrozenResult<R, O>): O[] {
  return frozen.thaw().mappings().all();
}
is<number | undefined>()(cached(result.freeze())[0]?.id, true);

// ---- constraints that were violated, tags
declare const failure: unknown;
const mail = table("mail_of", new MetaData(), { id: column(t.integer, { primaryKey: true }), address: column(t.text) });
const isTaken: boolean = violates(failure, mail.c.address, mail.c.id) || violates(failure, mail.primaryKey);
// @ts-expect-error no such column
violates(failure, mail.c.adress);
// @ts-expect-error a name is no column
violates(failure, "address");
const rethrown = <C extends ColumnElement>(error: unknown, what: C): boolean => violates(error, what);
rethrown(failure, mail.c.address);
createEngine("sqlite://", { statementTags: () => ({ route: "/x", user: 5, none: undefined }), slowStatement: 200 });
// @ts-expect-error tags are text
createEngine("sqlite://", { statementTags: { route: { path: "/x" } } });
void isTaken;

// Modes of transactions, by either name.
engine.executionOptions({ postgresqlReadonly: true, postgresqlDeferrable: true });
// @ts-expect-error a boolean
engine.executionOptions({ postgresqlReadonly: "yes" });
