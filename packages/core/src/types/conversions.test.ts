import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainDialect as plain } from "../../test/plain-dialect.ts";
import { ArgumentError, InvalidRequestError } from "../errors/errors.ts";
import { JSON_NULL } from "./json.ts";
import { t } from "./namespace.ts";
import { type TypeDialect, type TypeLike, toType } from "./type.ts";

const native: TypeDialect = { ...plain, supportsNativeBoolean: true, supportsNativeUuid: true, jsonAsText: false };

function bind(type: TypeLike, value: unknown, dialect = plain): unknown {
  const process = toType(type).bindProcessor(dialect);
  return process === null ? value : process(value);
}

function result(type: TypeLike, value: unknown, dialect = plain): unknown {
  const process = toType(type).resultProcessor(dialect);
  return process === null ? value : process(value);
}

function literal(type: TypeLike, value: unknown, dialect = plain): string {
  return toType(type).literalProcessor(dialect)?.(value) as string;
}

const uuid = "12345678-1234-5678-1234-567812345678";

describe("what goes as it is", () => {
  it.each([
    ["integer", t.integer],
    ["string", t.string],
    ["float", t.float],
    ["text", t.text],
    ["null", t.null],
  ])("%s has no processors", (_name, type) => {
    expect(toType(type).bindProcessor(plain)).toBeNull();
    expect(toType(type).resultProcessor(plain)).toBeNull();
  });

  it("is so for booleans, UUIDs and JSON where the database has them", () => {
    expect(toType(t.boolean).resultProcessor(native)).toBeNull();
    expect(toType(t.uuid).bindProcessor(native)).toBeNull();
    expect(toType(t.json).resultProcessor(native)).toBeNull();
  });
});

describe("parameters and results", () => {
  it("booleans are 1 and 0 without a native type", () => {
    expect([true, false, null, 1, 0].map((value) => bind(t.boolean, value))).toEqual([1, 0, null, 1, 0]);
    expect([1, 0, null].map((value) => result(t.boolean, value))).toEqual([true, false, null]);
    expect(bind(t.boolean, 1, native)).toBe(true);
    expect(() => bind(t.boolean, "yes")).toThrow('"yes" is not a boolean');
    expect(() => bind(t.boolean, 2)).toThrow(ArgumentError);
  });

  it("big integers are bigint, or numbers on request", () => {
    expect(result(t.bigInteger, "9007199254740993")).toBe(9007199254740993n);
    expect(result(t.bigInteger, 5)).toBe(5n);
    expect(result(t.bigInteger({ mode: "number" }), "5")).toBe(5);
    expect(result(t.bigInteger, null)).toBeNull();
  });

  it("decimals are exact text", () => {
    expect(bind(t.numeric, "12345678901234567890.12")).toBe("12345678901234567890.12");
    expect(bind(t.numeric, 12n)).toBe(12n);
    expect(result(t.numeric(10, 2), 12.5)).toBe("12.50");
    expect(result(t.numeric(10, 2), "12.50")).toBe("12.50");
    expect(result(t.numeric({ as: "number" }), "12.50")).toBe(12.5);
    class Money {
      readonly text: string;
      constructor(text: string) {
        this.text = text;
      }
      toString(): string {
        return this.text;
      }
    }
    expect(result(t.numeric({ as: Money }), "12.50")).toEqual(new Money("12.50"));
    expect(bind(t.numeric({ as: Money }), new Money("12.50"))).toBe("12.50");
    for (const bad of ["1,5", "", "1; DROP TABLE x", Number.NaN, Number.POSITIVE_INFINITY, {}, true]) {
      expect(() => bind(t.numeric, bad)).toThrow(ArgumentError);
    }
  });

  it("moments are Dates in UTC", () => {
    const date = new Date("2024-02-29T08:09:10.123Z");
    expect(bind(t.dateTime, date)).toBe("2024-02-29 08:09:10.123000");
    expect(bind(t.dateTime, "2024-02-29T08:09:10.123456+02:00")).toBe("2024-02-29 06:09:10.123456");
    expect(result(t.dateTime, "2024-02-29 08:09:10.123456")).toEqual(date);
    expect(result(t.dateTime, date)).toBe(date);
    expect(() => bind(t.dateTime, new Date(Number.NaN))).toThrow("Invalid Date is not a date and time");
    expect(() => bind(t.dateTime, "yesterday")).toThrow('"yesterday" is not a date and time');
    expect(() => result(t.dateTime, "yesterday")).toThrow(ArgumentError);
  });

  it("dates and times are ISO text", () => {
    expect(bind(t.date, "2024-02-29")).toBe("2024-02-29");
    expect(result(t.date, "2024-02-29 00:00:00")).toBe("2024-02-29");
    expect(bind(t.time, "08:09")).toBe("08:09:00.000000");
    expect(result(t.time, "08:09:10.500000")).toBe("08:09:10.5");
    expect(() => bind(t.date, "2024-02-30")).toThrow('"2024-02-30" is not a date');
    expect(() => bind(t.date, new Date(0))).toThrow("A Date is a moment");
    expect(() => bind(t.time, "8 o'clock")).toThrow(ArgumentError);
  });

  it("intervals are moments after the epoch without a native type", () => {
    expect(bind(t.interval, "PT5M")).toBe("1970-01-01 00:05:00.000000");
    expect(bind(t.interval, "-PT0.000001S")).toBe("1969-12-31 23:59:59.999999");
    expect(result(t.interval, "1970-01-02 00:00:01.000001")).toBe("P1DT1.000001S");
    expect(result(t.interval, new Date(300_000))).toBe("PT5M");
    expect(bind(t.interval, null)).toBeNull();
    expect(() => bind(t.interval, "P1M")).toThrow("Months and years vary");
    expect(() => bind(t.interval, 300)).toThrow("300 is not a duration");
    const lengths = fc.integer({ min: -6_213_559_680_000_000, max: 900_719_925_474_099 });
    fc.assert(
      fc.property(lengths, (microseconds) => {
        const text = `${microseconds < 0 ? "-" : ""}PT${Math.abs(microseconds) / 1_000_000}S`;
        if (text.includes("e")) return;
        expect(toType(t.interval).compareValues(result(t.interval, bind(t.interval, text)) as string, text)).toBe(true);
      }),
    );
  });

  it("UUIDs are 32 digits without a native type", () => {
    expect(bind(t.uuid, uuid)).toBe(uuid.replaceAll("-", ""));
    expect(result(t.uuid, uuid.replaceAll("-", ""))).toBe(uuid);
    expect(bind(t.uuid({ nativeUuid: false }), uuid, native)).toBe(uuid.replaceAll("-", ""));
    expect(() => bind(t.uuid, "x")).toThrow('"x" is not a UUID');
    fc.assert(
      fc.property(fc.uuid(), (value) => {
        expect(result(t.uuid, bind(t.uuid, value))).toBe(value);
      }),
    );
  });

  it("bytes are Uint8Array, not Buffer", () => {
    const bytes = result(t.largeBinary, Buffer.from([1, 2])) as Uint8Array;
    expect(bytes.constructor).toBe(Uint8Array);
    expect([...bytes]).toEqual([1, 2]);
    expect(() => bind(t.largeBinary, 5)).toThrow(ArgumentError);
  });

  it("JSON tells its own null from SQL's", () => {
    expect(bind(t.json, { a: [1] })).toBe('{"a":[1]}');
    expect(bind(t.json, null)).toBe("null");
    expect(bind(t.json, JSON_NULL)).toBe("null");
    expect(bind(t.json({ noneAsNull: true }), null)).toBeNull();
    expect(bind(t.json({ noneAsNull: true }), t.json.NULL)).toBe("null");
    expect(result(t.json, '{"a":[1]}')).toEqual({ a: [1] });
    expect(result(t.json, null)).toBeNull();
    expect(toType(t.json).shouldEvaluateNone).toBe(true);
    expect(toType(t.json({ noneAsNull: true })).shouldEvaluateNone).toBe(false);
    expect(() => bind(t.json, () => 1)).toThrow("has no JSON form");
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(result(t.json, bind(t.json, value)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("a schema checks parameters and makes results", () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) => {
          const at = (value as { at?: unknown }).at;
          if (typeof at !== "string") return { issues: [{ message: "text wanted", path: ["at"] }] };
          return { value: { at: new Date(at) } };
        },
      },
    };
    expect(bind(t.json({ schema }), { at: "2024-01-01" })).toBe('{"at":"2024-01-01"}');
    expect(result(t.json({ schema }), '{"at":"2024-01-01"}')).toEqual({ at: new Date("2024-01-01") });
    expect(() => bind(t.json({ schema }), { at: 5 })).toThrow("at: text wanted");
    expect(() => result(t.json({ schema }), "{}")).toThrow(ArgumentError);
  });

  it("arrays convert their items at every depth", () => {
    expect(bind(t.array(t.boolean), [true, [false, null]])).toEqual([1, [0, null]]);
    expect(result(t.array(t.bigInteger), ["1", null])).toEqual([1n, null]);
    expect(Object.isFrozen(result(t.array(t.integer, { asTuple: true }), [1]))).toBe(true);
    expect(() => bind(t.array(t.integer), 5)).toThrow("5 is not an array");
    expect(bind(t.array(t.json, { dimensions: 1 }), [[1], { a: 1 }])).toEqual(["[1]", '{"a":1}']);
  });

  it("Temporal is asked for only where it is wanted", () => {
    if (!("Temporal" in globalThis)) {
      expect(() => toType(t.date({ as: "temporal" })).resultProcessor(plain)).toThrow(InvalidRequestError);
    }
    const day = { [Symbol.toStringTag]: "Temporal.PlainDate", toString: () => "2024-02-29" };
    const moment = {
      [Symbol.toStringTag]: "Temporal.ZonedDateTime",
      toString: () => "2024-02-29T10:00:00+02:00[Europe/Berlin]",
    };
    expect(bind(t.date({ as: "temporal" }), day)).toBe("2024-02-29");
    expect(bind(t.dateTime, moment)).toBe("2024-02-29 08:00:00.000000");
  });

  it("any value goes through a serializer", () => {
    expect(result(t.pickleType, bind(t.pickleType, { a: [1, "é"] }))).toEqual({ a: [1, "é"] });
    const upper = {
      serialize: (text: string) => text.toUpperCase(),
      deserialize: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
    };
    const text = t.serialized<string>({ serializer: upper });
    expect(result(text, bind(text, "x"))).toBe("X");
  });
});

describe("literals", () => {
  it("are rendered by type", () => {
    expect(literal(t.integer, 5)).toBe("5");
    expect(literal(t.bigInteger, 9007199254740993n)).toBe("9007199254740993");
    expect(literal(t.numeric, "1.0000")).toBe("1.0000");
    expect(literal(t.string, "it's")).toBe("'it''s'");
    expect(literal(t.boolean, true)).toBe("1");
    expect(literal(t.boolean, true, native)).toBe("true");
    expect(literal(t.date, "2024-02-29")).toBe("'2024-02-29'");
    expect(literal(t.time, "08:09:10")).toBe("'08:09:10'");
    expect(literal(t.dateTime, new Date("2024-02-29T08:09:10Z"))).toBe("'2024-02-29 08:09:10'");
    expect(literal(t.dateTime, "2024-02-29T08:09:10.123456")).toBe("'2024-02-29 08:09:10.123456'");
    expect(literal(t.dateTime({ timezone: true }), new Date("2024-02-29T08:09:10Z"))).toBe(
      "'2024-02-29 08:09:10+00:00'",
    );
    expect(literal(t.largeBinary, Uint8Array.of(1, 255))).toBe("X'01ff'");
    expect(literal(t.uuid, uuid)).toBe(`'${uuid.replaceAll("-", "")}'`);
    expect(literal(t.uuid, uuid, native)).toBe(`'${uuid}'`);
    expect(literal(t.uuid({ asUuid: false }), uuid, native)).toBe(`'${uuid.replaceAll("-", "")}'`);
    expect(literal(t.json, { a: "it's" })).toBe(`'{"a":"it''s"}'`);
    expect(literal(t.array(t.string), ["a", ["it's", null]])).toBe("['a', ['it''s', NULL]]");
    expect(literal(t.interval, "PT5M")).toBe("'1970-01-01 00:05:00'");
  });

  it("of integers are integers", () => {
    expect(literal(t.integer, "-5")).toBe("-5");
    for (const bad of [1.5, Number.NaN, 2 ** 53, "", "5.0", "5 OR 1=1", "5\n", true, {}])
      expect(() => literal(t.integer, bad)).toThrow(ArgumentError);
  });

  const everyType: [string, TypeLike][] = [
    ["string", t.string],
    ["unicode", t.unicode],
    ["enum", t.enum("a", "b")],
    ["json", t.json],
    ["date", t.date],
    ["time", t.time],
    ["dateTime", t.dateTime],
    ["interval", t.interval],
    ["uuid", t.uuid],
    ["numeric", t.numeric],
    ["float", t.float],
    ["integer", t.integer],
    ["boolean", t.boolean],
    ["largeBinary", t.largeBinary],
    ["array", t.array(t.string)],
  ];

  /** The text after one complete literal, as a database would read it: a string to its closing quote, or one word. */
  function afterLiteral(text: string, backslashes: boolean): string {
    const body = backslashes ? /^'(?:[^'\\]|''|\\[\s\S])*'/ : /^'(?:[^']|'')*'/;
    return text.replace(body, "").replace(/^(?:X'[0-9a-f]*'|[+-]?[\d.]+(?:e[+-]?\d+)?|NULL)$/i, "");
  }

  it.each(everyType)("of %s cannot be broken out of", (name, type) => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^[ '"\\;\-a-z0-9\n]*$/),
      fc.constantFrom("'", "''", "\\'", "\\", "'; DROP TABLE x; --", "2024-01-01'", "1'", "P1D'", "\u0000"),
    );
    fc.assert(
      fc.property(nasty, fc.boolean(), (text, backslashEscapes) => {
        const value = name === "json" ? { [text]: text } : name === "array" ? [text] : text;
        let rendered: string;
        try {
          rendered = literal(type, value, { ...plain, backslashEscapes });
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
          return;
        }
        const inner = name === "array" ? rendered.slice(1, -1) : rendered;
        expect(afterLiteral(inner, backslashEscapes)).toBe("");
      }),
      { numRuns: 300 },
    );
  });
});

describe("equality", () => {
  const equal = (type: TypeLike, a: unknown, b: unknown): boolean => toType(type).compareValues(a, b);

  it("is by value", () => {
    expect(equal(t.numeric, "1.50", "1.5")).toBe(true);
    expect(equal(t.numeric, "1.50", 1.5)).toBe(true);
    expect(equal(t.numeric, "1.51", "1.5")).toBe(false);
    expect(equal(t.bigInteger, 5n, 5)).toBe(true);
    expect(equal(t.dateTime, new Date(5), new Date(5))).toBe(true);
    expect(equal(t.time, "08:00", "08:00:00.000")).toBe(true);
    expect(equal(t.interval, "PT60S", "PT1M")).toBe(true);
    expect(equal(t.largeBinary, Uint8Array.of(1), Uint8Array.of(1))).toBe(true);
    expect(equal(t.uuid, uuid, uuid.toUpperCase())).toBe(true);
    expect(equal(t.json, { a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
    expect(equal(t.json, { a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(equal(t.array(t.numeric), ["1.0"], ["1"])).toBe(true);
    expect(equal(t.array(t.integer), [1, 2], [1])).toBe(false);
    for (const type of [t.numeric, t.dateTime, t.largeBinary, t.json, t.interval, t.time, t.uuid]) {
      expect(equal(type, null, null)).toBe(true);
      expect(equal(type, null, "1")).toBe(false);
    }
  });
});
