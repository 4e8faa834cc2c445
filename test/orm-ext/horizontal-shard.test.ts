/** ext/horizontal-shard: SQLAlchemy's example of weather reports, on several SQLite databases and on schemas of PostgreSQL. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession, asyncSessionmaker } from "@athanor/async/orm";
import {
  Binary,
  BindParameter,
  type ClauseElement,
  column,
  createEngine,
  delete_,
  type Engine,
  foreignKey,
  func,
  insert,
  iterate,
  listen,
  select,
  t,
  text,
  update,
} from "@athanor/core";
import {
  declarativeBase,
  deferred,
  inspect,
  joinedload,
  many,
  type OrmExecute,
  one,
  selectinload,
  sessionmaker,
} from "@athanor/orm";
import { ShardedSession, type ShardedSessionOptions, setShardId, sharding } from "@athanor/orm/ext/horizontal-shard";
import { beforeEach, describe, expect, it } from "vitest";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { pgUrl } from "../setup/urls.ts";

const Base = declarativeBase();

class WeatherLocation extends Base.mapped("weather_locations", {
  id: column(t.integer, { primaryKey: true, autoincrement: true }),
  continent: column(t.string(30), { nullable: false }),
  city: column(t.string(50), { nullable: false }),
  notes: deferred(column(t.string(50))),
  reports: () => many(Report, { backPopulates: "location", orderBy: () => Report.$.id }),
  tags: () => many(Tag, { secondary: () => LocationTag.table }),
}) {}
class Report extends Base.mapped("weather_reports", {
  id: column(t.integer, { primaryKey: true }),
  locationId: column("location_id", t.integer, foreignKey("weather_locations.id")),
  temperature: column(t.integer),
  location: () => one(WeatherLocation, { backPopulates: "reports" }),
}) {}
class Tag extends Base.mapped("tags", { id: column(t.integer, { primaryKey: true }), label: column(t.string(20)) }) {}
class LocationTag extends Base.mapped("location_tags", {
  locationId: column("location_id", t.integer, foreignKey("weather_locations.id"), { primaryKey: true }),
  tagId: column("tag_id", t.integer, foreignKey("tags.id"), { primaryKey: true }),
}) {}

const lookup: Readonly<Record<string, string>> = { "North America": "na", Asia: "asia", Europe: "eu" };
const all = ["na", "asia", "eu"];

function shardChooser(_mapper: unknown, instance: object | null): string {
  if (instance instanceof WeatherLocation) return lookup[instance.continent] as string;
  if (instance instanceof Report) return shardChooser(null, instance.location);
  return "na";
}

/** The shards of the continents that a statement compares with. */
function executeChooser(execution: OrmExecute): readonly string[] {
  if (execution.lazyLoadedFrom !== null) return [execution.lazyLoadedFrom.identityToken as string];
  const found: string[] = [];
  const { whereClauses = [] } = execution.statement as { readonly whereClauses?: readonly ClauseElement[] };
  for (const node of whereClauses.flatMap((clause) => [...iterate(clause)])) {
    if (!(node instanceof Binary) || node.operator.name !== "eq" || !(node.right instanceof BindParameter)) continue;
    if ((node.left as { readonly key?: unknown }).key === "continent")
      found.push(lookup[node.right.value as string] as string);
  }
  return found.length > 0 ? found : all;
}

const choosers = {
  shardChooser,
  identityChooser: (
    _mapper: unknown,
    _key: readonly unknown[],
    { lazyLoadedFrom }: { readonly lazyLoadedFrom: { readonly identityToken: unknown } | null },
  ) => (lazyLoadedFrom === null ? all : [lazyLoadedFrom.identityToken as string]),
  executeChooser,
};

describe("on SQLite", () => {
  let shards: Record<string, Engine>;
  let log: string[];
  const session = (options: Partial<ShardedSessionOptions> = {}): ShardedSession =>
    new ShardedSession({ ...choosers, shards, ...options });

  beforeEach(() => {
    log = [];
    shards = Object.fromEntries(
      all.map((name) => {
        const engine = createEngine("sqlite://");
        Base.metadata.createAll(engine);
        listen(engine, "beforeCursorExecute", (_connection, _cursor, statement) => {
          log.push(`${name}: ${statement.split(/[\s,]/, 2).join(" ")}`);
        });
        return [name, engine];
      }),
    );
  });

  const places = [
    ["Asia", "Tokyo"],
    ["North America", "New York"],
    ["North America", "Toronto"],
    ["Europe", "London"],
    ["Europe", "Dublin"],
  ] as const;
  function fill(): void {
    using filling = session();
    for (const [continent, city] of places)
      filling.add(
        new WeatherLocation({
          continent,
          city,
          notes: `about ${city}`,
          reports: [new Report({ temperature: city.length })],
        }),
      );
    filling.commit();
    log.length = 0;
  }

  it("writes each object into its shard, and reads those that the statement concerns", () => {
    const tagShards = new WeakMap<object, string>();
    using first = session({
      shardChooser: (mapper, instance) =>
        (instance !== null && tagShards.get(instance)) || shardChooser(mapper, instance),
    });
    for (const [continent, city] of places) {
      const tag = new Tag({ label: city });
      tagShards.set(tag, lookup[continent] as string);
      first.add(
        new WeatherLocation({ continent, city, reports: [new Report({ temperature: city.length })], tags: [tag] }),
      );
    }
    first.commit();
    const count = (name: string, table: string): unknown =>
      shards[name]
        ?.connect()
        .execute(text(`SELECT count(*) FROM ${table}`))
        .scalar();
    expect(
      all.map((name) => [
        count(name, "weather_locations"),
        count(name, "weather_reports"),
        count(name, "location_tags"),
      ]),
    ).toEqual([
      [2, 2, 2],
      [1, 1, 1],
      [2, 2, 2],
    ]);
    first.expungeAll();
    log.length = 0;
    const europe = first.scalars(select(WeatherLocation).where(WeatherLocation.$.continent.eq("Europe"))).all();
    expect(europe.map((each) => each.city).sort()).toEqual(["Dublin", "London"]);
    expect(log).toEqual(["eu: SELECT weather_locations.id"]);
    const everywhere = first.scalars(select(WeatherLocation)).all();
    expect(everywhere.map((each) => each.city)).toEqual(["New York", "Toronto", "Tokyo", "London", "Dublin"]);
    expect(everywhere.map((each) => inspect(each).identityToken)).toEqual(["na", "na", "asia", "eu", "eu"]);
    // The same primary key in several shards: several objects.
    expect(everywhere.filter((each) => each.id === 1).map((each) => each.city)).toEqual([
      "New York",
      "Tokyo",
      "London",
    ]);
    expect(inspect(everywhere[2] as object).identityKey).toEqual([WeatherLocation, [1], "asia"]);
    expect(everywhere.flatMap((each) => each.tags.map((tag) => tag.label))).toEqual([
      "New York",
      "Toronto",
      "Tokyo",
      "London",
      "Dublin",
    ]);
  });

  it("get(): by the identity chooser, by identityToken, with the statement where it is not known", () => {
    fill();
    using own = session();
    expect(own.get(WeatherLocation, 1, { identityToken: "asia" })?.city).toBe("Tokyo");
    expect(own.get(WeatherLocation, 1, { identityToken: "eu" })?.city).toBe("London");
    expect(own.get(WeatherLocation, 1)?.city).toBe("Tokyo");
    log.length = 0;
    expect(own.get(WeatherLocation, 2, { identityToken: "asia" })).toBeNull();
    expect(log).toEqual(["asia: SELECT weather_locations.id"]);
    expect(own.getOne(WeatherLocation, 2)?.city).toBe("Toronto");
  });

  it("lazy loads, refreshes and deferred columns go to the object's shard", () => {
    fill();
    using own = session();
    const tokyo = own.scalars(select(WeatherLocation).where(WeatherLocation.$.city.eq("Tokyo"))).one();
    log.length = 0;
    const [report] = tokyo.reports;
    expect(report?.temperature).toBe(5);
    expect(tokyo.notes).toBe("about Tokyo");
    expect(report?.location).toBe(tokyo);
    own.refresh(tokyo);
    own.expire(report as Report);
    expect(report?.temperature).toBe(5);
    expect(new Set(log.map((line) => line.split(":")[0]))).toEqual(new Set(["asia"]));
    log.length = 0;
    own.expungeAll();
    const one = own.get(Report, 1, { identityToken: "eu" }) as Report;
    expect(one.location?.city).toBe("London");
    expect(new Set(log.map((line) => line.split(":")[0]))).toEqual(new Set(["eu"]));
  });

  it("second statements of eager loads stay in the shard of the first", () => {
    fill();
    using own = session();
    const loaded = own.scalars(select(WeatherLocation).options(selectinload(WeatherLocation.$.reports))).all();
    expect(loaded.flatMap((each) => each.reports.map((report) => report.temperature))).toEqual([8, 7, 5, 6, 6]);
    expect(log.length).toBe(6);
  });

  it("setShardId() names the shard, for lazy loads too unless propagateToLoaders is false", () => {
    fill();
    const blind = { executeChooser: () => all };
    using own = session(blind);
    const [tokyo] = own.scalars(select(WeatherLocation).options(setShardId("asia"))).all();
    expect([tokyo?.city, log.length]).toEqual(["Tokyo", 1]);
    log.length = 0;
    expect(tokyo?.reports.length).toBe(1);
    expect(log).toEqual(["asia: SELECT weather_reports.id"]);
    using other = session(blind);
    const [again] = other
      .scalars(select(WeatherLocation).options(setShardId("asia", { propagateToLoaders: false })))
      .all();
    log.length = 0;
    expect(again?.reports.map((each) => inspect(each).identityToken).sort()).toEqual(["asia", "eu", "na"]);
    expect(log.length).toBe(3);
  });

  it("bindArguments and executionOptions name the shard of one execution", () => {
    fill();
    using own = session();
    const cities = select(WeatherLocation.$.city).orderBy(WeatherLocation.$.city);
    expect(own.scalars(cities, { bindArguments: { shardId: "eu" } }).all()).toEqual(["Dublin", "London"]);
    expect(own.scalars(cities, { executionOptions: { identityToken: "asia" } }).all()).toEqual(["Tokyo"]);
    expect(
      own
        .connection({ bindArguments: { shardId: "asia" } })
        .execute(text("SELECT count(*) FROM weather_locations"))
        .scalar(),
    ).toBe(1);
    expect(() => own.scalars(cities, { bindArguments: { shardId: "mars" } })).toThrow(/there is no shard "mars"/);
    expect(own.execute(select(func.count()).selectFrom(WeatherLocation)).scalars().all()).toEqual([2, 1, 2]);
  });

  it("Query.setShard() names the shard; bulkSaveObjects() asks the chooser for each object", () => {
    fill();
    using own = session();
    const query = own.query(WeatherLocation).orderBy(WeatherLocation.$.city);
    expect(
      query
        .setShard("eu")
        .all()
        .map((each) => each.city),
    ).toEqual(["Dublin", "London"]);
    expect(query.setShard("asia").filter(WeatherLocation.$.id.eq(1)).one().city).toBe("Tokyo");
    expect(() => query.setShard("mars").all()).toThrow(/there is no shard "mars"/);
    const loaded = query.all();
    for (const each of loaded) each.city = each.city.toUpperCase();
    own.expungeAll();
    log.length = 0;
    const added = [
      new WeatherLocation({ id: 11, continent: "Asia", city: "Seoul" }),
      new WeatherLocation({ id: 12, continent: "Europe", city: "Oslo" }),
      new WeatherLocation({ id: 13, continent: "Asia", city: "Delhi" }),
    ];
    own.bulkSaveObjects([...added, ...loaded], { preserveOrder: false });
    expect(log.map((line) => line.split(" ").slice(0, 2).join(" ")).sort()).toEqual([
      "asia: INSERT",
      "asia: UPDATE",
      "eu: INSERT",
      "eu: UPDATE",
      "na: UPDATE",
    ]);
    expect(
      query
        .setShard("asia")
        .all()
        .map((each) => each.city),
    ).toEqual(["Delhi", "Seoul", "TOKYO"]);
    expect(
      query
        .setShard("eu")
        .all()
        .map((each) => each.city),
    ).toEqual(["DUBLIN", "LONDON", "Oslo"]);
  });

  it("UPDATE and DELETE over shards: counts are added, objects follow", () => {
    fill();
    using own = session();
    const loaded = own.scalars(select(WeatherLocation)).all();
    const byEvaluation = own.execute(
      update(WeatherLocation).where(WeatherLocation.$.id.eq(1)).values({ city: "first" }),
    );
    expect((byEvaluation as { rowcount?: number }).rowcount).toBe(3);
    expect(loaded.map((each) => each.city)).toEqual(["first", "Toronto", "first", "first", "Dublin"]);
    own.execute(
      update(WeatherLocation)
        .where(WeatherLocation.$.id.eq(1))
        .values({ city: "second" })
        .executionOptions({ synchronizeSession: "fetch" })
        .options(setShardId("eu")),
    );
    expect(loaded.map((each) => each.city)).toEqual(["first", "Toronto", "first", "second", "Dublin"]);
    own.execute(delete_(Report).where(Report.$.id.eq(1)));
    own.execute(delete_(WeatherLocation).where(WeatherLocation.$.continent.eq("Asia")));
    expect(own.scalars(select(WeatherLocation)).all().length).toBe(4);
    expect(inspect(loaded[2] as object).wasDeleted).toBe(true);
    own.rollback();
    expect(loaded[2]?.city).toBe("Tokyo");
    own.execute(insert(Tag).values({ id: 9, label: "x" }), { bindArguments: { shardId: "asia" } });
    expect(own.scalars(select(Tag.$.id).where(Tag.$.id.eq(9))).all()).toEqual([9]);
  });

  it("changes and deletions go back to the shard that the object came from; commit and rollback concern all", () => {
    fill();
    using own = session();
    for (const each of own.scalars(select(WeatherLocation))) each.city = each.city.toUpperCase();
    own.flush();
    expect(
      log
        .filter((line) => line.includes("UPDATE"))
        .map((line) => line.slice(0, 4))
        .sort(),
    ).toEqual(["asia", "eu: ", "eu: ", "na: ", "na: "]);
    own.rollback();
    expect(own.scalars(select(WeatherLocation.$.city)).all()).toContain("Tokyo");
    const tokyo = own.scalars(select(WeatherLocation).where(WeatherLocation.$.city.eq("Tokyo"))).one();
    for (const report of tokyo.reports) own.delete(report);
    own.delete(tokyo);
    own.commit();
    expect(own.scalars(select(WeatherLocation.$.city)).all()).not.toContain("Tokyo");
  });

  it("merge() finds the object of the shard; streaming keeps shards", () => {
    fill();
    using own = session();
    const loaded = own.scalars(select(WeatherLocation)).all();
    own.expungeAll();
    (loaded[2] as WeatherLocation).city = "Edo";
    const merged = own.merge(loaded[2] as WeatherLocation);
    expect([inspect(merged).identityToken, merged.city]).toEqual(["asia", "Edo"]);
    own.flush();
    own.expungeAll();
    const tokens = [...own.scalars(select(WeatherLocation).executionOptions({ yieldPer: 1 }))].map(
      (each) => inspect(each).identityToken,
    );
    expect(tokens).toEqual(["na", "na", "asia", "eu", "eu"]);
  });

  it("says what is missing", () => {
    expect(() => new ShardedSession({ shardChooser } as never)).toThrow(/needs identityChooser/);
    using none = session({ executeChooser: () => [] });
    expect(() => none.scalars(select(Tag))).toThrow(/no database was chosen/);
    using late = new ShardedSession(choosers);
    expect(() => late.scalars(select(Tag))).toThrow(/there is no shard "na".*bindShard/s);
    for (const [name, engine] of Object.entries(shards)) late.bindShard(name, engine);
    expect(late.scalars(select(Tag)).all()).toEqual([]);
  });

  it("joined loading over shards asks for unique rows, as over one", () => {
    fill();
    using own = session();
    const statement = select(WeatherLocation).options(joinedload(WeatherLocation.$.reports));
    expect(() => own.scalars(statement).all()).toThrow(/unique\(\)/);
    expect(own.scalars(statement).unique().all().length).toBe(5);
  });

  it("factories: sessionmaker(sharding(…))", () => {
    fill();
    const Sharded = sessionmaker(sharding({ ...choosers, shards, expireOnCommit: false }));
    using own = new Sharded();
    expect(own.scalars(select(WeatherLocation)).all().length).toBe(5);
  });
});

describe.skipIf(pgUrl() === null)("on schemas of PostgreSQL, asynchronously", () => {
  it("one engine with a schemaTranslateMap for each shard", async () => {
    const engine = createAsyncEngine(pgUrl() ?? "postgresql://none");
    const shards = Object.fromEntries(
      all.map((name) => [name, engine.executionOptions({ schemaTranslateMap: { "": `shard_${name}` } })]),
    );
    await engine.begin(async (connection) => {
      for (const name of all) await connection.execDriverSql(`CREATE SCHEMA shard_${name}`);
    });
    try {
      for (const shard of Object.values(shards)) await Base.metadata.createAll(shard);
      const Sharded = asyncSessionmaker(sharding({ ...choosers, shards }));
      await Sharded.begin((session) => {
        for (const continent of Object.keys(lookup))
          session.add(
            new WeatherLocation({
              continent,
              city: `capital of ${continent}`,
              reports: [new Report({ temperature: 1 })],
            }),
          );
      });
      await using session = new AsyncSession(sharding({ ...choosers, shards }));
      const loaded = (
        await session.scalars(select(WeatherLocation).options(selectinload(WeatherLocation.$.reports)))
      ).all();
      expect(loaded.map((each) => [inspect(each).identityToken, each.id, each.reports.length])).toEqual(
        all.map((name) => [name, 1, 1]),
      );
      const asia = (await session.scalars(select(WeatherLocation).where(WeatherLocation.$.continent.eq("Asia")))).one();
      expect(asia).toBe(loaded[1]);
      const reports = await asia.awaitable.reports;
      expect(reports.length).toBe(1);
      asia.city = "moved";
      await session.commit();
      const rows = (
        await (
          await session.connection({ bindArguments: { shardId: "asia" } })
        ).execute(select(WeatherLocation.table.c.city))
      ).all();
      expect(rows.map((row) => row[0])).toEqual(["moved"]);
      const streamed: unknown[] = [];
      for await (const each of await session.streamScalars(select(WeatherLocation)))
        streamed.push(inspect(each as object).identityToken);
      expect(streamed).toEqual(all);
    } finally {
      await engine.begin(async (connection) => {
        for (const name of all) await connection.execDriverSql(`DROP SCHEMA shard_${name} CASCADE`);
      });
      await engine.dispose();
    }
  });
});
