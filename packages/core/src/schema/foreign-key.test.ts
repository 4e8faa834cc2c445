import { describe, expect, it } from "vitest";
import {
  column,
  foreignKey,
  foreignKeyConstraint,
  MetaData,
  NoReferencedColumnError,
  NoReferencedTableError,
  t,
  table,
} from "../index.ts";

const parent = (metadata: MetaData) =>
  table("p", metadata, { id: column("real_id", t.string(7), { primaryKey: true }), other: column(t.integer) });

describe("foreignKey()", () => {
  it("finds its column when it is first needed", () => {
    const metadata = new MetaData();
    const child = table("k", metadata, { pid: column(foreignKey("p.id")) });
    const [key] = child.c.pid.foreignKeys;
    expect(() => key?.column).toThrow(NoReferencedTableError);
    expect(child.c.pid.type.affinity).toBe("null");
    const p = parent(metadata);
    expect(key?.column).toBe(p.c.id);
    expect(String(child.c.pid.type)).toBe("VARCHAR(7)");
    expect(child.c.pid.references(p.c.id)).toBe(true);
    expect(key?.constraint.referredTable).toBe(p);
    expect(key?.getReferent(p)).toBe(p.c.id);
  });

  it("takes columns, functions, schemas, and names of the database", () => {
    const metadata = new MetaData();
    const p = parent(metadata);
    const s = table("s", metadata, { id: column(t.integer, { primaryKey: true }) }, { schema: "app.sub" });
    const child = table("k", metadata, {
      a: column(foreignKey(p.c.id)),
      b: column(foreignKey(() => p.c.other)),
      c: column(foreignKey("app.sub.s.id")),
      d: column(foreignKey("p.real_id", { linkToName: true })),
      id: column(foreignKey("p")),
    });
    expect(child.foreignKeys.map((key) => key.column)).toEqual([p.c.id, p.c.other, s.c.id, p.c.id, p.c.id]);
    expect(child.foreignKeys.map((key) => key.targetFullname)).toEqual([
      "p.id",
      "p.other",
      "app.sub.s.id",
      "p.real_id",
      "p",
    ]);
  });

  it("looks in the schema of the MetaData", () => {
    const metadata = new MetaData({ schema: "base" });
    const p = parent(metadata);
    const child = table("k", metadata, { pid: column(foreignKey("p.id")) });
    expect(child.c.pid.foreignKeys[0]?.column).toBe(p.c.id);
  });

  it("says what it did not find", () => {
    const metadata = new MetaData();
    parent(metadata);
    const child = table("k", metadata, { pid: column(t.integer, foreignKey("p.nope")) });
    expect(() => child.c.pid.foreignKeys[0]?.column).toThrow(NoReferencedColumnError);
    expect(() => child.c.pid.foreignKeys[0]?.column).toThrow(
      "Could not initialize target column for ForeignKey 'p.nope' on table 'k': table 'p' has no column named 'nope'",
    );
    expect(() => foreignKey(5 as never)).toThrow("a foreign key refers to a column");
    const wrong = table("w", metadata, {
      pid: column(
        t.integer,
        foreignKey(() => "p.id"),
      ),
    });
    expect(() => wrong.c.pid.foreignKeys[0]?.column).toThrow("a foreign key's function must give a column");
  });

  it("does not run in circles after a type", () => {
    const metadata = new MetaData();
    const a = table("a", metadata, { id: column(foreignKey("b.id")) });
    table("b", metadata, { id: column(foreignKey("a.id")) });
    expect(a.c.id.type.affinity).toBe("null");
  });
});

describe("foreignKeyConstraint()", () => {
  it("covers several columns, which know it", () => {
    const metadata = new MetaData();
    const p = table("p", metadata, {
      a: column(t.integer, { primaryKey: true }),
      b: column(t.integer, { primaryKey: true }),
    });
    const constraint = foreignKeyConstraint(["x", "y"], ["p.a", "p.b"], { name: "fk_xy", ondelete: "CASCADE" });
    const k = table("k", metadata, { x: column(t.integer), y: column(t.integer) }, constraint);
    expect(constraint.columns).toEqual([k.c.x, k.c.y]);
    expect(constraint.elements.map((element) => [element.parent, element.column])).toEqual([
      [k.c.x, p.c.a],
      [k.c.y, p.c.b],
    ]);
    expect(k.c.y.foreignKeys[0]?.constraint).toBe(constraint);
    expect(k.foreignKeyConstraints).toEqual([constraint]);
  });

  it("refuses what makes no sense", () => {
    const metadata = new MetaData();
    expect(() => foreignKeyConstraint(["a", "a"], ["p.a", "p.b"])).toThrow("duplicate source column");
    expect(() => foreignKeyConstraint(["a"], ["p.a", "p.b"])).toThrow("must match the number");
    const shape = { x: column(t.integer), y: column(t.integer) };
    expect(() => table("k", metadata, shape, foreignKeyConstraint(["x", "y"], ["p.a", "q.b"]))).toThrow(
      "ForeignKeyConstraint on k(x, y) refers to multiple remote tables: p and q",
    );
    expect(() => table("k2", metadata, shape, foreignKeyConstraint(["z"], ["p.a"]))).toThrow(
      "Can't create ForeignKeyConstraint on table 'k2': no column named 'z' is present.",
    );
  });

  it("attaches itself where it is made of a table's columns", () => {
    const metadata = new MetaData();
    const p = parent(metadata);
    const k = table("k", metadata, { a: column(t.string(7)) });
    const constraint = foreignKeyConstraint([k.c.a], [p.c.id]);
    expect(k.constraints.has(constraint)).toBe(true);
  });
});
