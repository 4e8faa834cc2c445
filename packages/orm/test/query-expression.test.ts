/** `queryExpression()` and `withExpression()`: attributes whose expression is the statement's. */
import { column, createEngine, foreignKey, literal, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import {
  aliased,
  declarativeBase,
  many,
  one,
  queryExpression,
  Session,
  selectinload,
  withExpression,
} from "@athanor/orm";
import { expect, it } from "vitest";

function prepare() {
  const Base = declarativeBase();
  class Player extends Base.mapped("player", {
    id: column(t.integer, { primaryKey: true }),
    points: column(t.integer, { nullable: false }),
    teamId: column("team_id", t.integer, foreignKey("team.id")),
    rank: queryExpression<number>(),
    bonus: queryExpression(literal(7)),
    team: () => one(Team, { backPopulates: "players" }),
  }) {}
  class Team extends Base.mapped("team", {
    id: column(t.integer, { primaryKey: true }),
    players: () => many(Player, { backPopulates: "team", orderBy: () => Player.$.id }),
  }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  const session = new Session(engine);
  session.add(new Team({ players: [new Player({ points: 30 }), new Player({ points: 50 })] }));
  session.commit();
  session.expungeAll();
  return { session, Player, Team };
}

it("is null, or the default, where the statement says nothing; touching it sends no SQL", () => {
  const { session, Player } = prepare();
  const [player] = session.scalars(select(Player).orderBy(Player.$.id)).all();
  session.connection().core.dispatch.listen("beforeCursorExecute", () => {
    throw new Error("SQL");
  });
  expect([player?.rank, player?.bonus]).toEqual([null, 7]);
});

it("has the statement's expression; values are parameters of each execution", () => {
  const { session, Player } = prepare();
  for (const factor of [10, 5]) {
    session.expungeAll();
    const found = session.scalars(
      select(Player)
        .options(
          withExpression(Player.$.rank, Player.$.points.mul(factor)),
          withExpression(Player.$.bonus, literal(factor)),
        )
        .orderBy(Player.$.id),
    );
    expect(found.all().map(({ rank, bonus }) => [rank, bonus])).toEqual([
      [30 * factor, factor],
      [50 * factor, factor],
    ]);
  }
});

it("is overwritten by populateExisting only, and forgotten by expire()", () => {
  const { session, Player } = prepare();
  const load = (factor: number, populateExisting = false) =>
    session
      .scalars(
        select(Player)
          .where(Player.$.id.eq(1))
          .options(withExpression(Player.$.rank, Player.$.points.mul(factor)))
          .executionOptions({ populateExisting }),
      )
      .one();
  const player = load(2);
  expect(player.rank).toBe(60);
  expect(load(3).rank).toBe(60);
  expect(load(3, true).rank).toBe(90);
  session.expire(player);
  expect(player.rank).toBe(null);
});

it("works behind relationships and for aliases, and is not written", () => {
  const { session, Player, Team } = prepare();
  const team = session
    .scalars(select(Team).options(selectinload(Team.$.players).withExpression(Player.$.rank, Player.$.points.add(1))))
    .one();
  expect(team.players.map(({ rank }) => rank)).toEqual([31, 51]);
  session.expungeAll();
  const other = aliased(Player);
  const found = session.scalars(
    select(other)
      .options(withExpression(other.$.rank, other.$.points.add(2)))
      .orderBy(other.$.id),
  );
  expect(found.all().map(({ rank }) => rank)).toEqual([32, 52]);
  const fresh = new Player({ points: 1 });
  session.add(fresh);
  session.flush();
  expect(fresh.rank).toBe(null);
});
