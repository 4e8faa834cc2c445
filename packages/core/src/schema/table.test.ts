import { describe, expect, it, vi } from "vitest";
import {
  BLANK_SCHEMA,
  type Column,
  checkConstraint,
  column,
  computed,
  EnumType,
  foreignKey,
  func,
  Index,
  InvalidRequestError,
  index,
  listen,
  MetaData,
  onWarning,
  primaryKeyConstraint,
  Sequence,
  sequence,
  Table,
  t,
  table,
  UniqueConstraint,
  uniqueConstraint,
} from "../index.ts";

const kinds = (owner: Table): string[] => owner.sortedConstraints.map((constraint) => constraint.kind);

function warningsOf(action: () => void): string[] {
  const seen: string[] = [];
  const restore = onWarning((message) => seen.push(message));
  try {
    action();
  } finally {
    restore();
  }
  return seen;
}

describe("table()", () => {
  it("has columns under any key", () => {
    const odd = table("odd", new MetaData(), {
      name: column(t.string),
      keys: column(t.integer),
      constructor: column(t.date),
      length: column(t.integer),
      __proto: column(t.integer),
    });
    expect(odd.c.name.key).toBe("name");
    expect(odd.c.constructor.key).toBe("constructor");
    expect([...odd.c].map((each) => each.key)).toEqual(["name", "keys", "constructor", "length", "__proto"]);
    expect(() => (odd.c as unknown as Record<string, unknown>).nope).toThrow("Its columns are: name, keys");
  });

  it("is registered in its MetaData, under its schema", () => {
    const metadata = new MetaData({ schema: "base" });
    const a = table("a", metadata, { id: column(t.integer) });
    const b = table("b", metadata, { id: column(t.integer) }, { schema: BLANK_SCHEMA });
    const c = table("c", metadata, { id: column(t.integer) }, { schema: "other" });
    expect([...metadata.tables.keys()]).toEqual(["base.a", "b", "other.c"]);
    expect([a.fullname, b.schema, c.schema]).toEqual(["base.a", null, "other"]);
    expect(metadata.schemas).toEqual(["base", "other"]);
    expect(metadata.has(a)).toBe(true);
    metadata.remove(a);
    expect(metadata.has("base.a")).toBe(false);
  });

  it("is given again when it is asked for by name alone", () => {
    const metadata = new MetaData();
    const made = table("t", metadata, { id: column(t.integer) });
    expect(table("t", metadata)).toBe(made);
    expect(table("t", metadata, { keepExisting: true })).toBe(made);
    expect(() => table("t", metadata, { id: column(t.integer) })).toThrow(InvalidRequestError);
    expect(() => table("u", metadata, { mustExist: true })).toThrow("Table 'u' not defined");
    expect(() => table("t", metadata, { keepExisting: true, extendExisting: true })).toThrow("mutually exclusive");
  });

  it("can be extended", () => {
    const metadata = new MetaData();
    table(
      "t",
      metadata,
      { id: column(t.integer), a: column(t.integer, foreignKey("p.id")) },
      { comment: "old", mysqlEngine: "a" },
    );
    const extended = table("t", metadata, { a: column(t.string), b: column(t.integer) }, uniqueConstraint("b"), {
      extendExisting: true,
      comment: "new",
      sqliteStrict: true,
    });
    expect([...extended.c].map((each) => [each.key, each.type.affinity])).toEqual([
      ["id", "integer"],
      ["a", "string"],
      ["b", "integer"],
    ]);
    expect(extended).toMatchObject({ comment: "new", dialectOptions: { mysqlEngine: "a", sqliteStrict: true } });
    expect(extended.foreignKeys).toEqual([]);
    expect(kinds(extended)).toEqual(["primaryKeyConstraint", "uniqueConstraint"]);
  });

  it("refuses what is no part of a table", () => {
    const metadata = new MetaData();
    expect(() => table("t", metadata, { id: t.integer } as never, uniqueConstraint("id"))).toThrow(
      "the member \"id\" of table 't' is not a column",
    );
    expect(() => table("t", metadata, { id: column(t.integer) }, { shema: "x" } as never)).toThrow(
      'table() has no option "shema"',
    );
    expect(() => table("t", metadata, 5 as never)).toThrow("cannot be part of table 't'");
    expect(() => table("t", {} as never, {})).toThrow("table() takes a name, a MetaData");
    expect(metadata.tables.size).toBe(0);
  });

  it("forgets a table that could not be made", () => {
    const metadata = new MetaData();
    expect(() => table("t", metadata, { id: column(t.integer) }, uniqueConstraint("nope"))).toThrow(
      "no column named 'nope'",
    );
    expect(metadata.has("t")).toBe(false);
  });
});

describe("constraints and indexes", () => {
  it("come from columns' options", () => {
    const made = table("t", new MetaData(), {
      a: column(t.integer, { unique: true }),
      b: column(t.integer, { index: true }),
      c: column(t.integer, { unique: true, index: true }),
    });
    expect(kinds(made)).toEqual(["primaryKeyConstraint", "uniqueConstraint"]);
    expect([...made.indexes].map((each) => [each.name, each.unique])).toEqual([
      ["ix_t_b", false],
      ["ix_t_c", true],
    ]);
  });

  it("attach themselves where they are made of columns", () => {
    const metadata = new MetaData();
    const made = table("t", metadata, { a: column(t.integer), b: column(t.string) });
    const other = table("u", metadata, { a: column(t.integer) });
    const unique = uniqueConstraint(made.c.a, { name: "uq" });
    const check = checkConstraint(made.c.a.gt(5));
    const lower = index("ix", func.lower(made.c.b), { unique: true });
    expect([unique.table, check.table, lower.table]).toEqual([made, made, made]);
    expect(lower.columns).toEqual([made.c.b]);
    expect(made.indexes.has(lower)).toBe(true);
    expect(() => uniqueConstraint(made.c.a, other.c.a)).toThrow("Column(s) 'u.a' are not part of table 't'.");
    expect(() => other.appendConstraint(lower)).toThrow("cannot be associated with table 'u'");
  });

  it("wait for columns that are no part of a table yet", () => {
    const a = column("a", t.integer);
    const b = column("b", t.integer);
    const unique = uniqueConstraint(a, b);
    expect(() => unique.table).toThrow("not bound to a table");
    const made = table("t", new MetaData(), a, b);
    expect(unique.table).toBe(made);
    expect(made.constraints.has(unique)).toBe(true);
  });

  it("are added to a table that exists", () => {
    const made = table("t", new MetaData(), { a: column(t.integer) });
    made.appendConstraint(new UniqueConstraint(["a"]));
    made.appendConstraint(new Index("ix", ["a"]));
    expect([made.constraints.size, made.indexes.size]).toEqual([2, 1]);
  });
});

describe("the primary key", () => {
  it("is made of flagged columns or of a constraint", () => {
    const flagged = table("a", new MetaData(), {
      x: column(t.integer, { primaryKey: true }),
      y: column(t.string, { primaryKey: true }),
    });
    expect([...flagged.primaryKey].map((each) => each.name)).toEqual(["x", "y"]);
    expect(flagged.primaryKeyColumns).toEqual([flagged.c.x, flagged.c.y]);
    const given = table(
      "b",
      new MetaData(),
      { x: column(t.integer), y: column(t.integer) },
      primaryKeyConstraint("y", "x", { name: "pk" }),
    );
    expect([...given.primaryKey].map((each) => [each.name, each.nullable, each.primaryKey])).toEqual([
      ["y", false, true],
      ["x", false, true],
    ]);
  });

  it("warns where both are given and differ", () => {
    const warnings = warningsOf(() => {
      const made = table(
        "t",
        new MetaData(),
        { x: column(t.integer, { primaryKey: true }), y: column(t.integer) },
        primaryKeyConstraint("y"),
      );
      expect([...made.primaryKey].map((each) => each.name)).toEqual(["y"]);
    });
    expect(warnings[0]).toContain(
      "Table 't' specifies columns 'x' as primaryKey: true, not matching locally specified columns 'y'",
    );
  });

  it("is numbered by the rules", () => {
    const numbered = (id: Column) =>
      table("t", new MetaData(), { id, other: column(t.integer) }).autoincrementColumn?.name;
    const key = { primaryKey: true } as const;
    expect(numbered(column(t.integer, key))).toBe("id");
    expect(numbered(column(t.bigInteger, sequence("s"), key))).toBe("id");
    expect(numbered(column(t.string, key))).toBeUndefined();
    expect(numbered(column(t.integer, { ...key, autoincrement: false }))).toBeUndefined();
    expect(numbered(column(t.integer, { ...key, default: 5 }))).toBeUndefined();
    expect(numbered(column(t.integer, { ...key, serverDefault: "5" }))).toBeUndefined();
    expect(numbered(column(t.integer, foreignKey("x.id"), key))).toBeUndefined();
    expect(numbered(column(t.integer, foreignKey("x.id"), { ...key, autoincrement: "ignore_fk" }))).toBe("id");
    expect(numbered(column(t.integer, foreignKey("x.id"), { ...key, autoincrement: true }))).toBe("id");
    expect(() => numbered(column(t.numeric(10, 2), { ...key, autoincrement: true }))).toThrow("non-zero scale 2");
    expect(numbered(column(t.numeric(10, 0), { ...key, autoincrement: true }))).toBe("id");
  });
});

describe("toMetadata()", () => {
  it("copies everything, and moves what is inside the schema", () => {
    const metadata = new MetaData();
    const p = table("p", metadata, { id: column(t.integer, { primaryKey: true }) });
    const source = table(
      "t",
      metadata,
      {
        id: column(t.integer, { primaryKey: true }),
        a: column("db_a", t.integer, foreignKey("p.id"), { index: true, nullable: false, default: 3 }),
        up: column(t.integer, foreignKey("t.id")),
      },
      checkConstraint("db_a > 1", { name: "ck" }),
      { comment: "c", prefixes: ["TEMPORARY"], mysqlEngine: "x" },
    );
    source.appendConstraint(checkConstraint(source.c.a.lt(9), { name: "ck2" }));
    source.appendColumn(column("twice", t.integer, computed(source.c.a.mul(2))));
    index("ix_lower", source.c.a.desc());
    const copy = source.toMetadata(new MetaData(), { schema: "copy", name: "t2" });
    expect(copy.fullname).toBe("copy.t2");
    expect([...copy.c].map((each) => [each.key, each.name])).toEqual([
      ["id", "id"],
      ["a", "db_a"],
      ["up", "up"],
      ["twice", "twice"],
    ]);
    expect(copy).toMatchObject({ comment: "c", prefixes: ["TEMPORARY"], dialectOptions: { mysqlEngine: "x" } });
    expect(copy.c.a).toMatchObject({ nullable: false, default: { arg: 3 } });
    expect(copy.foreignKeys.map((key) => key.targetFullname)).toEqual(["copy.p.id", "copy.t2.id"]);
    expect([...copy.indexes].map((each) => each.name)).toEqual(["ix_copy_t2_db_a", "ix_lower"]);
    expect(kinds(copy).sort()).toEqual([
      "checkConstraint",
      "checkConstraint",
      "foreignKeyConstraint",
      "foreignKeyConstraint",
      "primaryKeyConstraint",
    ]);
    expect(copy.columnList.at(-1)?.computed?.sqltext.toString()).toContain("copy.t2.db_a");
    expect(p.metadata).toBe(metadata);
  });

  it("gives the table that is there already, with a warning", () => {
    const target = new MetaData();
    const made = table("t", new MetaData(), { id: column(t.integer) });
    const copy = made.toMetadata(target);
    const warnings = warningsOf(() => expect(made.toMetadata(target)).toBe(copy));
    expect(warnings[0]).toContain("not copying");
  });
});

describe("events", () => {
  it("tell of columns, constraints and tables that are attached", () => {
    const seen: string[] = [];
    const made = table("before", new MetaData(), { id: column(t.integer) });
    const onTable = (target: Table) => seen.push(`table ${target.name}`);
    listen(Table, "afterParentAttach", onTable);
    const id = column("id", t.integer);
    listen(id, "after_parent_attach", (target, owner) =>
      seen.push(`column ${target.name} of ${(owner as Table).name}`),
    );
    table("t", new MetaData(), id);
    Table.dispatch.remove("afterParentAttach", onTable);
    table("after", made.metadata, { id: column(t.integer) });
    expect(seen).toEqual(["column id of t", "table t"]);
  });

  it("can be listened to from the start", () => {
    const listener = vi.fn();
    const made = table(
      "t",
      new MetaData(),
      { id: column(t.integer) },
      { listeners: [["afterParentAttach", listener]] },
    );
    expect(listener).toHaveBeenCalledWith(made, made.metadata);
  });
});

it("a MetaData tells its sequences and types by their class", () => {
  const metadata = new MetaData({ schema: "app" });
  const mood = t.enum("sad", "happy", { name: "mood", metadata });
  const counter = sequence("counter", { metadata });
  const elsewhere = sequence("counter", { metadata, schema: "other" });
  table("people", metadata, { id: column(t.integer, counter, { primaryKey: true }), mood: column(mood) });
  expect(metadata.getSchemaObjects(Sequence)).toEqual([counter]);
  expect(metadata.getSchemaObjects(Sequence, { schema: "other" })).toEqual([elsewhere]);
  expect(metadata.getSchemaObjects(EnumType).map(({ name }) => name)).toEqual(["mood"]);
  expect(metadata.getSchemaObjectByName(Sequence, "counter", { schema: "other" })).toBe(elsewhere);
  expect(metadata.getSchemaObjectByName(EnumType, "missing")).toBeNull();
});
