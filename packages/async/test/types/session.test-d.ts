/** Types of AsyncSession: rows of executions, objects by key, copies, attribute names, steps. */
import type { AsyncEngine, AsyncResult, AsyncScalarResult } from "@athanor/async";
import {
  AsyncSession,
  type AsyncSessionTransaction,
  asyncScopedSession,
  asyncSessionmaker,
  type StepSession,
} from "@athanor/async/orm";
import { type CursorResult, column, foreignKey, insert, select, t } from "@athanor/core";
import { declarativeBase, listen, many, one, Session, selectinload } from "@athanor/orm";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const Base = declarativeBase();
class Team extends Base.mapped("team", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { nullable: false }),
  players: () => many(Player, { backPopulates: "team" }),
}) {}
class Player extends Base.mapped("player", {
  id: column(t.integer, { primaryKey: true }),
  points: column(t.integer),
  teamId: column("team_id", t.integer, foreignKey("team.id")),
  team: () => one(Team, { backPopulates: "players" }),
}) {}

declare const engine: AsyncEngine;
declare const session: AsyncSession;

// ---- executing ----
const rows = (await session.execute(select(Team, Player.$.points))).all();
same<(typeof rows)[number][0], Team>(true);
same<(typeof rows)[number][1], number | null>(true);
const teams = (await session.scalars(select(Team))).all();
same<typeof teams, Team[]>(true);
const name = await session.scalar(select(Team.$.name));
same<typeof name, string | null>(true);
const inserted = await session.execute(insert(Team).returning(Team.$.id));
same<typeof inserted extends CursorResult<infer V, infer _O> ? V[0] : never, number>(true);
const streamed = await session.stream(select(Team.$.name, Player.$.points));
same<typeof streamed extends AsyncResult<infer V, infer _O> ? V[1] : never, number | null>(true);
for await (const row of streamed) {
  same<(typeof row)[0], string>(true);
  same<typeof row.points, number | null>(true);
}
const streamedTeams = await session.streamScalars(select(Team));
same<typeof streamedTeams, AsyncScalarResult<Team>>(true);
// @ts-expect-error rows are awaited
session.execute(select(Team)).all();
// @ts-expect-error a stream's rows are awaited, too
streamed.all().length;
// @ts-expect-error there is no such attribute
(await session.scalars(select(Team))).one().nmae;
// @ts-expect-error asynchronous sessions have no query of the 1.x style
session.query(Team);

// ---- objects ----
const team = await session.get(Team, 1, { options: [selectinload(Team.$.players)] });
same<typeof team, Team | null>(true);
const player = await session.getOne(Player, 1);
same<typeof player, Player>(true);
// @ts-expect-error misspelt
void session.get(Team, 1, { optoins: [] });
// @ts-expect-error a table is no mapped class
void session.get(Team.table, 1);
const copies = await session.mergeAll([new Team({ name: "a" })], { load: true });
same<typeof copies, Team[]>(true);
const copy = await session.merge(player);
same<typeof copy, Player>(true);
// @ts-expect-error misspelt
void session.merge(player, { laod: false });
await session.refresh(player, ["points", "team"]);
await session.refresh(player, { attributeNames: ["points"], withForUpdate: true });
// @ts-expect-error misspelt
void session.refresh(player, { attributeName: ["points"] });
// @ts-expect-error names are text
void session.refresh(player, [1]);
const owner = await player.awaitable.team;
same<typeof owner, Team | null>(true);
// @ts-expect-error there is no such attribute
void player.awaitable.taem;
session.getBind({ clause: select(Team) });
session.bindMapper(Team, engine);
// @ts-expect-error a text is nothing to be bound to
session.bindMapper(Team, "sqlite://");

// ---- transactions ----
const counted = await session.begin(async (own) => (await own.scalars(select(Player))).all().length);
same<typeof counted, number>(true);
const savepoint = await session.beginNested();
same<typeof savepoint, AsyncSessionTransaction>(true);
same<typeof savepoint.parent, AsyncSessionTransaction | null>(true);

// ---- steps ----
const found = await session.run(function* (steps) {
  const first = yield* steps.get(Team, 1);
  same<typeof first, Team | null>(true);
  const names = (yield* steps.execute(select(Team.$.name))).all();
  same<(typeof names)[number][0], string>(true);
  same<(typeof names)[number]["name"], string>(true);
  if (first !== null) {
    const players = yield* steps.load(first, "players");
    for (const each of players) same<typeof each, Player>(true);
    // @ts-expect-error there is no such attribute
    yield* steps.load(first, "playres");
  }
  const merged = yield* steps.merge(new Player({ id: 1 }));
  same<typeof merged, Player>(true);
  // @ts-expect-error an object is no mapped class
  yield* steps.getOne(merged, 1);
  return yield* steps.beginNested(function* () {
    yield* steps.flush();
    return steps.dirty.size;
  });
});
same<typeof found, number>(true);

function* newest(steps: StepSession, of: typeof Player) {
  return (yield* steps.scalars(select(of).orderBy(of.$.id.desc()).limit(1))).oneOrNone();
}
const last = await session.run((steps) => newest(steps, Player));
same<typeof last, Player | null>(true);

// ---- factories ----
const AppSession = asyncSessionmaker(engine, { expireOnCommit: false });
const made = await AppSession.begin((own) => own.getOne(Team, 1));
same<typeof made, Team>(true);
const scoped = asyncScopedSession(AppSession);
same<ReturnType<typeof scoped>, AsyncSession>(true);
same<ReturnType<typeof scoped.registry.has>, boolean>(true);
// @ts-expect-error misspelt
asyncSessionmaker(engine, { expireOnComit: false });
async function firstOf<T extends object>(own: AsyncSession, type: abstract new (...args: never) => T): Promise<T> {
  return own.getOne(type, 1);
}
const generic = await firstOf(session, Team);
same<typeof generic, Team>(true);

// ---- events, the engine behind it ----
{
  listen(session, "beforeFlush", (own) => own.getBind().dialect.name);
  listen(session, "afterBegin", async (_own, _transaction, connection) => connection.execDriverSql("SELECT 1"));
  // @ts-expect-error no member of a session
  listen(session, "beforeFlush", (own) => own.query);
  class Tenant extends AsyncSession {
    readonly tenant: string = "x";
  }
  const Made = asyncSessionmaker({ class: Tenant });
  const shout = (each: InstanceType<typeof Made>) => each.tenant.toUpperCase();
  void Made.begin((each) => shout(each));
  // @ts-expect-error of the synchronous API
  asyncSessionmaker({ class: Session });
}
