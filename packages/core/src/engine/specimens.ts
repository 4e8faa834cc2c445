/** One object of each class of the core's whose objects come and go with every statement: see the driver's `keepSpecimen`. */
import { keepSpecimen } from "@athanor/driver";
import { CacheKeyBuilder } from "../ast/cache-key.ts";
import { Compiler } from "../compiler/compiler.ts";
import { Expansion } from "../compiler/expanding.ts";
import { Frame } from "../compiler/frame.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { insert } from "../dml/insert.ts";
import { bindparam } from "../expression/bind.ts";
import { desc, not, or } from "../expression/constructors.ts";
import { RowFeed } from "../result/feed.ts";
import { ScalarResult } from "../result/result.ts";
import { select } from "../selectable/select.ts";
import { columnClause, tableClause } from "../selectable/table-clause.ts";
import { Integer } from "../types/numeric.ts";
import { CursorResult } from "./cursor-result.ts";
import { Prepared } from "./prepared.ts";

const integer = new Integer();
let areKept = false;

/** Keeps an object of each class of the core's. Called by engines; the first call counts. */
export function keepSpecimens(dialect: Dialect): void {
  if (areKept) return;
  areKept = true;
  const a = tableClause("a", columnClause("id", integer), columnClause("name", integer));
  const b = tableClause("b", columnClause("id", integer));
  const { id, name } = a.c;
  keepSpecimen(a.join(b, b.c.id.eq(id)), id.compile({ dialect }));
  const query = select(id, name.label("n"), id.add(1))
    .join(b, b.c.id.eq(id))
    .where(id.in([1]), or(name.gt(1), not(name.eq(bindparam("x")))))
    .orderBy(desc(name))
    .limit(1);
  for (const statement of [query, insert(a).values({ id: 1 }), a.update().values({ id: 1 }), a.delete()]) {
    const key = new CacheKeyBuilder();
    statement.appendCacheKey(key);
    const compiler = new Compiler(dialect);
    const compiled = compiler.compile(statement, statement.kind as "select");
    const prepared = new Prepared(compiled, 0);
    const driver = { rowCount: 0, columns: [] };
    const outcome = { prepared, driver, values: null, returned: null, sets: null };
    const result = new CursorResult(prepared.shape([]), new RowFeed([]), outcome);
    const frame = new Frame(statement, [a], undefined, query.namedColumns);
    keepSpecimen(statement, key, compiler, prepared, frame, new Expansion(compiled, null, false));
    keepSpecimen(result, result.view, new ScalarResult(result.view, result.shape));
  }
}
