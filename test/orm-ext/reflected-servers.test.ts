/** automap and deferred reflection on PostgreSQL and MariaDB, through asynchronous engines. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, select, t } from "@athanor/core";
import { inspect, many, type RelationshipProperty, selectinload } from "@athanor/orm";
import { type AutomapClass, automapBase, type UntypedObject } from "@athanor/orm/ext/automap";
import { deferredReflection } from "@athanor/orm/ext/declarative";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at } from "./at.ts";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { mysqlUrl, pgUrl } from "../setup/urls.ts";

type UntypedClass = AutomapClass<UntypedObject>;

const tables = (key: string): readonly string[] => [
  `CREATE TABLE am_user (id ${key}, name VARCHAR(50))`,
  `CREATE TABLE am_address (id ${key}, email VARCHAR(50), user_id INTEGER NOT NULL, FOREIGN KEY (user_id) REFERENCES am_user (id) ON DELETE CASCADE)`,
  `CREATE TABLE am_group (id ${key}, label VARCHAR(50))`,
  "CREATE TABLE am_member (user_id INTEGER NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (user_id, group_id), FOREIGN KEY (user_id) REFERENCES am_user (id), FOREIGN KEY (group_id) REFERENCES am_group (id))",
  `CREATE TABLE am_node (id ${key}, parent_id INTEGER, FOREIGN KEY (parent_id) REFERENCES am_node (id))`,
];
const names = ["am_node", "am_member", "am_group", "am_address", "am_user"];

for (const [name, url, key] of [
  ["PostgreSQL", pgUrl(), "SERIAL PRIMARY KEY"],
  ["MySQL or MariaDB", mysqlUrl(), "INTEGER PRIMARY KEY AUTO_INCREMENT"],
] as const) {
  describe.skipIf(url === null)(name, () => {
    const engine = createAsyncEngine(url ?? "postgresql://none");
    beforeAll(() =>
      engine.begin(async (connection) => {
        for (const statement of tables(key)) await connection.execDriverSql(statement);
      }),
    );
    afterAll(async () => {
      await engine.begin(async (connection) => {
        for (const each of names) await connection.execDriverSql(`DROP TABLE ${each}`);
      });
      await engine.dispose();
    });

    it("automap makes classes and relationships", async () => {
      const Base = automapBase();
      await Base.prepare({
        autoloadWith: engine,
        reflectionOptions: { only: (table: string) => table.startsWith("am_") },
        classnameForTable: (_base, table) => table.slice("am_".length),
      });
      expect(Object.keys(Base.classes).sort()).toEqual(["address", "group", "node", "user"]);
      const [User, Address, Group, Node] = (["user", "address", "group", "node"] as const).map((each) =>
        at(Base.classes, each),
      ) as [UntypedClass, UntypedClass, UntypedClass, UntypedClass];
      const [addresses] = (inspect(User).relationships as readonly RelationshipProperty[]).filter(
        (each) => each.key === "address_collection",
      );
      expect([addresses?.cascade.deleteOrphan, addresses?.passiveDeletes]).toEqual([true, true]);
      await using session = new AsyncSession(engine);
      const user = new User({
        name: "ann",
        address_collection: [new Address({ email: "a" }), new Address({ email: "b" })],
        group_collection: [new Group({ label: "g" })],
      });
      session.addAll([user, new Node({ node: new Node({}) })]);
      await session.commit();
      session.expungeAll();
      const found = (
        await session.scalars(
          select(User).options(
            selectinload(at(User.$, "address_collection")),
            selectinload(at(User.$, "group_collection")),
          ),
        )
      ).one();
      expect((found["address_collection"] as UntypedObject[]).map((each) => each["email"]).sort()).toEqual(["a", "b"]);
      expect((found["group_collection"] as UntypedObject[]).map((each) => each["label"])).toEqual(["g"]);
      await session.delete(found);
      await session.commit();
      expect((await session.scalars(select(Address))).all()).toEqual([]);
    });

    it("deferred reflection inside a connection's transaction", async () => {
      const Base = deferredReflection();
      class User extends Base.mapped("am_user", {
        label: column("name", t.string(50)),
        addresses: () => many(Address),
      }) {}
      class Address extends Base.mapped("am_address", {}) {
        declare email: string;
      }
      await using connection = await engine.connect();
      await Base.prepare(connection);
      await using session = new AsyncSession(connection);
      session.add(new User({ label: "bob", addresses: [new Address({ email: "z" } as object)] }));
      await session.flush();
      session.expungeAll();
      const bob = (
        await session.scalars(select(User).where(User.$.label.eq("bob")).options(selectinload(User.$.addresses)))
      ).one();
      expect(bob.addresses.map((each) => each.email)).toEqual(["z"]);
    });
  });
}

describe.skipIf(pgUrl() === null)("schemas of PostgreSQL", () => {
  const engine = createAsyncEngine(pgUrl() ?? "postgresql://none");
  beforeAll(() =>
    engine.begin(async (connection) => {
      await connection.execDriverSql("CREATE SCHEMA am_one");
      await connection.execDriverSql("CREATE SCHEMA am_two");
      await connection.execDriverSql("CREATE TABLE am_one.accounts (id SERIAL PRIMARY KEY, name TEXT)");
      await connection.execDriverSql(
        "CREATE TABLE am_two.accounts (id SERIAL PRIMARY KEY, one_id INTEGER REFERENCES am_one.accounts (id))",
      );
    }),
  );
  afterAll(async () => {
    await engine.begin(async (connection) => {
      await connection.execDriverSql("DROP SCHEMA am_one, am_two CASCADE");
    });
    await engine.dispose();
  });

  it("are read one after the other; keys between them make relationships", async () => {
    const Base = automapBase();
    const options = {
      autoloadWith: engine,
      modulenameForTable: (_base: unknown, _name: string, table: { readonly schema: string | null }) =>
        `app.${table.schema}`,
      nameForCollectionRelationship: () => "others",
      nameForScalarRelationship: () => "one",
    };
    await Base.prepare({ ...options, schema: "am_one" });
    const One = at(at(at(Base.byModule, "app"), "am_one"), "accounts");
    await using session = new AsyncSession(engine);
    session.add(new One({ name: "first" }));
    await session.commit();
    await Base.prepare({ ...options, schema: "am_two" });
    const Two = at(at(at(Base.byModule, "app"), "am_two"), "accounts");
    expect(at(at(Base.byModule, "app"), "am_one")["accounts"]).toBe(One);
    const one = (await session.scalars(select(One))).one();
    session.add(new Two({ one }));
    await session.commit();
    session.expungeAll();
    const again = (await session.scalars(select(One).options(selectinload(at(One.$, "others"))))).one();
    expect((again["others"] as UntypedObject[]).length).toBe(1);
  });
});
