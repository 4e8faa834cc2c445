/** Other ways to write PostgreSQL's constructs. Compiled only. */
import { column, MetaData, select, t, table } from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";

const docs = table("docs", new MetaData(), {
  tags: column(pg.ARRAY(t.string), { nullable: false }),
  span: column(pg.INT4RANGE, { nullable: false }),
});

select(docs.c.span).where(pg.any("a", docs.c.tags), docs.c.span.containedBy(pg.range({ empty: true })));
pg.range(1, 5, { bounds: "[]" });

/** Through a helper. */
const holds = (tag: string) => pg.all(tag, docs.c.tags);
holds("a");

// @ts-expect-error: not an array
pg.any("a", docs.c.span);
