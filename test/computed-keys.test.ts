/** Primary keys whose default is a SQL expression: brought back by RETURNING, or computed before where there is none. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, func, insert, literal, MetaData, select, t, table } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { declarativeBase, listen } from "@athanor/orm";
import { describe, expect, it } from "vitest";
import { mysqlUrl, pgUrl } from "./setup/urls.ts";

const urls = { sqlite: "sqlite:///:memory:", postgresql: pgUrl(), mysql: mysqlUrl() };

for (const [name, url] of Object.entries(urls)) {
  describe.skipIf(url === null)(`on ${name}`, () => {
    for (const implicitReturning of [true, false]) {
      it(`the key is known after INSERT, ${implicitReturning ? "by RETURNING" : "computed before"}`, async () => {
        const engine = createAsyncEngine(url as string);
        const metadata = new MetaData();
        const notes = table(
          "computed_keys",
          metadata,
          {
            code: column(t.string(20), { primaryKey: true, default: func.upper(literal("abc")) }),
            text: column(t.string(20)),
          },
          { implicitReturning },
        );
        await metadata.createAll(engine);
        const statements: string[] = [];
        listen(engine, "beforeCursorExecute", (_connection, _cursor, statement) => void statements.push(statement));
        await engine.begin(async (connection) => {
          const result = await connection.execute(insert(notes).values({ text: "x" }));
          expect(result.insertedPrimaryKey?.[0]).toBe("ABC");
          expect(await connection.scalar(select(notes.c.code))).toBe("ABC");
        });
        const returns = implicitReturning && (engine.dialect.name !== "mysql" || /RETURNING/.test(statements.join()));
        expect(statements[0]).toMatch(returns ? /^INSERT INTO computed_keys .*RETURNING/ : /^SELECT upper\(/);
        await metadata.dropAll(engine);
        await engine.dispose();
      });
    }

    it("objects know theirs after a flush", async () => {
      const Base = declarativeBase();
      class Stamp extends Base.mapped("computed_stamps", {
        code: column(t.string(20), { primaryKey: true, default: func.upper(literal("abc")) }),
        text: column(t.string(20)),
      }) {}
      const engine = createAsyncEngine(url as string);
      await Base.metadata.createAll(engine);
      await using session = new AsyncSession(engine);
      const stamp = new Stamp({ text: "x" });
      session.add(stamp);
      await session.flush();
      expect(stamp.code).toBe("ABC");
      expect(await session.scalar(select(Stamp.$.text).where(Stamp.$.code.eq(stamp.code)))).toBe("x");
      await session.rollback();
      await session.close();
      await Base.metadata.dropAll(engine);
      await engine.dispose();
    });
  });
}
