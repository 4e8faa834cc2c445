/** Values: what is given as a parameter, or written into the statement, comes back as it was. */
import { deepEqual, equal } from "node:assert/strict";
import { bindparam, column, insert, MetaData, select, type TypeLike, t, table } from "@athanor/core";
import type { RequirementName } from "../requirements.ts";
import type { Suite } from "../suite.ts";

/** A type and values of it. */
interface Sample {
  readonly name: string;
  readonly type: TypeLike;
  readonly values: readonly unknown[];
  readonly needs?: readonly RequirementName[];
  /** Values of the type can be compared with `=`. Default true. */
  readonly comparable?: boolean;
  /** Values can be written into a statement. Default true. */
  readonly literals?: boolean;
}

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

function samples(suite: Suite): readonly Sample[] {
  const { requirements } = suite;
  const digits = requirements.numericDigits;
  const big = `${"9".repeat(digits - 4)}.${"9".repeat(4)}`;
  const empty = requirements.emptyStrings ? [""] : [];
  const emoji = requirements.supplementaryCharacters ? ["🐍 und 🦀"] : [];
  return [
    { name: "integer", type: t.integer, values: [0, 1, -1, 2147483647, -2147483648] },
    { name: "small integer", type: t.smallInteger, values: [0, 32767, -32768] },
    {
      name: "big integer",
      type: t.bigInteger,
      values: [0n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n],
    },
    { name: "numeric", type: t.numeric(digits, 4), values: ["0.0000", "1.5000", "-12345.6789", big, `-${big}`] },
    { name: "numeric as a number", type: t.numeric(10, 2, { as: "number" }), values: [0, 1.25, -99.99] },
    { name: "double", type: t.double, values: [0, 1.5, -2.25, 1e100, 1 / 3], comparable: false },
    {
      name: "string",
      type: t.string(200),
      values: [...empty, "a", " b ", "it's", 'say "x"', "back\\slash", "ünïcödé", "100%", "a\nb\tc", ...emoji],
    },
    {
      name: "text",
      type: t.text,
      values: ["x".repeat(requirements.longText), "line\r\nline"],
      comparable: false,
      literals: false,
    },
    { name: "boolean", type: t.boolean, values: [true, false] },
    { name: "date", type: t.date, values: ["2024-02-29", "1899-12-31", "1970-01-01", "9999-12-31"] },
    {
      name: "date and time",
      type: t.dateTime,
      values: [new Date("2024-02-29T13:14:15Z"), new Date("1901-03-04T05:06:07Z"), new Date("1970-01-01T00:00:00Z")],
    },
    {
      name: "date and time with milliseconds",
      type: t.dateTime,
      values: [new Date("2024-02-29T13:14:15.123Z")],
      needs: ["fractionalSeconds"],
    },
    { name: "time", type: t.time, values: ["00:00:00", "23:59:59", "12:30:45"] },
    {
      name: "binary",
      type: t.largeBinary,
      values: [bytes, Uint8Array.of(0), Uint8Array.of(255, 0, 1)],
      comparable: false,
    },
    {
      name: "uuid",
      type: t.uuid,
      values: ["00000000-0000-0000-0000-000000000000", "f47ac10b-58cc-4372-a567-0e02b2c3d479"],
    },
    {
      name: "enumeration",
      type: t.enum("plain", "two words", "it's", { name: "ath_enum" }),
      values: ["plain", "two words", "it's"],
    },
    {
      name: "json",
      type: t.json,
      needs: ["json"],
      comparable: false,
      values: [
        {},
        [],
        { a: [1, 2.5, { b: null }], "k'e\"y": "ü\\" },
        "text",
        3,
        true,
        [[[1]]],
        { deep: { deeper: [] } },
      ],
    },
    { name: "array", type: t.array(t.integer), needs: ["arrays"], values: [[], [1, 2, 3], [null, 1]] },
    { name: "interval", type: t.interval, values: ["P1DT2H3M4S", "PT0S"], literals: false, comparable: false },
  ];
}

/** Round trips. */
export function typeSuite(suite: Suite): void {
  for (const sample of samples(suite)) typeGroup(suite, sample);
  jsonNullSuite(suite);
}

function typeGroup(suite: Suite, sample: Sample): void {
  const needs = sample.needs ?? [];
  const metadata = new MetaData();
  const box = table("ath_box", metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    value: column(sample.type),
  });
  const met = needs.every((need) => suite.requirements[need]);
  suite.group(`types ${sample.name}`, met ? metadata : null, (group) => {
    const test = (name: string, work: Parameters<typeof group.test>[1]): void =>
      group.test(name, ...needs, work as never);

    test("as parameters", async ({ connection }) => {
      await connection.execute(
        insert(box),
        sample.values.map((value, id) => ({ id, value })),
      );
      deepEqual((await connection.scalars(select(box.c.value).orderBy(box.c.id))).all(), sample.values);
    });

    test("null", async ({ connection }) => {
      await connection.execute(insert(box).values({ id: 1, value: null }));
      equal((await connection.execute(select(box.c.value))).one()[0], null);
      if (sample.name !== "json")
        equal((await connection.scalars(select(box.c.id).where(box.c.value.eq(null)))).one(), 1);
    });

    if (sample.comparable !== false)
      test("in conditions", async ({ connection }) => {
        await connection.execute(
          insert(box),
          sample.values.map((value, id) => ({ id, value })),
        );
        for (const [id, value] of sample.values.entries())
          deepEqual((await connection.scalars(select(box.c.id).where(box.c.value.eq(value as never)))).all(), [id]);
      });

    if (sample.literals !== false)
      test("written into the statement", async ({ connection }) => {
        for (const [id, value] of sample.values.entries()) {
          const written = bindparam(null, value, sample.type, { literalExecute: true });
          await connection.execute(insert(box).values({ id, value: written as never }));
          deepEqual((await connection.scalars(select(box.c.value).where(box.c.id.eq(id)))).one(), value);
        }
      });
  });
}

function jsonNullSuite(suite: Suite): void {
  const metadata = new MetaData();
  const box = table("ath_box", metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    plain: column(t.json),
    sqlNull: column(t.json({ noneAsNull: true })),
  });
  suite.group("types json null", suite.requirements.jsonNull && suite.requirements.json ? metadata : null, (group) => {
    group.test("null is JSON's unless told otherwise", "json", "jsonNull", async ({ connection }) => {
      await connection.execute(insert(box).values({ id: 1, plain: null, sqlNull: null }));
      await connection.execute(insert(box).values({ id: 2 }));
      deepEqual((await connection.scalars(select(box.c.id).where(box.c.plain.is(null)).orderBy(box.c.id))).all(), [2]);
      deepEqual(
        (await connection.scalars(select(box.c.id).where(box.c.sqlNull.is(null)).orderBy(box.c.id))).all(),
        [1, 2],
      );
    });

    group.test("elements by key, index and path", "json", async ({ connection }) => {
      await connection.execute(insert(box).values({ id: 1, plain: { a: { b: [10, "x", true] }, n: 5 } }));
      const { plain } = box.c;
      equal(await connection.scalar(select(plain.at("n").asInteger())), 5);
      equal(await connection.scalar(select(plain.at(["a", "b", 1]).asString())), "x");
      equal(await connection.scalar(select(plain.at("a").at("b").at(0).asInteger())), 10);
      deepEqual(await connection.scalar(select(plain.at("a"))), { b: [10, "x", true] });
      equal(await connection.scalar(select(plain.at("missing").asString())), null);
    });
  });
}
