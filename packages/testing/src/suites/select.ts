/** SELECT: what comes back, in which order, how much of it. */
import { deepEqual, equal } from "node:assert/strict";
import {
  and,
  asc,
  between,
  bindparam,
  case_,
  cast,
  columnClause,
  desc,
  distinct,
  except,
  exists,
  func,
  intersect,
  lateral,
  literal,
  not,
  null_,
  nullsFirst,
  nullsLast,
  or,
  select,
  t,
  tuple,
  union,
  unionAll,
  values,
} from "@athanor/core";
import type { Suite } from "../suite.ts";
import { parentAndChild, someRows, someTable } from "./tables.ts";

/** Rows, order, limits, conditions. */
export function selectSuite(suite: Suite): void {
  const { metadata, some } = someTable();
  const { id, x, y, name } = some.c;
  suite.group("select", metadata, (group) => {
    group.fill(some, someRows);

    group.test("all columns, by name and by position", async ({ connection }) => {
      const row = (await connection.execute(select(some).where(id.eq(2)))).one();
      deepEqual({ ...row }, { id: 2, x: 2, y: 3, name: "beta" });
      const [first, second] = row;
      deepEqual([first, second, row[3]], [2, 2, "beta"]);
    });

    group.test("labels", async ({ connection }) => {
      const row = (await connection.execute(select(x.add(y).label("sum"), name.label("n")).where(id.eq(3)))).one();
      deepEqual({ ...row }, { sum: 7, n: "gamma" });
    });

    group.test("two columns of one name", async ({ connection }) => {
      const other = some.alias("other");
      const rows = (await connection.execute(select(id, other.c.id).where(id.eq(1), other.c.id.eq(2)))).all();
      deepEqual([...(rows[0] as Iterable<unknown>)], [1, 2]);
    });

    group.test("order by a label", async ({ connection }) => {
      const sum = x.add(y).label("total");
      deepEqual(
        (await connection.scalars(select(sum).where(x.isNot(null)).orderBy(desc("total")))).all(),
        [9, 7, 5, 3],
      );
    });

    group.test("order by several", async ({ connection }) => {
      deepEqual((await connection.scalars(select(id).orderBy(desc(y), asc(id)))).all(), [4, 5, 3, 2, 1]);
    });

    group.test("nulls first and last", "nullsOrdering", async ({ connection }) => {
      deepEqual((await connection.scalars(select(x).orderBy(nullsFirst(x)))).all(), [null, 1, 2, 3, 4]);
      deepEqual((await connection.scalars(select(x).orderBy(nullsLast(desc(x))))).all(), [4, 3, 2, 1, null]);
    });

    group.test("limit", async ({ connection }) => {
      deepEqual((await connection.scalars(select(id).orderBy(id).limit(2))).all(), [1, 2]);
      deepEqual((await connection.scalars(select(id).orderBy(id).limit(0))).all(), []);
    });

    group.test("limit and offset", "offset", async ({ connection }) => {
      deepEqual((await connection.scalars(select(id).orderBy(id).limit(2).offset(1))).all(), [2, 3]);
      deepEqual((await connection.scalars(select(id).orderBy(id).limit(2).offset(0))).all(), [1, 2]);
      deepEqual((await connection.scalars(select(id).orderBy(id).limit(9).offset(4))).all(), [5]);
    });

    group.test("offset alone", "offsetAlone", async ({ connection }) => {
      deepEqual((await connection.scalars(select(id).orderBy(id).offset(3))).all(), [4, 5]);
    });

    group.test("limit by an expression", "offset", "limitExpressions", async ({ connection }) => {
      const two = literal(1).add(1);
      deepEqual((await connection.scalars(select(id).orderBy(id).limit(two).offset(two))).all(), [3, 4]);
    });

    group.test("fetch", "fetch", async ({ connection }) => {
      deepEqual((await connection.scalars(select(id).orderBy(id).fetch(2))).all(), [1, 2]);
      deepEqual((await connection.scalars(select(id).orderBy(id).offset(3).fetch(2))).all(), [4, 5]);
    });

    group.test("fetch with ties", "fetchTies", async ({ connection }) => {
      const rows = (await connection.scalars(select(id).orderBy(desc(y)).fetch(1, { withTies: true }))).all();
      deepEqual([...rows].sort(), [4, 5]);
    });

    group.test("distinct", async ({ connection }) => {
      deepEqual((await connection.scalars(select(y).distinct().orderBy(y))).all(), [2, 3, 4, 5]);
      equal(await connection.scalar(select(func.count(distinct(y)))), 4);
    });

    group.test("group by and having", async ({ connection }) => {
      const count = func.count(id);
      const rows = (await connection.execute(select(y, count.label("n")).groupBy(y).having(count.gt(1)))).all();
      deepEqual(
        rows.map((row) => ({ ...row })),
        [{ y: 5, n: 2 }],
      );
    });

    group.test("aggregates over no rows", async ({ connection }) => {
      const row = (await connection.execute(select(func.count(id), func.max(x), func.sum(x)).where(id.gt(99)))).one();
      deepEqual([...row], [0, null, null]);
    });

    group.test("for update", "forUpdate", async ({ connection }) => {
      deepEqual((await connection.scalars(select(x).where(id.eq(1)).withForUpdate())).all(), [1]);
    });
  });

  suite.group("conditions", metadata, (group) => {
    group.fill(some, someRows);
    const ids = select(id).orderBy(id);

    group.test("comparisons with null", async ({ connection }) => {
      deepEqual((await connection.scalars(ids.where(x.eq(null)))).all(), [5]);
      deepEqual((await connection.scalars(ids.where(name.isNot(null), id.lt(4)))).all(), [1, 2, 3]);
      deepEqual((await connection.scalars(ids.where(x.isDistinctFrom(1)))).all(), [2, 3, 4, 5]);
      deepEqual((await connection.scalars(ids.where(x.isNotDistinctFrom(null)))).all(), [5]);
    });

    group.test("in", async ({ connection }) => {
      deepEqual((await connection.scalars(ids.where(id.in([1, 3, 9])))).all(), [1, 3]);
      deepEqual((await connection.scalars(ids.where(id.notIn([1, 3])))).all(), [2, 4, 5]);
      deepEqual((await connection.scalars(ids.where(id.in([])))).all(), []);
      deepEqual((await connection.scalars(ids.where(id.notIn([])))).all(), [1, 2, 3, 4, 5]);
      deepEqual((await connection.scalars(ids.where(id.in(select(x).where(x.gt(2)))))).all(), [3, 4]);
    });

    group.test("in, with many values", async ({ connection }) => {
      const many = Array.from({ length: 800 }, (_, index) => index + 4);
      deepEqual((await connection.scalars(ids.where(id.in(many)))).all(), [4, 5]);
    });

    group.test("tuples in a list", "tupleIn", async ({ connection }) => {
      deepEqual(
        (
          await connection.scalars(
            ids.where(
              tuple(x, y).in([
                [1, 2],
                [3, 4],
                [3, 9],
              ]),
            ),
          )
        ).all(),
        [1, 3],
      );
      deepEqual((await connection.scalars(ids.where(tuple(x, y).in([])))).all(), []);
    });

    group.test("between, and, or, not", async ({ connection }) => {
      deepEqual((await connection.scalars(ids.where(between(x, 2, 3)))).all(), [2, 3]);
      deepEqual((await connection.scalars(ids.where(or(x.eq(1), and(x.gt(2), y.lt(5)))))).all(), [1, 3]);
      deepEqual((await connection.scalars(ids.where(not(x.eq(1))))).all(), [2, 3, 4]);
      deepEqual((await connection.scalars(ids.where(not(or(x.eq(1), x.eq(2)))))).all(), [3, 4]);
    });

    group.test("like, and patterns that are escaped", async ({ connection }) => {
      deepEqual((await connection.scalars(ids.where(name.like("al%")))).all(), [1, 5]);
      deepEqual((await connection.scalars(ids.where(name.notLike("al%")))).all(), [2, 3]);
      deepEqual((await connection.scalars(ids.where(name.contains("%ph_", { autoescape: true })))).all(), [5]);
      deepEqual((await connection.scalars(ids.where(name.startswith("al%", { autoescape: true })))).all(), [5]);
      deepEqual((await connection.scalars(ids.where(name.endswith("_a", { autoescape: true })))).all(), [5]);
      deepEqual((await connection.scalars(ids.where(name.ilike("ALPHA")))).all(), [1]);
    });

    group.test("regular expressions", "regexp", async ({ connection }) => {
      deepEqual((await connection.scalars(ids.where(name.regexpMatch("^[ab].*a$")))).all(), [1, 2, 5]);
    });

    group.test("case", async ({ connection }) => {
      const word = case_([x.eq(1), "one"], [x.gt(2), "many"], { else: "other" });
      deepEqual((await connection.scalars(select(word).orderBy(id))).all(), ["one", "other", "many", "many", "other"]);
      const short = case_({ 1: "one", 2: "two" }, { value: x, else: null });
      deepEqual((await connection.scalars(select(short).orderBy(id).limit(3))).all(), ["one", "two", null]);
    });

    group.test("conditions as columns", "booleanExpressions", async ({ connection }) => {
      const rows = (
        await connection.execute(
          select(x.gt(1).label("big"))
            .where(id.in([1, 2]))
            .orderBy(id),
        )
      ).all();
      deepEqual(
        rows.map((row) => row.big),
        [false, true],
      );
    });

    group.test("exists and scalar subqueries", async ({ connection }) => {
      const other = some.alias("o");
      const next = exists(select(other.c.id).where(other.c.x.eq(x.add(1))));
      deepEqual((await connection.scalars(ids.where(next))).all(), [1, 2, 3]);
      deepEqual((await connection.scalars(ids.where(not(next)))).all(), [4, 5]);
      const most = select(func.max(other.c.x)).scalarSubquery();
      deepEqual((await connection.scalars(ids.where(x.eq(most)))).all(), [4]);
    });
  });

  suite.group("expressions", metadata, (group) => {
    group.fill(some, someRows);
    const one = (expression: Parameters<typeof select>[0]) => select(expression).where(id.eq(3));

    group.test("arithmetic keeps what it means", async ({ connection }) => {
      equal(await connection.scalar(one(x.add(y).mul(2))), 14);
      equal(await connection.scalar(one(x.sub(y.sub(1)))), 0);
      equal(await connection.scalar(one(x.neg())), -3);
      equal(await connection.scalar(one(y.mod(3))), 1);
      equal(Number(await connection.scalar(one(x.div(2)))), 1.5);
      equal(Number(await connection.scalar(one(x.floorDiv(2)))), 1);
    });

    group.test("text", async ({ connection }) => {
      equal(await connection.scalar(one(name.add("!"))), "gamma!");
      equal(await connection.scalar(one(func.upper(name))), "GAMMA");
      equal(await connection.scalar(one(func.char_length(name))), 5);
      equal(await connection.scalar(one(func.coalesce(null_(), name))), "gamma");
    });

    group.test("casts", async ({ connection }) => {
      equal(await connection.scalar(one(cast(x, t.string(10)))), "3");
      equal(await connection.scalar(one(cast(literal("12"), t.integer))), 12);
    });

    group.test("parameters that look like markers", async ({ connection }) => {
      for (const text of ["?", ":x", "%s", "$1", "@p1", "a:b", "'", '"', "\\", "a\\'b", "``", "[x]"]) {
        equal(await connection.scalar(one(literal(text))), text);
        equal(await connection.scalar(one(bindparam(null, text, t.string(20), { literalExecute: true }))), text);
      }
    });
  });

  const names = parentAndChild();
  suite.group("joins", names.metadata, (group) => {
    const { parent, child } = names;
    group.fill(parent, [
      { id: 1, name: "p1" },
      { id: 2, name: "p2" },
      { id: 3, name: "p3" },
    ]);
    group.fill(child, [
      { id: 1, parentId: 1, amount: 10 },
      { id: 2, parentId: 1, amount: 20 },
      { id: 3, parentId: 2, amount: 30 },
      { id: 4, parentId: null, amount: 40 },
    ]);

    group.test("inner, by the foreign key", async ({ connection }) => {
      const statement = select(parent.c.name, child.c.amount).join(child).orderBy(child.c.id);
      deepEqual(
        (await connection.execute(statement)).all().map((row) => [...row]),
        [
          ["p1", 10],
          ["p1", 20],
          ["p2", 30],
        ],
      );
    });

    group.test("outer", async ({ connection }) => {
      const statement = select(parent.c.id, child.c.id.label("cid")).outerjoin(child).orderBy(parent.c.id, child.c.id);
      deepEqual(
        (await connection.execute(statement)).all().map((row) => [...row]),
        [
          [1, 1],
          [1, 2],
          [2, 3],
          [3, null],
        ],
      );
    });

    group.test("full outer", "fullJoin", async ({ connection }) => {
      const joined = parent.join(child, parent.c.id.eq(child.c.parentId), { full: true });
      equal(await connection.scalar(select(func.count()).selectFrom(joined)), 5);
    });

    group.test("of a subquery", async ({ connection }) => {
      const sums = select(child.c.parentId, func.sum(child.c.amount).label("total"))
        .groupBy(child.c.parentId)
        .subquery("sums");
      const statement = select(parent.c.name, sums.c.total)
        .join(sums, sums.c.parentId.eq(parent.c.id))
        .orderBy(parent.c.id);
      deepEqual(
        (await connection.execute(statement)).all().map((row) => [row[0], Number(row[1])]),
        [
          ["p1", 30],
          ["p2", 30],
        ],
      );
    });

    group.test("lateral", "lateral", async ({ connection }) => {
      const best = lateral(
        select(child.c.amount).where(child.c.parentId.eq(parent.c.id)).orderBy(desc(child.c.amount)).limit(1),
        "best",
      );
      const statement = select(parent.c.name, best.c.amount).join(best, literal(1).eq(1)).orderBy(parent.c.id);
      deepEqual(
        (await connection.execute(statement)).all().map((row) => [...row]),
        [
          ["p1", 20],
          ["p2", 30],
        ],
      );
    });

    group.test("values as a table", "valuesTable", async ({ connection }) => {
      const pairs = values(columnClause("id", t.integer), columnClause("word", t.string(10)), { name: "pairs" }).data([
        [1, "one"],
        [3, "three"],
      ]);
      const statement = select(parent.c.name, pairs.c.word)
        .join(pairs, pairs.c.id.eq(parent.c.id))
        .orderBy(parent.c.id);
      deepEqual(
        (await connection.execute(statement)).all().map((row) => [...row]),
        [
          ["p1", "one"],
          ["p3", "three"],
        ],
      );
    });
  });

  suite.group("set operations", metadata, (group) => {
    group.fill(some, someRows);
    const low = select(id).where(id.lt(4));
    const high = select(id).where(id.gt(2));

    group.test("union", async ({ connection }) => {
      deepEqual((await connection.scalars(union(low, high).orderBy("id"))).all(), [1, 2, 3, 4, 5]);
      equal((await connection.scalars(unionAll(low, high))).all().length, 6);
    });

    group.test("intersect", "intersect", async ({ connection }) => {
      deepEqual((await connection.scalars(intersect(low, high))).all(), [3]);
    });

    group.test("except", "except", async ({ connection }) => {
      deepEqual((await connection.scalars(except(low, high).orderBy("id"))).all(), [1, 2]);
    });

    group.test("limits outside and inside", "limitInSetMembers", async ({ connection }) => {
      deepEqual((await connection.scalars(union(low, high).orderBy("id").limit(2))).all(), [1, 2]);
      const first = low.orderBy(id).limit(1);
      const last = high.orderBy(desc(id)).limit(1);
      deepEqual((await connection.scalars(unionAll(first, last).orderBy("id"))).all(), [1, 5]);
    });
  });

  suite.group("common table expressions", metadata, (group) => {
    group.fill(some, someRows);

    group.test("plain", "ctes", async ({ connection }) => {
      const big = select(id, x).where(x.gt(2)).cte("big");
      deepEqual((await connection.scalars(select(big.c.id).orderBy(big.c.id))).all(), [3, 4]);
    });

    group.test("recursive", "recursiveCtes", async ({ connection }) => {
      const start = select(literal(1).label("n")).cte("counter", { recursive: true });
      const counter = start.unionAll(select(start.c.n.add(1)).where(start.c.n.lt(5)));
      equal(Number(await connection.scalar(select(func.sum(counter.c.n)))), 15);
    });

    group.test("window functions", "windowFunctions", async ({ connection }) => {
      const rank = func.row_number().over({ partitionBy: y, orderBy: desc(id) });
      deepEqual((await connection.scalars(select(rank).orderBy(id))).all(), [1, 1, 1, 2, 1]);
      const running = func.sum(y).over({ orderBy: id, rows: [null, 0] });
      deepEqual((await connection.scalars(select(running).orderBy(id))).all().map(Number), [2, 5, 9, 14, 19]);
    });
  });
}
