/** Options of loading and of sessions: expressions of statements, refresh(), binds, the legacy Query, dynamic collections. */
import { column, type Engine, foreignKey, literal, select, t } from "@athanor/core";
import { declarativeBase, many, one, queryExpression, type Session, selectinload, withExpression } from "@athanor/orm";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const Base = declarativeBase();
class Player extends Base.mapped("player", {
  id: column(t.integer, { primaryKey: true }),
  points: column(t.integer, { nullable: false }),
  teamId: column("team_id", t.integer, foreignKey("team.id")),
  rank: queryExpression<number>(),
  bonus: queryExpression(literal("x")),
  team: () => one(Team),
}) {}
class Team extends Base.mapped("team", {
  id: column(t.integer, { primaryKey: true }),
  players: () => many(Player, { lazy: "dynamic" }),
}) {}

declare const session: Session;
declare const engine: Engine;
declare const player: Player;
declare const team: Team;

same<typeof player.rank, number | null>(true);
same<typeof player.bonus, string | null>(true);
void select(Player).options(withExpression(Player.$.rank, Player.$.points.add(1)));
// @ts-expect-error there is no such attribute
void withExpression(Player.$.rnak, Player.$.points);
// @ts-expect-error an expression is wanted
withExpression(Player.$.rank);
const ranked = (by: typeof Player.$.points) => select(Player).options(withExpression(Player.$.rank, by));
void ranked(Player.$.points);

session.refresh(player, ["points"]);
session.refresh(player, { withForUpdate: true, attributeNames: ["points"] });
// @ts-expect-error misspelt
session.refresh(player, { withForUpdat: true });
session.begin({ nested: true });
// @ts-expect-error misspelt
session.begin({ nestd: true });
session.execute(select(Player), { bindArguments: { bind: engine } });

same<ReturnType<typeof team.players.one>, Player>(true);
same<ReturnType<typeof team.players.slice>, Player[]>(true);
// @ts-expect-error misspelt
team.players.oen();
const query = session.query(Player);
same<ReturnType<typeof query.union>, typeof query>(true);
const first = (of: typeof query): Player | null => of.union(query).first();
void first(query);

class Club extends Base.mapped("club", {
  id: column(t.integer, { primaryKey: true }),
  members: () => many(Member),
}) {}
class Member extends Base.mapped("member", {
  id: column(t.integer, { primaryKey: true }),
  points: column(t.integer, { nullable: false }),
  clubId: column(t.integer, foreignKey("club.id")),
  team: () => one(Team),
}) {}
const best = selectinload(Club.$.members).orderBy(Member.$.points.desc()).limit(3);
select(Club).options(best.joinedload(Member.$.team));
// @ts-expect-error misspelt
best.joinedload(Member.$.taem);
// @ts-expect-error a number is wanted
selectinload(Club.$.members).limit("3");
const top = (count: number): typeof best => selectinload(Club.$.members).limit(count);
void top(2);
