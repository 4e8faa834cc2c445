import type { DriverRow, Step } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { MultipleResultsFound, NoResultFound } from "../errors/errors.ts";
import { RowFeed } from "./feed.ts";
import { FrozenResult, plainShape, Result } from "./result.ts";

const names = ["id", "name"];
const rows: DriverRow[] = [
  [1, "a"],
  [2, "b"],
  [3, "b"],
];

/** A source that notes how it is asked. */
function source(from: readonly DriverRow[]): { result: Result; asked: (number | null)[]; closed: () => number } {
  const left = [...from];
  const asked: (number | null)[] = [];
  let closed = 0;
  const result = Result.fromSource(names, {
    *fetch(size): Step<readonly DriverRow[]> {
      asked.push(size);
      return left.splice(0, size ?? left.length);
    },
    *close(): Step<void> {
      closed++;
    },
  });
  return { result, asked, closed: () => closed };
}

for (const streamed of [false, true]) {
  const of = (from: readonly DriverRow[] = rows): Result =>
    streamed ? source(from).result : Result.fromRows(names, from);

  describe(`a ${streamed ? "streamed" : "buffered"} result`, () => {
    it("gives all rows once", () => {
      const result = of();
      expect(result.all().map((row) => row.id)).toEqual([1, 2, 3]);
      expect(result.all()).toEqual([]);
    });

    it("gives rows one by one and in portions", () => {
      const result = of();
      expect(result.fetchone()?.id).toBe(1);
      expect(result.fetchmany(5).length).toBe(2);
      expect(result.fetchmany(5)).toEqual([]);
      expect(result.fetchone()).toBeNull();
      expect([...of().partitions(2)].map((part) => part.length)).toEqual([2, 1]);
      expect([...of().yieldPer(1).partitions()].length).toBe(3);
      expect([...of().partitions()].map((part) => part.length)).toEqual([1, 1, 1]);
    });

    it("is iterated", () => {
      expect(Array.from(of(), (row) => row.name)).toEqual(["a", "b", "b"]);
    });

    it("gives the first row and closes", () => {
      const result = of();
      expect(result.first()?.id).toBe(1);
      expect(() => result.all()).toThrow("This result object is closed.");
      expect(of([]).first()).toBeNull();
    });

    it("insists on one row where asked", () => {
      expect(of(rows.slice(0, 1)).one().id).toBe(1);
      expect(() => of([]).one()).toThrow("No row was found when one was required");
      expect(() => of().one()).toThrow("Multiple rows were found when exactly one was required");
      expect(of([]).oneOrNone()).toBeNull();
      expect(() => of().oneOrNone()).toThrow("Multiple rows were found when one or none was required");
    });

    it("gives scalars", () => {
      expect(of().scalars().all()).toEqual([1, 2, 3]);
      expect(of().scalars("name").all()).toEqual(["a", "b", "b"]);
      expect(of().scalars(1).unique().all()).toEqual(["a", "b"]);
      expect(of().unique().scalars(1).all()).toEqual(["a", "b"]);
      expect(of().scalar()).toBe(1);
      expect(of([]).scalar()).toBeNull();
      expect(of(rows.slice(0, 1)).scalarOne()).toBe(1);
      expect(() => of().scalarOne()).toThrow(/Multiple/);
      expect(of([]).scalarOneOrNone()).toBeNull();
      expect(() => of().scalars("nope")).toThrow(/Could not locate/);
    });

    it("gives mappings and some columns", () => {
      expect(of().mappings().first()).toEqual({ id: 1, name: "a" });
      expect(of().mappings().columns("name").all()).toEqual([{ name: "a" }, { name: "b" }, { name: "b" }]);
      const picked = of().columns("name", "id");
      expect(picked.keys()).toEqual(["name", "id"]);
      expect([...(picked.first() as Iterable<unknown>)]).toEqual(["a", 1]);
      expect(of().columns(1).unique().all().length).toBe(2);
      expect(of().columns("name", "id").scalars().first()).toBe("a");
    });

    it("leaves out repetitions", () => {
      const twice = [...rows, ...rows];
      expect(of(twice).unique().all().length).toBe(3);
      expect(
        of(twice)
          .unique((row) => row.name)
          .all().length,
      ).toBe(2);
      const result = of(twice).unique();
      expect([result.fetchmany(2).length, result.fetchmany(2).length, result.fetchmany(2).length]).toEqual([2, 1, 0]);
      expect(
        of([
          [1, "a"],
          [1, "a"],
        ])
          .unique()
          .one().id,
      ).toBe(1);
    });

    it("is frozen and merged", () => {
      const frozen = of().freeze();
      expect(frozen.thaw().all()).toEqual(frozen.thaw().all());
      expect(frozen.thaw().scalars().all()).toEqual([1, 2, 3]);
      expect(frozen().scalars().all()).toEqual([1, 2, 3]);
      expect(frozen).toBeInstanceOf(FrozenResult);
      expect(
        of()
          .merge(of([[9, "z"]]))
          .scalars()
          .all(),
      ).toEqual([1, 2, 3, 9]);
    });

    it("is frozen without repetitions where they are left out", () => {
      expect(
        of()
          .unique((row) => row.name)
          .freeze()
          .thaw()
          .all()
          .map((row) => row.id),
      ).toEqual([1, 2]);
      expect(of().columns("name").unique().freeze().thaw().scalars().all()).toEqual(["a", "b"]);
    });

    it("is merged row by row, and closed with the result it was merged into", () => {
      const [one, two] = [of(), of()];
      const merged = one.merge(two);
      expect(merged.fetchone()?.id).toBe(1);
      merged.close();
      expect([one.closed, two.closed]).toEqual([true, true]);
      const [three, four] = [of(), of()];
      const all = three.merge(four);
      expect(all.fetchmany(4).map((row) => row.id)).toEqual([1, 2, 3, 1]);
      expect(all.all().map((row) => row.id)).toEqual([2, 3]);
      expect([three.all(), four.all(), all.all()]).toEqual([[], [], []]);
    });

    it("stays open at its end, whoever asks for one row", () => {
      const result = of();
      result.all();
      expect([result.first(), result.oneOrNone(), result.scalar(), result.fetchone()]).toEqual([
        null,
        null,
        null,
        null,
      ]);
      expect(() => result.one()).toThrow(NoResultFound);
      expect(() => result.scalarOne()).toThrow(NoResultFound);
      expect(result.closed).toBe(false);
      const found = of();
      found.first();
      expect(found.closed).toBe(true);
      const several = of();
      expect(() => several.one()).toThrow(MultipleResultsFound);
      expect(several.closed).toBe(true);
      // Another view can be made of a closed result; its rows cannot be had.
      expect(() => several.scalars().all()).toThrow(/This result object is closed/);
    });

    it("is closed", () => {
      const result = of();
      result.close();
      expect(result.closed).toBe(true);
      expect(() => result.fetchone()).toThrow(/closed/);
      using disposed = of();
      expect(disposed.closed).toBe(false);
    });
  });
}

describe("a streamed result", () => {
  const many = Array.from({ length: 5000 }, (_, index): DriverRow => [index, "x"]);

  it("asks for growing portions, and closes its source at the end", () => {
    const { result, asked, closed } = source(many);
    let count = 0;
    for (const _ of result) count++;
    expect(count).toBe(5000);
    expect(asked.slice(0, 5)).toEqual([5, 25, 125, 625, 1000]);
    expect(closed()).toBe(1);
  });

  it("asks for as many as it was told", () => {
    const { result, asked } = source(many);
    result.yieldPer(100);
    result.fetchone();
    result.fetchone();
    expect(asked).toEqual([100]);
  });

  it("is closed by the first row", () => {
    const { result, closed } = source(many);
    result.first();
    expect(closed()).toBe(1);
  });
});

it("refuses rows where there can be none", () => {
  const result = new Result(plainShape([]), new RowFeed(null));
  expect(() => result.all()).toThrow("This result object does not return rows. It has been closed automatically.");
  expect(() => result.scalars()).toThrow(/does not return rows/);
  expect(() => result.keys()).toThrow(/does not return rows/);
  // Nobody closed it.
  expect(result.closed).toBe(false);
});
