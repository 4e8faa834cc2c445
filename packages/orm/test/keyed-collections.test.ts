/** Collections keyed by a column, unions of concrete tables, and what a class inherits. */
import { column, createEngine, foreignKey, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import {
  attributeKeyedDict,
  columnKeyedDict,
  declarativeBase,
  hasInheritedTable,
  many,
  one,
  polymorphicUnion,
  Session,
} from "@athanor/orm";
import { describe, expect, it } from "vitest";

const Base = declarativeBase();
class Item extends Base.mapped("keyed_items", {
  id: column(t.integer, { primaryKey: true }),
  notes: () => many(Note, { collectionClass: columnKeyedDict(() => Note.$.word), cascade: "all, delete-orphan" }),
  byTable: () => many(Note, { collectionClass: columnKeyedDict(() => Note.table.c.word), viewonly: true }),
  byAttribute: () => many(Note, { collectionClass: attributeKeyedDict("word"), viewonly: true }),
}) {}
class Note extends Base.mapped("keyed_notes", {
  id: column(t.integer, { primaryKey: true }),
  itemId: column(t.integer, foreignKey("keyed_items.id")),
  word: column("key_word", t.string(20), { nullable: false }),
  item: () => one(Item, { viewonly: true }),
}) {}
class Long extends Note.extend("keyed_long_notes", {
  id: column(t.integer, foreignKey("keyed_notes.id"), { primaryKey: true }),
}) {}

describe("columnKeyedDict()", () => {
  it("keys objects by a column, under whatever attribute it is", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    const item = new Item({});
    for (const word of ["a", "b"]) item.notes.add(new Note({ word }));
    expect([...item.notes.keys()]).toEqual(["a", "b"]);
    session.add(item);
    session.commit();
    expect(item.notes.get("b")?.word).toBe("b");
    item.notes.delete("a");
    session.commit();
    const found = session.scalars(select(Item)).one();
    expect([found.notes, found.byTable, found.byAttribute].map((map) => [...map.keys()])).toEqual([
      ["b"],
      ["b"],
      ["b"],
    ]);
  });

  it("refuses several columns", () => {
    expect(() => columnKeyedDict([Note.$.word, Note.$.id] as never)).toThrow(/one column/);
  });
});

it("hasInheritedTable() tells classes below mapped ones", () => {
  expect([hasInheritedTable(Note), hasInheritedTable(Long)]).toEqual([false, true]);
  expect(() => hasInheritedTable(Date)).toThrow(/not mapped/);
});

it("polymorphicUnion() takes tables by identity", () => {
  const union = polymorphicUnion({ note: Note.table, long: Long.table }, "kind", "u");
  expect(String(select(union))).toBe(
    'SELECT u.id, u."itemId", u.word, u.kind \nFROM (SELECT keyed_notes.id AS id, keyed_notes."itemId" AS "itemId", keyed_notes.key_word AS word, \'note\' AS kind \nFROM keyed_notes UNION ALL SELECT keyed_long_notes.id AS id, CAST(NULL AS INTEGER) AS "itemId", CAST(NULL AS VARCHAR(20)) AS word, \'long\' AS kind \nFROM keyed_long_notes) AS u',
  );
  expect(() => polymorphicUnion({}, "kind")).toThrow(/at least one/);
});
