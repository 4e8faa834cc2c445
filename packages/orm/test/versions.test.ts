/** Row versions that the program sets itself, and those of rows that are written twice in one flush. */
import { column, createEngine, foreignKey, listen, t, text } from "@athanor/core";
import { declarativeBase, many, Session, StaleDataError } from "@athanor/orm";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const id = () => column(t.integer, { primaryKey: true });

function fixture(base: ReturnType<typeof declarativeBase>): { session: Session; sql: string[] } {
  const engine = createEngine("sqlite://");
  base.metadata.createAll(engine);
  const sql: string[] = [];
  listen(engine, "beforeCursorExecute", (_connection, _cursor, statement) => {
    sql.push(statement.replace(/\s+/g, " "));
  });
  return { session: new Session(engine), sql };
}

describe("versionIdGenerator: false", () => {
  it("without a default: the program's version is kept, and nothing is read back", () => {
    const Base = declarativeBase();
    class A extends Base.mapped(
      "a",
      { id: id(), data: column(t.string), version: column(t.integer) },
      { versionIdCol: "version", versionIdGenerator: false },
    ) {}
    const { session, sql } = fixture(Base);
    const a = new A({ id: 1, version: 1, data: "d1" });
    session.add(a);
    session.flush();
    sql.length = 0;
    a.data = "d2";
    session.flush();
    expect(a.version).toBe(1);
    a.data = "d3";
    a.version = 2;
    session.flush();
    expect(a.version).toBe(2);
    expect(sql).toEqual([
      "UPDATE a SET data=? WHERE a.id = ? AND a.version = ?",
      "UPDATE a SET data=?, version=? WHERE a.id = ? AND a.version = ?",
    ]);
    session.execute(text("UPDATE a SET version = 9"));
    a.data = "d4";
    expect(() => session.flush()).toThrow(StaleDataError);
  });

  it("made by the database: read back", () => {
    const Base = declarativeBase();
    class S extends Base.mapped(
      "s",
      {
        id: id(),
        data: column(t.string),
        version: column(t.integer, { nullable: false, serverDefault: text("1"), onupdate: text("version + 1") }),
      },
      { versionIdCol: "version", versionIdGenerator: false },
    ) {}
    const { session, sql } = fixture(Base);
    const s = new S({ id: 1, data: "a" });
    session.add(s);
    session.flush();
    sql.length = 0;
    s.data = "b";
    session.flush();
    expect(s.version).toBe(2);
    expect(sql).toEqual([
      "UPDATE s SET data=?, version=version + 1 WHERE s.id = ? AND s.version = ? RETURNING version",
    ]);
  });
});

describe("postUpdate", () => {
  for (const versionIdGenerator of [undefined, false] as const)
    it(`versions of rows of the flush stay, those of others are made anew (${String(versionIdGenerator)})`, () => {
      const Base = declarativeBase();
      class P extends Base.mapped(
        "p",
        {
          id: id(),
          version: column(t.integer, { nullable: false }),
          parentId: column("parent_id", t.integer, foreignKey("p.id")),
          children: () => many(P, { postUpdate: true }),
        },
        { versionIdCol: "version", versionIdGenerator },
      ) {}
      const { session, sql } = fixture(Base);
      const made = (key: number) => new P({ id: key, ...(versionIdGenerator === false ? { version: 1 } : {}) });
      const [parent, child] = [made(1), made(2)];
      parent.children.push(child);
      session.addAll([parent, child]);
      session.flush();
      expect(sql.at(-1)).toBe("UPDATE p SET parent_id=? WHERE p.id = ? AND p.version = ?");
      expect([parent.version, child.version]).toEqual([1, 1]);
      child.children.push(parent);
      session.flush();
      expect(parent.version).toBe(versionIdGenerator === false ? 1 : 2);
      expect(session.scalar(text("SELECT parent_id FROM p WHERE id = 1"))).toBe(2);
    });
});
