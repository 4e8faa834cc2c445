/** Tables, types, constraints and indexes as PostgreSQL has them, created and dropped for real. */
import {
  checkConstraint,
  column,
  computed,
  createIndex,
  createSequence,
  createTable,
  dropIndex,
  foreignKey,
  func,
  identity,
  index,
  insert,
  MetaData,
  select,
  sequence,
  type TypeLike,
  t,
  table,
  tableClause,
  text,
  uniqueConstraint,
} from "@athanor/core";
import { beforeAll, describe, expect, test } from "vitest";
import * as pg from "../src/index.ts";
import { engineOf, url } from "./database.ts";

describe.skipIf(url === null)("DDL", () => {
  const engine = url === null ? (undefined as never) : engineOf();
  const rowsOf = async (sql: string): Promise<unknown[][]> => {
    await using connection = await engine.connect();
    return (await connection.execDriverSql(sql)).all().map((row) => [...(row as never as unknown[])]);
  };
  const defOf = async (name: string): Promise<unknown> =>
    (await rowsOf(`SELECT pg_get_indexdef('${name}'::regclass)`))[0]?.[0];

  beforeAll(async () => {
    await engine.begin(async (connection) => {
      for (const name of ["btree_gist"]) await connection.execute(text(`CREATE EXTENSION IF NOT EXISTS ${name}`));
      await connection.execute(text('CREATE SCHEMA "My Schema"'));
    });
  });

  test("enumerations and domains are created and dropped by themselves, whatever createType says", async () => {
    const types = "SELECT typname FROM pg_type WHERE typname IN ('alone', 'posint_alone') ORDER BY 1";
    const alone = t.enum("a", "b", { name: "alone", createType: false });
    const posint = pg.DOMAIN("posint_alone", t.integer, { check: "VALUE > 0" });
    for (const type of [alone, posint, alone]) await type.create(engine);
    expect(await rowsOf(types)).toEqual([["alone"], ["posint_alone"]]);
    await expect(alone.create(engine, { checkfirst: false })).rejects.toThrow(/already exists/);
    await engine.begin(async (connection) => {
      for (const type of [alone, posint, alone]) await type.drop(connection);
    });
    expect(await rowsOf(types)).toEqual([]);
    await expect(posint.drop(engine, { checkfirst: false })).rejects.toThrow(/does not exist/);
    const elsewhere = engine.executionOptions({ schemaTranslateMap: { null: "My Schema" } });
    await alone.create(elsewhere);
    expect(await rowsOf("SELECT typnamespace::regnamespace::text FROM pg_type WHERE typname = 'alone'")).toEqual([
      ['"My Schema"'],
    ]);
    await alone.drop(elsewhere);
  });

  test("a type with the name of one of the server's own needs a schema", async () => {
    const tableOf = (type: TypeLike) => table("named_so", new MetaData(), { v: column(type) });
    for (const type of [pg.ENUM("a", "b", { name: "text" }), pg.DOMAIN("text", t.integer)])
      await expect(tableOf(type).create(engine)).rejects.toThrow(
        /"text" has the name of one of PostgreSQL's own types/,
      );
    const own = tableOf(pg.ENUM("a", "b", { name: "text", schema: "My Schema" }));
    await own.create(engine);
    expect(
      await rowsOf("SELECT udt_schema, udt_name FROM information_schema.columns WHERE table_name = 'named_so'"),
    ).toEqual([["My Schema", "text"]]);
    await own.drop(engine);
  });

  test("enumerations and domains come and go with their tables", async () => {
    const metadata = new MetaData();
    const mood = pg.ENUM("sad", "it's ok", { name: "Mood" });
    table("one", metadata, {
      id: column(t.integer, { primaryKey: true }),
      mood: column(mood),
      moods: column(pg.ARRAY(mood)),
    });
    table("two", metadata, {
      mood: column(mood),
      kind: column(t.enum("x", "y", { name: "kind", schema: "My Schema" })),
      size: column(pg.DOMAIN("size", t.integer, { check: "VALUE > 0", default: "5", notNull: true })),
      zip: column(
        pg.DOMAIN("zip", t.string(5), { collation: "C", constraintName: "zip_ck", check: "VALUE ~ '^[0-9]+$'" }),
      ),
    });
    const types = "SELECT typname FROM pg_type WHERE typname IN ('Mood', 'kind', 'size', 'zip') ORDER BY 1";
    await metadata.createAll(engine);
    await metadata.createAll(engine);
    expect((await rowsOf(types)).flat()).toEqual(["Mood", "kind", "size", "zip"]);
    await metadata.dropAll(engine);
    await engine.begin(async (connection) => {
      for (const name of ["size", "zip"])
        await connection.execute(pg.dropDomainType(pg.DOMAIN(name, t.integer), { ifExists: true }));
      await connection.execute(pg.dropEnumType(mood, { ifExists: true, cascade: true }));
      await connection.execute(
        pg.dropEnumType(pg.ENUM("x", { name: "kind", schema: "My Schema" }), { ifExists: true }),
      );
    });
    expect(await rowsOf(types)).toEqual([]);
    await engine.begin((connection) => connection.execute(pg.createEnumType(mood)));
    await engine.begin((connection) => connection.execute(pg.dropEnumType(mood)));
  });

  test("keys: serial, identity, sequences, computed columns", async () => {
    const metadata = new MetaData({ schema: "My Schema" });
    const small = table("small", metadata, { id: column(t.smallInteger, { primaryKey: true }), v: column(t.integer) });
    const big = table("big", metadata, { id: column(t.bigInteger, { primaryKey: true }) });
    const own = table("own", metadata, {
      id: column(t.integer, sequence("own ids", { start: 100, schema: "My Schema" }), { primaryKey: true }),
      v: column(t.integer),
    });
    const always = table("always", metadata, {
      id: column(t.integer, identity({ always: true, start: 7, increment: 2 }), { primaryKey: true }),
      w: column(t.integer),
      area: column(t.integer, computed("w * 2", { persisted: true })),
    });
    await metadata.createAll(engine);
    await using connection = await engine.connect();
    const keyOf = async (statement: ReturnType<typeof insert>): Promise<unknown> =>
      [...((await connection.execute(statement)).insertedPrimaryKey as never as unknown[])][0];
    expect(await keyOf(insert(small).values({ v: 1 }) as never)).toBe(1);
    expect(await keyOf(insert(big) as never)).toBe(1n);
    expect(await keyOf(insert(own).values({ v: 1 }) as never)).toBe(100);
    expect(await keyOf(insert(always).values({ w: 4 }) as never)).toBe(7);
    expect(await connection.scalar(select(always.c.area))).toBe(8);
    expect(await connection.scalar(sequence("own ids", { schema: "My Schema" }).nextValue())).toBe(101);
    await connection.commit();
    await metadata.dropAll(engine);
    expect(await rowsOf(`SELECT relname FROM pg_class WHERE relname IN ('own ids', 'small', 'small_id_seq')`)).toEqual(
      [],
    );
  });

  test("constraints", async () => {
    const metadata = new MetaData({
      namingConvention: { pk: "pk_%(table_name)s", ck: "ck_%(table_name)s_%(constraint_name)s" },
    });
    const parent = table(
      "p",
      metadata,
      { id: column(t.integer, { primaryKey: true }), a: column(t.integer), b: column(t.integer) },
      uniqueConstraint("a", { name: "uq_a", postgresqlInclude: ["b"] }),
      checkConstraint("a > 0", { name: "positive" }),
    );
    table(
      "c",
      metadata,
      {
        room: column(
          t.integer,
          foreignKey("p.id", { ondelete: "SET NULL", deferrable: true, initially: "DEFERRED", name: "fk_room" }),
        ),
        during: column(pg.TSRANGE),
        n: column(t.integer),
      },
      pg.excludeConstraint(["room", "="], ["during", "&&"], { name: "no_overlap", where: "n > 3" }),
      { comment: "it's a table", postgresqlWith: { fillfactor: 70 } },
    );
    await metadata.createAll(engine);
    const found = (
      await rowsOf(
        "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('p'::regclass, 'c'::regclass) AND contype <> 'n' ORDER BY 1",
      )
    ).flat();
    expect(found).toEqual([
      "ck_p_positive CHECK ((a > 0))",
      "fk_room FOREIGN KEY (room) REFERENCES p(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
      "no_overlap EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((n > 3))",
      "pk_p PRIMARY KEY (id)",
      "uq_a UNIQUE (a) INCLUDE (b)",
    ]);
    expect(
      await rowsOf("SELECT obj_description('c'::regclass), reloptions FROM pg_class WHERE oid = 'c'::regclass"),
    ).toEqual([["it's a table", ["fillfactor=70"]]]);
    const copy = parent.toMetadata(new MetaData());
    expect(copy.name).toBe("p");
    await metadata.dropAll(engine);
  });

  test("indexes", async () => {
    const metadata = new MetaData();
    const docs = table("docs", metadata, {
      id: column(t.integer, { primaryKey: true }),
      title: column(t.text),
      body: column(pg.JSONB),
      n: column(t.integer),
    });
    index("ix_expression", func.lower(docs.c.title).label("lt"), { postgresqlOps: { lt: "text_pattern_ops" } });
    index("ix_words", func.to_tsvector?.("english", docs.c.title) as never, { postgresqlUsing: "gin" });
    index("ix_body", docs.c.body, { postgresqlUsing: "gin", postgresqlOps: { body: "jsonb_path_ops" } });
    index("ix_some", docs.c.n.desc().nullsLast(), {
      unique: true,
      postgresqlWhere: docs.c.n.in([1, 2]),
      postgresqlInclude: ["title"],
      postgresqlWith: { fillfactor: 50 },
    });
    await metadata.createAll(engine);
    expect(await defOf("ix_expression")).toBe(
      "CREATE INDEX ix_expression ON public.docs USING btree (lower(title) text_pattern_ops)",
    );
    expect(await defOf("ix_words")).toBe(
      "CREATE INDEX ix_words ON public.docs USING gin (to_tsvector('english'::regconfig, title))",
    );
    expect(await defOf("ix_body")).toBe("CREATE INDEX ix_body ON public.docs USING gin (body jsonb_path_ops)");
    expect(await defOf("ix_some")).toBe(
      "CREATE UNIQUE INDEX ix_some ON public.docs USING btree (n DESC NULLS LAST) INCLUDE (title) WITH (fillfactor='50') WHERE (n = ANY (ARRAY[1, 2]))",
    );
    const late = index("ix_late", docs.c.title, { postgresqlConcurrently: true });
    await using connection = await engine.connect();
    await connection.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    await connection.execute(createIndex(late, { ifNotExists: true }));
    await connection.execute(createIndex(late, { ifNotExists: true }));
    await connection.execute(dropIndex(late));
    await metadata.dropAll(engine);
  });

  test("partitions, inheritance, temporary tables", async () => {
    const metadata = new MetaData();
    const log = table(
      "log",
      metadata,
      { day: column(t.date), n: column(t.integer) },
      { postgresqlPartitionBy: "RANGE (day)" },
    );
    await using connection = await engine.connect();
    await connection.execute(createTable(log));
    await connection.execute(
      text("CREATE TABLE log_2024 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"),
    );
    await connection.execute(insert(log), [
      { day: "2024-05-06", n: 1 },
      { day: "2024-05-07", n: 2 },
    ]);
    expect(await connection.scalar(text("SELECT count(*) FROM log_2024"))).toBe(2n);
    const base = table("base", metadata, { a: column(t.integer) });
    const heir = table("heir", metadata, { b: column(t.integer) }, { postgresqlInherits: base as never });
    await connection.execute(createTable(base));
    await connection.execute(createTable(heir));
    await connection.execute(insert(heir).values({ b: 1 }));
    expect(await connection.scalar(select(func.count()).selectFrom(base))).toBe(1);
    expect(await connection.scalar(select(func.count()).selectFrom(base).withHint(base, "ONLY"))).toBe(0);
    const brief = table(
      "brief",
      metadata,
      { a: column(t.integer) },
      { prefixes: ["TEMPORARY"], postgresqlOnCommit: "DROP" },
    );
    await connection.execute(createTable(brief));
    await connection.execute(
      createSequence(sequence("small_ids", { dataType: t.smallInteger, start: 5, cycle: true })),
    );
    await connection.rollback();
    expect(() =>
      String(
        createTable(
          table("odd", metadata, { a: column(t.integer) }, { postgresqlOnCommit: "DROP; DROP TABLE x" }),
        ).compile({ dialect: engine.dialect }),
      ),
    ).toThrow(/Unexpected SQL phrase/);
  });

  test("partitions and heirs come after their parents, and go before them", async () => {
    const metadata = new MetaData();
    const columns = () => ({
      id: column(t.integer, { primaryKey: true, autoincrement: false }),
      kind: column(t.string(5), { primaryKey: true }),
    });
    const first = table("a_part", metadata, columns(), checkConstraint("id > 0", { name: "ck_positive" }), {
      postgresqlPartitionOf: "b_parted",
      postgresqlPartitionBound: "FOR VALUES IN ('a', 'b')",
    });
    table("a_rest", metadata, columns(), {
      postgresqlPartitionOf: tableClause("b_parted"),
      postgresqlPartitionBound: "DEFAULT",
    });
    const parted = table("b_parted", metadata, columns(), { postgresqlPartitionBy: "LIST (kind)" });
    table("c_heir", metadata, { more: column(t.integer) }, { postgresqlInherits: "d_parent" });
    table("d_parent", metadata, { id: column(t.integer) });
    expect(String(createTable(first).compile({ dialect: engine.dialect })).trim()).toBe(
      "CREATE TABLE a_part PARTITION OF b_parted (\n\tCONSTRAINT ck_positive CHECK (id > 0)\n) FOR VALUES IN ('a', 'b')",
    );
    await metadata.createAll(engine);
    await engine.begin(async (connection) => {
      await connection.execute(insert(parted), [
        { id: 1, kind: "a" },
        { id: 2, kind: "x" },
      ]);
      expect((await connection.scalars(select(first.c.id))).all()).toEqual([1]);
    });
    await metadata.dropAll(engine);
    expect(
      await rowsOf("SELECT 1 FROM pg_class WHERE relname IN ('a_part', 'b_parted', 'c_heir', 'd_parent')"),
    ).toEqual([]);

    const lost = table("lost", new MetaData(), columns(), { postgresqlPartitionOf: "b_parted" });
    expect(() => createTable(lost).compile({ dialect: engine.dialect })).toThrow(
      /table 'lost' is a partition, but nothing says of what. Give it postgresqlPartitionBound/,
    );
  });
});
