import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  type Column,
  checkConstraint,
  column,
  columnDefault,
  computed,
  DefaultClause,
  DuplicateColumnError,
  defaultClause,
  fetchedValue,
  foreignKey,
  func,
  identity,
  MetaData,
  QuotedName,
  sequence,
  t,
  table,
  text,
} from "../index.ts";

const inTable = (made: Column): Column => {
  table("t", new MetaData(), made);
  return made;
};

describe("column()", () => {
  it("takes its name from the first string or from the key of a shape", () => {
    const shaped = table("t", new MetaData(), { id: column(t.integer), mail: column("e_mail", t.string) });
    expect([...shaped.c].map(({ key, name }) => [key, name])).toEqual([
      ["id", "id"],
      ["mail", "e_mail"],
    ]);
    const named = column("x", t.integer, { key: "y" });
    expect([named.name, named.key]).toEqual(["x", "y"]);
    expect(column(new QuotedName("Odd", true), t.integer).quote).toBe(true);
    expect(column("odd", t.integer, { quote: false }).quote).toBe(false);
  });

  it("is nullable unless it is a key, an identity, or told otherwise", () => {
    expect(column(t.integer).nullable).toBe(true);
    expect(column(t.integer, { primaryKey: true }).nullable).toBe(false);
    expect(column(t.integer, { primaryKey: true, nullable: true }).nullable).toBe(true);
    expect(column(t.integer, identity()).nullable).toBe(false);
    expect(column(t.integer, identity(), { nullable: true }).nullable).toBe(true);
  });

  it("makes defaults of values, functions, expressions and sequences", () => {
    expect(column(t.integer, { default: 5 }).default).toMatchObject({
      arg: 5,
      isScalar: true,
      forUpdate: false,
      defaultKind: "scalar",
    });
    expect(column(t.integer, { insertDefault: 0 }).default).toMatchObject({ arg: 0 });
    expect(column(t.integer, { onupdate: () => 1 }).onupdate).toMatchObject({ isCallable: true, forUpdate: true });
    const expression = func.now();
    expect(column(t.dateTime, { default: expression }).default).toMatchObject({ isClauseElement: true, expression });
    const numbers = sequence("s");
    expect(column(t.integer, numbers).default).toBe(numbers);
    expect(column(t.integer, { default: columnDefault(3) }).default).toMatchObject({ arg: 3 });
    expect(column(t.integer, { default: null }).default).toBeNull();
  });

  it("makes server defaults of strings, expressions and fetched values", () => {
    expect(column(t.integer, { serverDefault: "5" }).serverDefault).toMatchObject({ arg: "5" });
    expect(column(t.integer, { serverDefault: text("1 + 1") }).serverDefault).toBeInstanceOf(DefaultClause);
    expect(column(t.integer, { serverOnupdate: fetchedValue() }).serverOnupdate?.forUpdate).toBe(true);
    expect(column(t.integer, { serverOnupdate: defaultClause("1") }).serverOnupdate?.forUpdate).toBe(true);
    expect(() => column(t.integer, { serverDefault: 5 as never })).toThrow(ArgumentError);
  });

  it("refuses options it does not know, by name", () => {
    expect(() => column(t.integer, { primarykey: true } as never)).toThrow('column() has no option "primarykey"');
    expect(() => column(t.integer, { index: "ix" as never })).toThrow("pass index(name, …) to the table");
    expect(() => column(t.integer, { default: 1, insertDefault: 2 })).toThrow("mutually exclusive");
    expect(() => column(undefined as never)).toThrow("the type of a column is undefined");
    expect(() => column(t.integer, { default: ((a: unknown, b: unknown) => [a, b]) as never })).toThrow(
      "takes the context or nothing",
    );
    expect(() => column(t.integer, new Date() as never)).toThrow("cannot be part of a column");
  });

  it("refuses what identity and computed columns cannot have", () => {
    expect(() => column(t.integer, identity(), { serverDefault: "5" })).toThrow(
      "A column with an Identity object cannot specify serverDefault",
    );
    expect(() => column(t.integer, identity(), { autoincrement: false })).toThrow("autoincrement: false");
    expect(() => column(t.integer, computed("a"), { serverDefault: "5" })).toThrow("A generated column cannot specify");
    expect(() => inTable(column("x", t.integer, identity(), sequence("s")) as Column)).toThrow(
      "both Identity and Sequence",
    );
  });

  it("keeps dialect options, notes and flags", () => {
    const made = column(t.integer, {
      sqliteOnConflictUnique: "IGNORE",
      info: { a: 1 },
      system: true,
      comment: "c",
      doc: "d",
    });
    expect(made).toMatchObject({
      dialectOptions: { sqliteOnConflictUnique: "IGNORE" },
      info: { a: 1 },
      system: true,
      comment: "c",
      doc: "d",
    });
  });

  it("copies with everything that is its own", () => {
    const made = column("x", t.integer, foreignKey("a.id"), checkConstraint("x > 1"), {
      default: 1,
      serverDefault: "2",
      index: true,
      nullable: false,
      info: { n: 1 },
    });
    const copy = made.copy();
    expect(copy).not.toBe(made);
    expect(copy).toMatchObject({ name: "x", key: "x", index: true, nullable: false, info: { n: 1 } });
    expect(copy.default).toMatchObject({ arg: 1, column: copy });
    expect(copy.foreignKeys.map((key) => key.target)).toEqual(["a.id"]);
    expect(copy.constraints.size).toBe(1);
    expect(made.copy({ foreignKeys: false }).foreignKeys).toEqual([]);
  });
});

describe("columns of tables", () => {
  it("belong to one table; shapes can be shared", () => {
    const metadata = new MetaData();
    const own = column("x", t.integer);
    table("a", metadata, own);
    expect(() => table("b", metadata, own)).toThrow("Column object 'x' already assigned to Table 'a'");
    expect(metadata.has("b")).toBe(false);
    const shape = {
      id: column(t.integer, { primaryKey: true }),
      at: column(t.dateTime, { serverDefault: text("now()") }),
    };
    const first = table("first", metadata, shape);
    const second = table("second", metadata, shape);
    expect(first.c.at).toBe(shape.at);
    expect(second.c.at).not.toBe(shape.at);
    expect(second.c.at).toMatchObject({ name: "at", table: second });
    expect(second.primaryKey.columns).toEqual([second.c.id]);
  });

  it("have different names", () => {
    expect(() => table("t", new MetaData(), { a: column("x", t.integer), b: column("x", t.integer) })).toThrow(
      DuplicateColumnError,
    );
    const owner = table("t", new MetaData(), { a: column(t.integer) });
    expect(() => owner.appendColumn(column("a", t.string))).toThrow("replaceExisting: true");
    owner.appendColumn(column("a", t.string), { replaceExisting: true });
    expect(String(owner.c.a.type)).toBe("VARCHAR");
    owner.insertColumn(column("first", t.integer), 0);
    expect([...owner.c].map((each) => each.name)).toEqual(["first", "a"]);
    expect(() => owner.appendColumn(column(t.integer))).toThrow("non-blank name");
  });

  it("tell what they are called", () => {
    expect(inTable(column("x", t.integer) as Column).description).toBe("t.x");
    expect(column(t.integer).description).toBe("(no name)");
  });
});
