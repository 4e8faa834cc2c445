/** Composites: columns of their own, comparisons, null, comparators, nesting, options. */
import { and, type ColumnElement, column, createEngine, createTable, MetaData, select, t, table } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { CompositeProperty, composite, declarativeBase, inspect, listen, registry, Session } from "@athanor/orm";
import { describe, expect, it } from "vitest";

class Point {
  readonly x: number | null;
  readonly y: number | null;
  constructor(x: number | null, y: number | null) {
    this.x = x;
    this.y = y;
  }
}

const Base = declarativeBase();
const id = () => column(t.integer, { primaryKey: true });
const ends = {
  start: composite(Point, { x: column("x1", t.integer), y: column("y1", t.integer) }),
  end: composite(Point, column("x2", t.integer), column("y2", t.integer), { returnNoneOn: null, deferred: true }),
};
class Vertex extends Base.mapped("vertices", { id: id(), ...ends }) {}
class Edge extends Base.mapped("edges", { id: id(), ...ends }) {}

function sessionOf(metadata: MetaData): { session: Session; statements: string[] } {
  const engine = createEngine("sqlite:///:memory:");
  metadata.createAll(engine);
  const statements: string[] = [];
  listen(engine, "beforeCursorExecute", (_connection, _cursor, statement) => void statements.push(statement));
  return { session: new Session(engine), statements };
}

describe("columns that a composite brings along", () => {
  it("are part of the table, of each that shares the shape", () => {
    expect(Vertex.table.columnList.map(String)).toEqual(
      ["id", "x1", "y1", "x2", "y2"].map((name) => `vertices.${name}`),
    );
    expect(Edge.table.columnList).toHaveLength(5);
    expect(String(createTable(Edge.table))).toContain("x1 INTEGER");
  });

  it("are written, read and compared as one value", () => {
    const { session, statements } = sessionOf(Base.metadata);
    session.add(new Vertex({ start: new Point(3, 4), end: new Point(5, 6) }));
    session.commit();
    expect(statements.at(-1)).toBe("INSERT INTO vertices (x1, y1, x2, y2) VALUES (?, ?, ?, ?)");
    const found = select(Vertex).where(Vertex.$.start.eq(new Point(3, 4)), Vertex.$.end.lt(new Point(7, 8)));
    const vertex = session.scalars(found).one();
    expect(statements.at(-1)).toBe(
      "SELECT vertices.id, vertices.x1, vertices.y1 \nFROM vertices \nWHERE vertices.x1 = ? AND vertices.y1 = ? AND vertices.x2 < ? AND vertices.y2 < ?",
    );
    expect(vertex.end).toEqual(new Point(5, 6));
    const row = session.execute(select(Vertex.$.start, Vertex.$.end)).one();
    expect([row.start, row[1]]).toEqual([new Point(3, 4), new Point(5, 6)]);
    for (const [name, operator] of [
      ["le", "<="],
      ["gt", ">"],
      ["ge", ">="],
      ["ne", "!="],
    ] as const)
      expect(String(Vertex.$.start[name](new Point(1, 2)))).toBe(
        `vertices.x1 ${operator} :x1_1 AND vertices.y1 ${operator} :y1_1`,
      );
  });

  it("need a name", () => {
    expect(() => Base.mapped("nameless", { id: id(), at: composite(Point, column(t.integer)) })).toThrow(
      /a column of a composite needs a name/,
    );
    expect(() => composite(Point, 5 as never)).toThrow(/made of attributes and columns, not of/);
    expect(() => composite(Point)).toThrow(/takes the attributes/);
  });
});

it("is null where all columns are, unless the options say otherwise", () => {
  class Choosy extends Base.mapped("choosy", {
    id: id(),
    at: composite(Point, column("x", t.integer), column("y", t.integer), {
      returnNoneOn: (x: number | null, _y: number | null) => x === null,
    }),
  }) {}
  const { session } = sessionOf(Base.metadata);
  session.addAll([new Vertex({ id: 1 }), new Choosy({ id: 1, at: new Point(null, 3) })]);
  session.commit();
  session.expungeAll();
  const vertex = session.getOne(Vertex, 1);
  expect([vertex.start, vertex.end]).toEqual([null, new Point(null, null)]);
  expect(session.getOne(Choosy, 1).at).toBeNull();
  expect([...session.execute(select(Vertex.$.start, Vertex.$.end)).one()]).toEqual([null, new Point(null, null)]);
});

it("has operators of a comparator of one's own", () => {
  class Nearer extends CompositeProperty.Comparator<Point | null> {
    within(other: Point) {
      const [x, y] = this.clauses as unknown as readonly [ColumnElement<number>, ColumnElement<number>];
      return and(x.le(other.x ?? 0), y.le(other.y ?? 0));
    }
    override gt(other: Point) {
      return (this.clauses[0] as ColumnElement<number>).gt(other.x ?? 0);
    }
  }
  class Near extends Base.mapped("near", {
    id: id(),
    x: column(t.integer),
    y: column(t.integer),
    at: composite(Point, "x", "y", { comparatorFactory: Nearer, doc: "a place", info: { unit: "m" } }),
  }) {}
  expect(String(Near.$.at.within(new Point(1, 2)))).toBe("near.x <= :x_1 AND near.y <= :y_1");
  expect(String(Near.$.at.gt(new Point(1, 2)))).toBe("near.x > :x_1");
  expect(String(Near.$.at.eq(new Point(1, 2)))).toBe("near.x = :x_1 AND near.y = :y_1");
  const property = inspect(Near).composites.at(0);
  expect([property?.doc, property?.info.unit]).toEqual(["a place", "m"]);
});

it("is made of columns of a table in imperative mappings, and may be nested", () => {
  class Segment {
    readonly start: Point;
    readonly end: Point;
    constructor(start: Point, end: Point) {
      this.start = start;
      this.end = end;
    }
    static of(x1: number, y1: number, x2: number, y2: number) {
      return new Segment(new Point(x1, y1), new Point(x2, y2));
    }
    compositeValues() {
      return [this.start.x, this.start.y, this.end.x, this.end.y];
    }
  }
  const metadata = new MetaData();
  const lines = table("lines", metadata, {
    id: id(),
    x1: column(t.integer),
    y1: column(t.integer),
    x2: column(t.integer),
    y2: column(t.integer),
  });
  class Line {
    declare id: number;
    declare segment: Segment | null;
  }
  const { x1, y1, x2, y2 } = lines.c;
  const Mapped = registry({ metadata }).mapImperatively(Line, lines, {
    properties: { segment: composite(Segment.of, x1, y1, x2, y2, { activeHistory: true }) },
  });
  const { session } = sessionOf(metadata);
  const line = new Line();
  line.segment = Segment.of(1, 2, 3, 4);
  session.add(line);
  session.commit();
  session.expungeAll();
  const again = session.scalars(select(Mapped).where(Mapped.$.segment.eq(Segment.of(1, 2, 3, 4)))).one();
  expect(again.segment?.end).toEqual(new Point(3, 4));
  session.expire(again);
  again.segment = Segment.of(5, 6, 7, 8);
  expect(inspect(again).attrs.segment.history.deleted).toEqual([Segment.of(1, 2, 3, 4)]);
});
