/** Annotations of elements, and what types say of comparisons and of order. */
import {
  ArgumentError,
  alias,
  CacheKeyBuilder,
  ColumnElement,
  column,
  compiles,
  createEngine,
  createTable,
  func,
  insert,
  iterate,
  listen,
  MetaData,
  type Node,
  replacementTraverse,
  select,
  type Table,
  TypeDecorator,
  t,
  table,
  toType,
} from "@athanor/core";
import "@athanor/dialect-sqlite";
import { declarativeBase, Session } from "@athanor/orm";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { nullable: false }),
});
const people = table("people", metadata, { id: column(t.integer), name: column(t.string(20)) });
const fold = (element: { toString(): string }): string => element.toString().replaceAll(/\s+/g, " ");
const keyOf = (node: Node): string => {
  const key = new CacheKeyBuilder();
  node.appendCacheKey(key);
  return key.text;
};

describe("annotations", () => {
  test("are on the copy, add up, are replaced and taken off", () => {
    const condition = users.c.id.eq(5);
    const marked = condition.annotate({ a: 1 }).annotate({ b: 2 });
    expect(condition.annotations).toEqual({});
    expect(marked.annotations).toEqual({ a: 1, b: 2 });
    expect(marked.withAnnotations({ z: 3 }).annotations).toEqual({ z: 3 });
    expect(marked.deannotate(["a"]).annotations).toEqual({ b: 2 });
    expect(marked.deannotate().annotations).toEqual({});
    expect(keyOf(marked.deannotate())).toBe(keyOf(condition));
    expect(fold(marked)).toBe(fold(condition));
    expect(condition.deannotate()).toBe(condition);
  });

  test("a column stays the same column", () => {
    const marked = users.c.id.annotate({ a: 1 });
    expect(fold(select(marked, users.c.name).where(marked.gt(1)))).toBe(
      "SELECT users.id, users.name FROM users WHERE users.id > :id_1",
    );
    expect(fold(select(marked, users.c.id))).toBe(fold(select(users.c.id, users.c.id)));
    expect(marked.primaryKey).toBe(true);
    expect(marked.nullable).toBe(false);
    expect(marked.annotate({ b: 2 }).annotations).toEqual({ a: 1, b: 2 });
    expect(marked.deannotate()).toBe(users.c.id);
    expect(marked.annotate({ b: 2 }).deannotate(["b"]).annotations).toEqual({ a: 1 });
  });

  test("stay when a statement goes on or is rewritten, and traversal finds them", () => {
    const statement = select(users.c.id)
      .where(users.c.name.eq("x").annotate({ tenant: true }))
      .annotate({ audited: 1 });
    const later = statement.where(users.c.id.gt(1));
    expect(later.annotations).toEqual({ audited: 1 });
    const adapted = replacementTraverse(later, (node) => (node === users.c.name ? people.c.name : undefined));
    const found = [...iterate(adapted)].filter((node) => (node as ColumnElement).annotations.tenant === true);
    expect(found.map((node) => fold(node as ColumnElement))).toEqual(["people.name = :name_1"]);
  });

  test("are part of the key: renderings that look at them are compiled each", () => {
    class Masked extends ColumnElement<string> {
      static override readonly inheritCache = true;
    }
    compiles(Masked, (_compiler, element: Masked) => (element.annotations.show === true ? "'shown'" : "'***'"));
    const masked = new Masked(toType(t.string));
    using conn = createEngine("sqlite:///:memory:").connect();
    const read = (element: Masked) => conn.execute(select(element.label("m"))).scalarOne();
    expect([read(masked), read(masked.annotate({ show: true })), read(masked)]).toEqual(["***", "shown", "***"]);
    expect(keyOf(users.c.id.annotate({ a: 1 }))).not.toBe(keyOf(users.c.id.annotate({ a: 2 })));
    expect(keyOf(users.c.id.annotate({ a: 1 }))).toBe(keyOf(users.c.id.annotate({ a: 1 })));
  });

  test("rows are read by annotated columns", () => {
    using conn = createEngine("sqlite:///:memory:").connect();
    metadata.createAll(conn);
    conn.execute(insert(users), { name: "Ann" });
    const marked = users.c.name.annotate({ a: 1 });
    expect(conn.execute(select(users.c.id, marked)).one().name).toBe("Ann");
  });

  test("what stands for itself in FROM has none", () => {
    expect(() => users.annotate({ a: 1 })).toThrow(ArgumentError);
    expect(() => alias(users, "u").annotate({ a: 1 })).toThrow(/annotate its columns or the statement/i);
  });
});

class YesNo extends TypeDecorator<boolean> {
  readonly impl = t.string(1);
  override readonly cacheOk = true;
  override processBindParam(value: boolean | null): string | null {
    return value === null ? "-" : value ? "Y" : "N";
  }
}
class WithBooleans extends YesNo {
  override get coerceToIsTypes(): readonly unknown[] {
    return [null, Boolean];
  }
}
class WithNothing extends YesNo {
  override get coerceToIsTypes(): readonly unknown[] {
    return [];
  }
}

describe("coerceToIsTypes", () => {
  const flags = (type: YesNo) => table("flags", new MetaData(), { x: column(type) }).c.x;

  test("by default null is IS NULL, and booleans go through the type", () => {
    const x = flags(new YesNo());
    expect(fold(x.eq(null))).toBe("flags.x IS NULL");
    expect(fold(x.ne(null))).toBe("flags.x IS NOT NULL");
    expect(fold(x.eq(true))).toBe("flags.x = :x_1");
    expect(x.eq(true).compile({ compileKwargs: { literalBinds: true } }).sql).toBe("flags.x = 'Y'");
  });

  test("booleans or nothing", () => {
    expect(fold(flags(new WithBooleans()).eq(false))).toBe("flags.x = false");
    const x = flags(new WithNothing());
    expect(fold(x.eq(null))).toBe("flags.x = :x_1");
    expect(fold(x.ne(null))).toBe("flags.x != :x_1");
    using conn = createEngine("sqlite:///:memory:").connect();
    conn.execute(createTable(x.table as Table));
    conn.execute(insert(x.table as Table), [{ x: null }, { x: true }]);
    expect(conn.execute(select(func.count(x)).where(x.eq(null))).scalarOne()).toBe(1);
    expect(fold(x.is(null))).toBe("flags.x IS :x_1");
  });
});

describe("sortKeyFunction", () => {
  test("a flush writes rows in the order that the key's type gives", () => {
    const Base = declarativeBase();
    class Level extends Base.mapped("levels", {
      id: column(
        t.enum("low", "mid", "high", { sortKeyFunction: (value: string) => ["low", "mid", "high"].indexOf(value) }),
        {
          primaryKey: true,
        },
      ),
      note: column(t.string(10)),
    }) {}
    const engine = createEngine("sqlite:///:memory:");
    using conn = engine.connect();
    Base.metadata.createAll(conn);
    using session = new Session({ bind: conn });
    const levels = (["high", "low", "mid"] as const).map((id) => new Level({ id, note: "a" }));
    session.addAll(levels);
    session.flush();
    const log: unknown[] = [];
    listen(engine, "beforeCursorExecute", (_, { parameters }) => void log.push(parameters));
    for (const level of levels) level.note = `b ${level.id}`;
    session.flush();
    expect(JSON.stringify(log)).toMatch(/b low.*b mid.*b high/);
  });

  test("types around others have theirs; enums go by what is stored", () => {
    expect(toType(t.enum("b", "a")).sortKeyFunction?.("a" as never)).toBe("a");
    class Wrapped extends TypeDecorator<string> {
      readonly impl = t.enum("b", "a", { sortKeyFunction: () => 7 });
    }
    expect(new Wrapped().sortKeyFunction?.("a" as never)).toBe(7);
    expect(toType(t.integer).sortKeyFunction).toBeUndefined();
  });
});
