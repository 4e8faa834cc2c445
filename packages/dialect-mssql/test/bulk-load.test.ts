/** Rows by the bulk protocol: what is announced and how much is sent; the test server takes the data without reading it. */
import { column, MetaData, t, table } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { bulkLoad } from "../src/index.ts";
import { scene } from "./connect.ts";

const { server, engine } = scene();
const items = table("items", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column("full_name", t.unicode(40), { nullable: false }),
  price: column(t.numeric(10, 2)),
  body: column(t.text),
  at: column(t.dateTime),
});

describe("bulk load", () => {
  it("announces the columns and sends the rows", async () => {
    server.script(/^bulk data/, { results: [{ count: 3 }] });
    const count = await engine().begin((conn) =>
      bulkLoad(conn, items, [
        { id: 1, name: "a", price: "1.505", body: null, at: new Date(0) },
        { id: 2, name: "ż", price: null, body: "x".repeat(9000), at: null },
        { id: 3, name: "c", price: 3, body: "", at: null },
      ]),
    );
    expect(count).toBe(3);
    expect(server.story.filter((line) => !/^(set|SELECT)/.test(line))).toEqual([
      "BEGIN",
      "insert bulk items([id] int, [full_name] nvarchar(4000), [price] decimal(10, 2), [body] varchar(max), [at] datetime) WITH (CHECK_CONSTRAINTS,KEEP_NULLS)",
      expect.stringMatching(/^bulk data of \d{4,} bytes/),
      "COMMIT",
    ]);
  });

  it("reads rows as the server takes them", async () => {
    server.script(/^bulk data/, { results: [{ count: 10_000 }] });
    async function* rows(): AsyncGenerator<{ id: number; name: string }> {
      for (let id = 0; id < 10_000; id++) yield { id, name: `n${id}` };
    }
    expect(await engine().begin((conn) => bulkLoad(conn, items, rows()))).toBe(10_000);
  });

  it("sends nothing for no rows", async () => {
    expect(await engine().begin((conn) => bulkLoad(conn, items, []))).toBe(0);
    expect(server.statements(/bulk/)).toEqual([]);
  });

  it("translates errors of the server", async () => {
    server.script(/^bulk data/, {
      errors: [
        {
          number: 2627,
          message: "Violation of PRIMARY KEY constraint 'pk'. Cannot insert duplicate key in object 'dbo.items'.",
        },
      ],
    });
    await expect(engine().begin((conn) => bulkLoad(conn, items, [{ id: 1, name: "a" }]))).rejects.toMatchObject({
      name: "IntegrityError",
      kind: "unique",
      constraint: "pk",
      statement: "INSERT BULK items",
    });
  });

  it("refuses columns that are not there, and rows that differ", async () => {
    const load = (rows: readonly Record<string, unknown>[]): Promise<number> =>
      engine().begin((conn) => bulkLoad(conn, items, rows));
    await expect(load([{ nome: "a" }])).rejects.toThrow(/items has no column "nome".*id, name, price/);
    await expect(load([{ id: 1, name: "a" }, { id: 2 }])).rejects.toThrow(/no "name".*null/s);
    await expect(load([{ id: 1 }, { id: 2, name: "a" }])).rejects.toThrow(/has "name", the first one had not/);
  });
});
