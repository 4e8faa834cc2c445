/** Types of the user's own, as SQLAlchemy's chapter "Custom Types" has them. */
import {
  type ColumnElement,
  column,
  createEngine,
  createTable,
  func,
  insert,
  MetaData,
  type Operator,
  type SqlType,
  select,
  sql,
  TypeDecorator,
  type TypeDialect,
  t,
  table,
  text,
  toType,
  typeCoerce,
  UserDefinedType,
} from "@athanor/core";
import { PostgresDialect, UUID } from "@athanor/dialect-postgres";
import { SQLiteDialect } from "@athanor/dialect-sqlite";
import { describe, expect, test } from "vitest";

const fold = (given: string): string => given.replaceAll(/\s+/g, " ").trim();
const pg = new PostgresDialect();

/** Values travel with a prefix. */
class Prefixed extends TypeDecorator<string> {
  readonly impl = t.string(50);
  override readonly cacheOk = true;
  override processBindParam(value: string | null): unknown {
    return value === null ? null : `PREFIX:${value}`;
  }
  override processResultValue(value: unknown): string | null {
    return value === null ? null : (value as string).slice(7);
  }
}

/** PostgreSQL's UUID, text of 32 digits elsewhere. */
class Guid extends TypeDecorator<string> {
  readonly impl = t.CHAR(32);
  override readonly cacheOk = true;
  override loadDialectImpl(dialect: TypeDialect) {
    return dialect.name === "postgresql" ? UUID : t.CHAR(32);
  }
  override processBindParam(value: string | null, dialect: TypeDialect): unknown {
    return value === null || dialect.name === "postgresql" ? value : value.replaceAll("-", "");
  }
  override processResultValue(value: unknown): string | null {
    if (value === null || String(value).includes("-")) return value as string | null;
    return String(value).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
}

/** Written and read through functions of the database. */
class Geometry extends UserDefinedType<string> {
  getColSpec(): string {
    return "GEOMETRY";
  }
  override bindExpression(bind: unknown): unknown {
    return func("ST_GeomFromText")(bind);
  }
  override columnExpression(given: unknown): unknown {
    return func("ST_AsText")(given);
  }
}

/** A text beside which numbers stay numbers. */
class Loose extends TypeDecorator<string, string | number> {
  readonly impl = t.string;
  override readonly cacheOk = true;
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    return typeof value === "number" ? toType(t.integer) : super.coerceComparedValue(operator, value);
  }
  override processLiteralParam(value: string | number | null): unknown {
    return String(value).toUpperCase();
  }
}

const metadata = new MetaData();
const things = table("things", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(new Prefixed()),
  guid: column(new Guid()),
});
const guid = "12345678-1234-5678-1234-567812345678";

describe("TypeDecorator", () => {
  test("changes values on their way in and out, also in conditions and lists", () => {
    const engine = createEngine("sqlite://");
    using connection = engine.connect();
    connection.execute(createTable(things));
    connection.execute(insert(things), [
      { id: 1, name: "a", guid },
      { id: 2, name: null, guid: null },
    ]);
    expect(
      connection
        .execute(select(things))
        .all()
        .map((row) => [...row]),
    ).toEqual([
      [1, "a", guid],
      [2, null, null],
    ]);
    expect(connection.execute(text("SELECT name, guid FROM things WHERE id = 1")).one()).toMatchObject({
      name: "PREFIX:a",
      guid: guid.replaceAll("-", ""),
    });
    expect(connection.scalar(select(things.c.id).where(things.c.name.in(["a", "b"]), things.c.guid.eq(guid)))).toBe(1);
    expect(connection.scalar(select(func.max(things.c.name)))).toBe("a");
    expect(connection.scalar(select(typeCoerce(things.c.name, t.string)).where(things.c.id.eq(1)))).toBe("PREFIX:a");
  });

  test("has the type that a dialect wants", () => {
    expect(fold(createTable(things).compile({ dialect: pg }).sql)).toContain("guid UUID");
    expect(fold(createTable(things).compile({ dialect: new SQLiteDialect() }).sql)).toContain("guid CHAR(32)");
  });

  test("says what a value beside it is, and how a literal is written", () => {
    const loose = table("l", new MetaData(), { v: column(new Loose()) });
    expect(loose.c.v.eq(5).compile({ literalBinds: true }).sql).toBe("l.v = 5");
    expect(loose.c.v.eq("x").compile({ literalBinds: true }).sql).toBe("l.v = 'X'");
  });

  test("has methods of its own for expressions", () => {
    class Tagged extends TypeDecorator<string> {
      readonly impl = t.string;
      override readonly cacheOk = true;
      override get comparatorFactory() {
        return {
          near(this: ColumnElement, other: unknown): ColumnElement {
            return this.op("<->")(other as never);
          },
        };
      }
    }
    const tagged = table("g", new MetaData(), { v: column(new Tagged()) });
    const { v } = tagged.c as unknown as { v: ColumnElement & { near(other: unknown): ColumnElement } };
    expect(v.near("x").compile().sql).toBe("g.v <-> :v_1");
  });
});

describe("UserDefinedType", () => {
  const road = table("road", new MetaData(), { id: column(t.integer), geom: column(new Geometry()) });

  test("is named in DDL, wrapped in SQL", () => {
    expect(fold(createTable(road).compile().sql)).toBe("CREATE TABLE road ( id INTEGER, geom GEOMETRY )");
    expect(fold(select(road.c.geom).where(road.c.geom.eq("LINESTRING(1 1)")).compile().sql)).toBe(
      "SELECT ST_AsText(road.geom) AS geom FROM road WHERE road.geom = ST_GeomFromText(:geom_1)",
    );
    expect(fold(insert(road).values({ id: 1, geom: "POINT(0 0)" }).compile().sql)).toBe(
      "INSERT INTO road (id, geom) VALUES (:id, ST_GeomFromText(:geom))",
    );
  });
});

test("withVariant(): another type for some databases", () => {
  const made = table("v", new MetaData(), { a: column(t.string(50).withVariant(t.CHAR(7), "postgresql")) });
  expect(fold(createTable(made).compile({ dialect: pg }).sql)).toContain("a CHAR(7)");
  expect(fold(createTable(made).compile().sql)).toContain("a VARCHAR(50)");
});

test("the sql tag stands at any place of a statement", () => {
  const { id, name } = things.c;
  const statement = select(id, sql`${name} || ${"!"}`.label("loud"))
    .selectFrom(things)
    .where(sql`${id} > ${3}`)
    .groupBy(sql`${id}`, sql`loud`)
    .having(sql`count(*) > ${1}`)
    .orderBy(sql`${id} DESC`)
    .limit(sql`${2} + 1`);
  expect(fold(statement.compile().sql)).toBe(
    "SELECT things.id, things.name || :param_1 AS loud FROM things WHERE things.id > :param_2 GROUP BY things.id, loud HAVING count(*) > :param_3 ORDER BY things.id DESC LIMIT :param_4 + 1",
  );
});
