/** Other ways to write PostgreSQL's constructs. Compiled only. */
import type { AsyncEngine } from "@athanor/async";
import { column, type Engine, insert, MetaData, select, t, table } from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";

const docs = table("docs", new MetaData(), {
  tags: column(pg.ARRAY(t.string), { nullable: false }),
  span: column(pg.INT4RANGE, { nullable: false }),
});

select(docs.c.span).where(pg.any("a", docs.c.tags), docs.c.span.containedBy(pg.range({ empty: true })));
pg.range(1, 5, { bounds: "[]" });

const posint = pg.DOMAIN({ name: "posint", dataType: t.integer, check: "VALUE > 0" });
const grid = table("grid", new MetaData(), {
  size: column(posint, { nullable: false }),
  cells: column(pg.ARRAY({ itemType: t.string, dimensions: 2 }), { nullable: false }),
});
const sized = (size: number, cells: string[][]) => insert(grid).values({ size, cells });
sized(1, [["a"]]);
// @ts-expect-error: an array of two dimensions
insert(grid).values({ size: 1, cells: ["a"] });
// @ts-expect-error: misspelt
pg.ARRAY({ itemTyp: t.string });
// @ts-expect-error: the type behind it is missing
pg.DOMAIN({ name: "posint" });

/** Through a helper. */
const holds = (tag: string) => pg.all(tag, docs.c.tags);
holds("a");

// @ts-expect-error: not an array
pg.any("a", docs.c.span);

// Types by themselves: a promise of an asynchronous engine, void of the other.
declare const engine: Engine;
declare const asyncEngine: AsyncEngine;
const createNow = (): void => pg.ENUM("a", { name: "e" }).create(engine);
createNow();
const dropped: Promise<void> = posint.drop(asyncEngine, { checkfirst: false });
void dropped;
// @ts-expect-error: misspelt
t.enum("a", { name: "e" }).create(engine, { checkFirst: true });
// @ts-expect-error: neither an engine nor a connection
posint.create("postgresql://");
