/** ext/ordering-list: SQLAlchemy's documentation of ordering lists, and every way to change one. */
import { column, createEngine, foreignKey, select, t } from "@athanor/core";
import { declarativeBase, many, one, Session } from "@athanor/orm";
import {
  countFrom0,
  countFrom1,
  countFromNFactory,
  type OrderingListOptions,
  orderingList,
  reorder,
} from "@athanor/orm/ext/ordering-list";
import { describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

function model(options: OrderingListOptions = {}) {
  const Base = declarativeBase();
  class Slide extends Base.mapped("slide", {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.string),
    bullets: () =>
      many(Bullet, {
        backPopulates: "slide",
        cascade: "all, delete-orphan",
        orderBy: () => Bullet.$.position,
        collectionClass: orderingList<Bullet>("position", options),
      }),
  }) {}
  class Bullet extends Base.mapped("bullet", {
    id: column(t.integer, { primaryKey: true }),
    slideId: column("slide_id", t.integer, foreignKey("slide.id")),
    position: column(t.integer),
    text: column(t.string),
    slide: () => one(Slide, { backPopulates: "bullets" }),
  }) {}
  const bullet = (text: string, position?: number): Bullet =>
    new Bullet(position === undefined ? { text } : { text, position });
  const shown = (slide: Slide): [string | null, unknown][] =>
    [...slide.bullets].map((each) => [each.text, each.position]);
  return { Base, Slide, Bullet, bullet, shown };
}

describe("orderingList", () => {
  it("keeps positions equal to places, whatever is done", () => {
    const { Slide, bullet, shown } = model();
    const slide = new Slide({ bullets: [bullet("a"), bullet("b")] });
    expect(shown(slide)).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    slide.bullets.push(bullet("c"));
    slide.bullets.splice(1, 0, bullet("x"));
    expect(shown(slide)).toEqual([
      ["a", 0],
      ["x", 1],
      ["b", 2],
      ["c", 3],
    ]);
    const popped = slide.bullets.pop();
    expect(popped?.text).toBe("c");
    slide.bullets.shift();
    slide.bullets.unshift(bullet("first"));
    expect(shown(slide)).toEqual([
      ["first", 0],
      ["x", 1],
      ["b", 2],
    ]);
    slide.bullets.sort((a, b) => ((a.text ?? "") < (b.text ?? "") ? -1 : 1));
    expect(shown(slide)).toEqual([
      ["b", 0],
      ["first", 1],
      ["x", 2],
    ]);
    slide.bullets.reverse();
    expect(shown(slide)).toEqual([
      ["x", 0],
      ["first", 1],
      ["b", 2],
    ]);
    const [first] = slide.bullets;
    (slide.bullets as unknown as { remove(item: object): void }).remove(first as object);
    expect(shown(slide)).toEqual([
      ["first", 0],
      ["b", 1],
    ]);
    // An object moves: taken out here, put in there.
    const [moved] = slide.bullets.splice(1, 1);
    if (moved !== undefined) slide.bullets.splice(0, 0, moved);
    expect(shown(slide)).toEqual([
      ["b", 0],
      ["first", 1],
    ]);
  });

  it("the other side of the relationship counts, too", () => {
    const { Slide, bullet, shown } = model();
    const slide = new Slide({ bullets: [bullet("a"), bullet("b")] });
    const c = bullet("c");
    c.slide = slide;
    expect(c.position).toBe(2);
    const [a] = slide.bullets;
    if (a !== undefined) a.slide = null;
    expect(shown(slide)).toEqual([
      ["b", 0],
      ["c", 1],
    ]);
  });

  it("what has a position keeps it when it is appended, unless reorderOnAppend", () => {
    const keeps = model();
    const slide = new keeps.Slide({ bullets: [keeps.bullet("a", 7), keeps.bullet("b")] });
    expect(keeps.shown(slide)).toEqual([
      ["a", 7],
      ["b", 1],
    ]);
    reorder(slide.bullets);
    expect(keeps.shown(slide)).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
    const numbers = model({ reorderOnAppend: true });
    expect(numbers.shown(new numbers.Slide({ bullets: [numbers.bullet("a", 7), numbers.bullet("b")] }))).toEqual([
      ["a", 0],
      ["b", 1],
    ]);
  });

  it("counts from where it is told, or as a function says", () => {
    const from = (options: OrderingListOptions): unknown[] => {
      const { Slide, bullet, shown } = model(options);
      return shown(new Slide({ bullets: [bullet("a"), bullet("b"), bullet("c")] })).map(([, position]) => position);
    };
    expect(from({ countFrom: 1 })).toEqual([1, 2, 3]);
    expect(from({ orderingFunc: countFrom0 })).toEqual([0, 1, 2]);
    expect(from({ orderingFunc: countFrom1 })).toEqual([1, 2, 3]);
    expect(from({ orderingFunc: countFromNFactory(10) })).toEqual([10, 11, 12]);
    expect(from({ orderingFunc: (index) => index * 10 })).toEqual([0, 10, 20]);
    expect(from({ orderingFunc: (index, list) => list.length * 100 + index })).toEqual([100, 201, 302]);
  });

  it("is written and loaded in order; removal from the middle writes what moves up", () => {
    const { Base, Slide, bullet, shown } = model({ countFrom: 1 });
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.add(new Slide({ name: "s", bullets: ["a", "b", "c", "d"].map((text) => bullet(text)) }));
    session.commit();
    session.expungeAll();
    const slide = session.scalars(select(Slide)).one();
    expect(session.dirty.size).toBe(0);
    slide.bullets.splice(1, 1);
    expect(session.dirty.size).toBeGreaterThan(0);
    session.commit();
    session.expungeAll();
    const again = session.scalars(select(Slide)).one();
    expect(shown(again)).toEqual([
      ["a", 1],
      ["c", 2],
      ["d", 3],
    ]);
    again.bullets = [...again.bullets].reverse() as never;
    reorder(again.bullets);
    session.commit();
    session.expungeAll();
    expect(shown(session.scalars(select(Slide)).one())).toEqual([
      ["d", 1],
      ["c", 2],
      ["a", 3],
    ]);
  });
});
