/** What SQL Server is sent; the recorded cases (`npm run conformance`) have the rest. */
import {
  type ClauseElement,
  column,
  createTable,
  insert,
  literal,
  MetaData,
  select,
  t,
  table,
  update,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { grammarErrors } from "../../../test/grammar/gate.ts";
import { MSSQLDialect } from "../src/index.ts";

const metadata = new MetaData();
const items = table("items", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.unicode(40), { nullable: false }),
  order: column(t.integer),
});
/** The text, which the grammar of the database takes. */
function sql(element: ClauseElement, literalBinds = false): string {
  const text = element.compile({ dialect: new MSSQLDialect(), literalBinds }).sql.replaceAll(/\s+/g, " ").trim();
  expect(grammarErrors("mssql", text)).toEqual([]);
  return text;
}

describe("SQL Server", () => {
  it("limits with TOP, and pages with OFFSET", () => {
    expect(sql(select(items.c.id).limit(5), true)).toBe("SELECT TOP 5 items.id FROM items");
    expect(sql(select(items.c.id).orderBy(items.c.id).limit(5).offset(10), true)).toBe(
      "SELECT items.id FROM items ORDER BY items.id OFFSET 10 ROWS FETCH FIRST 5 ROWS ONLY",
    );
  });

  it("refuses an OFFSET without an order", () => {
    expect(() => sql(select(items.c.id).offset(10))).toThrow(/order_by|orderBy/i);
  });

  it("brings generated keys back with OUTPUT", () => {
    expect(sql(insert(items).values({ name: "a" }).returning(items.c.id))).toBe(
      "INSERT INTO items (name) OUTPUT inserted.id VALUES (@name)",
    );
    expect(sql(update(items).values({ name: "b" }).returning(items.c.name))).toBe(
      "UPDATE items SET name=@name OUTPUT inserted.name",
    );
  });

  it("quotes reserved words and doubles what would end a name or a text", () => {
    expect(sql(select(items.c.order))).toBe("SELECT items.[order] FROM items");
    expect(sql(select(literal("x'; DROP TABLE items --").label("a]b")), true)).toBe(
      "SELECT 'x''; DROP TABLE items --' AS [a]]b]",
    );
  });

  it("numbers keys with IDENTITY", () => {
    expect(sql(createTable(items))).toBe(
      "CREATE TABLE items ( id INTEGER NOT NULL IDENTITY, name NVARCHAR(40) NOT NULL, [order] INTEGER NULL, PRIMARY KEY (id) )",
    );
  });
});
