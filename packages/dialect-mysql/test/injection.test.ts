import {
  column,
  createTable,
  dropTable,
  expandForExecution,
  insert,
  literal,
  MetaData,
  select,
  t,
  table,
} from "@athanor/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drivers, url } from "./connect.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc
    .array(
      fc.constantFrom("'", '"', "`", "\\", "%", "?", ":a", "--", "/*", "*/", ";", "\n", "#", "{", "$.", "ü", "😀"),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);
/** NUL is refused in literals; JSON paths have no control characters. */
const hasControls = (value: string, below: number): boolean =>
  [...value].some((char) => (char.codePointAt(0) as number) < below);
const wellFormed = (text: string): boolean => text.isWellFormed();
const text = hostile.filter(wellFormed);
/** Names may not be empty, end in a blank, or have characters beyond the basic plane. */
const name = text.filter((value) => /^[\u0021-\ud7ff\ue000-\uffff]{1,25}$/.test(value));

describe.skipIf(url === null).each(drivers)("what users write stays what it is by $name", ({ engineOf }) => {
  const engine = engineOf();

  it("text in literals", async () => {
    await using conn = await engine.connect();
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        if (hasControls(value, 1)) return;
        const { sql } = expandForExecution(select(literal(value, t.string).label("value")), engine.dialect, {
          literalBinds: true,
        });
        expect((await conn.execDriverSql(sql)).scalarOne()).toBe(value);
      }),
      { numRuns: 200 },
    );
  });

  it("names of tables, columns and labels", async () => {
    await using conn = await engine.connect();
    await fc.assert(
      fc.asyncProperty(name, name, name, async (tableName, columnName, label) => {
        // mysql2 takes no results with a column of this name, and drops the connection.
        if (/[./\\]/.test(tableName) || label === "__proto__") return;
        const rows = table(
          tableName,
          new MetaData(),
          { x: column(columnName, t.integer) },
          { prefixes: ["TEMPORARY"] },
        );
        await conn.execute(createTable(rows));
        try {
          await conn.execute(insert(rows).values({ x: 7 }));
          const result = await conn.execute(select(rows.c.x.label(label)).where(rows.c.x.eq(7)));
          expect(result.mappings().one()).toEqual({ [label]: 7 });
        } finally {
          await conn.execute(dropTable(rows));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keys of JSON documents, as parameters and as literals", async () => {
    await using conn = await engine.connect();
    await fc.assert(
      fc.asyncProperty(text, async (key) => {
        // MariaDB does not find keys that begin with a minus, however they are written.
        if (hasControls(key, 32) || key.startsWith("-")) return;
        const statement = select(
          literal({ [key]: 5 }, t.json)
            .at(key)
            .asInteger()
            .label("value"),
        );
        expect(await conn.scalar(statement)).toBe(5);
        const { sql } = expandForExecution(statement, engine.dialect, { literalBinds: true });
        expect(Number((await conn.execDriverSql(sql)).scalarOne())).toBe(5);
      }),
      { numRuns: 150 },
    );
  });
});
