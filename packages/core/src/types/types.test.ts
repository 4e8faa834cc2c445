import { describe, expect, it } from "vitest";
import { plainDialect } from "../../test/plain-dialect.ts";
import { ArgumentError } from "../errors/errors.ts";
import { operators } from "../operator/table.ts";
import type { ArrayType } from "./array.ts";
import { UserDefinedType } from "./custom.ts";
import { TypeDecorator, typeDecorator } from "./decorator.ts";
import type { EnumType } from "./enum.ts";
import { typeFactory } from "./factory.ts";
import { t } from "./namespace.ts";
import { InferredString, NULLTYPE } from "./null.ts";
import { Integer, Numeric } from "./numeric.ts";
import { typeOfValue } from "./registry.ts";
import { StringType } from "./string.ts";
import { isTypeLike, type SqlType, type TypeLike, toType } from "./type.ts";
import { VARCHAR } from "./uppercase.ts";

describe("the namespace", () => {
  it("takes positional arguments and options", () => {
    expect(t.numeric(10, 2)).toMatchObject({ precision: 10, scale: 2 });
    expect(t.numeric({ precision: 8, scale: 0 })).toMatchObject({ precision: 8, scale: 0 });
    expect(t.numeric(10, { as: "number" })).toMatchObject({ precision: 10, scale: undefined, as: "number" });
    expect(t.string(5, { collation: "C" })).toMatchObject({ length: 5, collation: "C" });
    expect(t.text({ collation: "fr_FR" })).toMatchObject({ length: undefined, collation: "fr_FR" });
    expect(t.float(24)).toMatchObject({ precision: 24 });
    expect(t.float({ precision: 10 })).toMatchObject({ precision: 10 });
    expect(t.interval({ secondPrecision: 3 })).toMatchObject({ native: true, secondPrecision: 3 });
    expect(t.uuid({ asUuid: false })).toMatchObject({ asUuid: false, nativeUuid: true });
    expect(t.dateTime({ timezone: true })).toMatchObject({ timezone: true });
    expect(t.VARCHAR(9)).toBeInstanceOf(VARCHAR);
    expect(t.VARCHAR(9)).toBeInstanceOf(StringType);
    expect(() => t.string(-1)).toThrow("string: the length must be a whole number, not -1");
  });

  it("has visit names in camel case, and exact names in capitals", () => {
    for (const [name, factory] of Object.entries(t) as [string, (...args: unknown[]) => { visitName: string }][]) {
      const type = name.toLowerCase() === "array" ? factory(t.integer) : factory();
      const expected = { INT: "INTEGER", pickleType: "typeDecorator", serialized: "typeDecorator" }[name] ?? name;
      expect(type.visitName).toBe(expected);
    }
  });

  it("is usable bare, as one shared instance", () => {
    expect(isTypeLike(t.integer)).toBe(true);
    expect(isTypeLike(() => 1)).toBe(false);
    expect(toType(t.integer)).toBe(toType(t.integer));
    expect(() => toType(t.array as unknown as TypeLike)).toThrow();
  });
});

describe("cache keys and copies", () => {
  it("are equal for equal types only", () => {
    expect(t.string(5).cacheKey).toBe(t.string(5).cacheKey);
    expect(t.string(5).cacheKey).not.toBe(t.string(6).cacheKey);
    expect(t.string(5).cacheKey).not.toBe(t.unicode(5).cacheKey);
    expect(t.enum("a", "b").cacheKey).toBe(t.enum("a", "b").cacheKey);
    expect(t.enum("a", "b").cacheKey).not.toBe(t.enum("ab").cacheKey);
    expect(t.array(t.string(5)).cacheKey).not.toBe(t.array(t.string(6)).cacheKey);
  });

  it("know variants", () => {
    const type = t.bigInteger();
    const key = type.cacheKey;
    const varied = type.withVariant(t.integer, "sqlite");
    expect(varied.cacheKey).not.toBe(key);
    expect(type.variants).toEqual({});
    expect(varied.variants.sqlite).toBeInstanceOf(Integer);
  });

  it("copies convert as the original does", () => {
    const varied = [t.enum("a"), t.json(), t.array(t.boolean), t.numeric(10, 2), t.interval(), t.uuid()].map(
      (type: SqlType) => type.withVariant(t.text, "x"),
    );
    for (const type of varied) {
      expect(() => type.bindProcessor(plainDialect)).not.toThrow();
      expect(() => type.literalProcessor(plainDialect)).not.toThrow();
    }
    expect(varied[0]?.bindProcessor(plainDialect)?.("a")).toBe("a");
    expect(varied[1]?.bindProcessor(plainDialect)?.([1])).toBe("[1]");
    expect(varied[2]?.bindProcessor(plainDialect)?.([true])).toEqual([1]);
  });
});

describe("operators", () => {
  // As SQLAlchemy has it; the whole matrix of types and operators was compared with SQLAlchemy 2.1 when this was written.
  const { add, sub, mul, truediv, floordiv, concat, eq } = operators;
  it.each([
    [t.integer, add, t.integer, "integer"],
    [t.integer, add, t.bigInteger, "bigInteger"],
    [t.bigInteger, add, t.integer, "bigInteger"],
    [t.integer, mul, t.numeric, "numeric"],
    [t.integer, mul, t.float, "float"],
    [t.integer, truediv, t.integer, "numeric"],
    [t.integer, floordiv, t.integer, "integer"],
    [t.integer, mul, t.interval, "interval"],
    [t.integer, add, t.date, "date"],
    [t.numeric, mul, t.float, "numeric"],
    [t.numeric, mul, t.NUMERIC, "NUMERIC"],
    [t.NUMERIC, mul, t.numeric, "NUMERIC"],
    [t.float, add, t.numeric, "float"],
    [t.date, sub, t.date, "integer"],
    [t.date, add, t.interval, "dateTime"],
    [t.date, sub, t.dateTime, "interval"],
    [t.dateTime, sub, t.dateTime, "interval"],
    [t.dateTime, sub, t.interval, "dateTime"],
    [t.time, sub, t.time, "interval"],
    [t.interval, add, t.dateTime, "dateTime"],
    [t.interval, mul, t.numeric, "interval"],
    [t.null, add, t.date, "date"],
    [t.null, sub, t.date, "null"],
    [t.dateTime, eq, t.dateTime, "boolean"],
  ])("%o %o %o", (left, operator, right, expected) => {
    const adapted = toType(left as TypeLike).adaptOperator(operator, toType(right as TypeLike));
    expect(adapted.operator).toBe(operator);
    expect(adapted.type.visitName).toBe(expected);
  });

  it("add text by concatenation", () => {
    expect(t.string(5).adaptOperator(add, t.text())).toMatchObject({ operator: concat, type: { length: 5 } });
    expect(t.string(5).adaptOperator(add, NULLTYPE).operator).toBe(concat);
    expect(t.string(5).adaptOperator(add, t.integer()).operator).toBe(add);
    expect(t.array(t.integer).adaptOperator(add, t.array(t.integer)).operator).toBe(concat);
    const fromEnum = t.enum("a", "bc").adaptOperator(add, t.string());
    expect(fromEnum).toMatchObject({ operator: concat, type: { visitName: "string", length: 2 } });
  });
});

describe("literals beside an expression", () => {
  const beside = (type: TypeLike, value: unknown): string =>
    toType(type).coerceComparedValue(operators.eq, value).visitName;

  it("are wide enough for their value", () => {
    expect(beside(t.smallInteger, 40_000)).toBe("integer");
    expect(beside(t.smallInteger, -32_768)).toBe("smallInteger");
    expect(beside(t.integer, 2 ** 31)).toBe("bigInteger");
    expect(beside(t.integer, -(2n ** 40n))).toBe("bigInteger");
    expect(beside(t.bigInteger, 2n ** 62n)).toBe("bigInteger");
    expect(t.bigInteger().coerceComparedValue(operators.bitwiseLshift, 1).visitName).toBe("integer");
  });

  it("are inferred by the server where they are text beside an unknown type", () => {
    expect(NULLTYPE.coerceComparedValue(operators.eq, "x")).toBeInstanceOf(InferredString);
    expect(NULLTYPE.coerceComparedValue(operators.concat, "x")).not.toBeInstanceOf(InferredString);
  });

  it("take the type of the expression where they can", () => {
    expect(beside(t.date, "2024-02-29")).toBe("date");
    expect(beside(t.date, "2024%")).toBe("string");
    expect(beside(t.date, "PT5M")).toBe("interval");
    expect(beside(t.dateTime, "2024-02-29T10:00:00")).toBe("dateTime");
    expect(beside(t.dateTime, "P1D")).toBe("interval");
    expect(beside(t.time, "10:00")).toBe("time");
    expect(beside(t.numeric, "1.5")).toBe("numeric");
    expect(beside(t.numeric, "x")).toBe("string");
    expect(beside(t.numeric, 5)).toBe("integer");
    expect(beside(t.numeric, 1.5)).toBe("double");
    expect(beside(t.smallInteger, 5)).toBe("smallInteger");
    expect(beside(t.integer, "x")).toBe("string");
    expect(beside(t.uuid, "x")).toBe("uuid");
    expect(beside(t.largeBinary, "x")).toBe("largeBinary");
    expect(beside(t.enum("a"), "b")).toBe("enum");
    expect(beside(t.json, { a: 1 })).toBe("json");
    expect(beside(t.json, [1])).toBe("json");
    expect(beside(t.json, t.json.NULL)).toBe("json");
    expect(beside(t.json, "x")).toBe("string");
    expect(beside(t.array(t.integer), [1])).toBe("array");
    expect(beside(t.integer, null)).toBe("integer");
    expect(beside(t.null, 5)).toBe("integer");
  });
});

describe("the type of a value", () => {
  it("is found by its kind", () => {
    const names = ["x", "é", 5, 2 ** 40, 1.5, 5n, true, new Date(), Uint8Array.of(1), null, {}, new Map()].map(
      (value) => typeOfValue(value).visitName,
    );
    expect(names).toEqual([
      "string",
      "unicode",
      "integer",
      "bigInteger",
      "double",
      "bigInteger",
      "boolean",
      "dateTime",
      "largeBinary",
      "null",
      "json",
      "null",
    ]);
    expect((typeOfValue([[1.5]]) as ArrayType).itemType.visitName).toBe("double");
    expect((typeOfValue([]) as ArrayType).itemType).toBe(NULLTYPE);
    expect(() => typeOfValue(undefined)).toThrow("undefined is not a SQL value");
    expect(() => typeOfValue(() => 1)).toThrow(ArgumentError);
  });
});

describe("enumerations", () => {
  const process = (type: EnumType<unknown>) =>
    [type.bindProcessor(plainDialect), type.resultProcessor(plainDialect)] as const;

  it("of strings pass unknown strings on unless told otherwise", () => {
    const [bind, result] = process(t.enum("a", "bcd", { name: "kind" }));
    expect([bind?.("a"), bind?.("a%"), bind?.(null)]).toEqual(["a", "a%", null]);
    expect(result?.("a")).toBe("a");
    expect(() => result?.("z")).toThrow('"z" is not among the values of the enum kind: "a", "bcd"');
    expect(() => process(t.enum("a", { validateStrings: true }))[0]?.("z")).toThrow(ArgumentError);
    expect(t.enum("a", "bcd").length).toBe(3);
    expect(() => t.enum("abc", { length: 2 })).toThrow("too short");
  });

  it("of objects store the names of the members", () => {
    const type = t.enum({ red: "RED", green: "GREEN" }, { name: "color" });
    const [bind, result] = process(type);
    expect(type.enums).toEqual(["red", "green"]);
    expect([bind?.("RED"), bind?.("red"), result?.("green")]).toEqual(["red", "red", "GREEN"]);
  });

  it("understand TypeScript's numeric enums and classes", () => {
    const numeric = { 0: "off", 1: "on", off: 0, on: 1 };
    const [bind, result] = process(t.enum(numeric));
    expect(t.enum(numeric).enums).toEqual(["off", "on"]);
    expect([bind?.(1), result?.("off")]).toEqual(["on", 0]);
    class Color {
      static readonly red = 1;
      static readonly green = 2;
    }
    expect(t.enum(Color)).toMatchObject({ name: "color", enums: ["red", "green"] });
    const valued = t.enum(Color, { valuesCallable: (members) => Object.values(members).map(String) });
    expect(valued.enums).toEqual(["1", "2"]);
    expect(valued.bindProcessor(plainDialect)?.(2)).toBe("2");
  });
});

describe("types of the user's own", () => {
  class Folded extends TypeDecorator<string> {
    override readonly impl;
    override readonly cacheOk = true;

    constructor(length?: number) {
      super();
      this.impl = t.string(length);
    }

    override processBindParam(value: string | null): string | null {
      return value?.toLowerCase() ?? null;
    }

    override processResultValue(value: unknown): string | null {
      return typeof value === "string" ? value.toUpperCase() : null;
    }
  }

  it("decorate another type", () => {
    const type = new Folded(12);
    expect(type.bindProcessor(plainDialect)?.("ABC")).toBe("abc");
    expect(type.resultProcessor(plainDialect)?.("abc")).toBe("ABC");
    expect(type.literalProcessor(plainDialect)?.("IT'S")).toBe("'it''s'");
    expect(type.affinity).toBe("string");
    expect(type.coerceComparedValue(operators.eq, 5)).toBe(type);
    expect(type.adaptOperator(operators.add, t.string())).toMatchObject({ operator: operators.concat, type });
    expect(type.cacheKey).toBe(new Folded(12).cacheKey);
    expect(type.cacheKey).not.toBe(new Folded(13).cacheKey);
    expect(toType(typeFactory(Folded))).toBeInstanceOf(Folded);
  });

  it("have a cache key of their own unless cacheOk is set", () => {
    class Careless extends TypeDecorator<string> {
      override readonly impl = t.string;
    }
    expect(new Careless().cacheKey).not.toBe(new Careless().cacheKey);
    const type = new Careless();
    expect(type.cacheKey).toBe(type.cacheKey);
  });

  it("load another type for a dialect", () => {
    class Json extends TypeDecorator<unknown> {
      override readonly impl = t.text;
      override loadDialectImpl(dialect: { readonly name: string }): TypeLike {
        return dialect.name === "plain" ? t.json : t.text;
      }
    }
    expect(new Json().bindProcessor(plainDialect)?.({ a: 1 })).toBe('{"a":1}');
    expect(new Json().dialectImpl({ ...plainDialect, name: "other" }).visitName).toBe("text");
  });

  it("are made of functions", () => {
    const point = typeDecorator({
      impl: t.string(20),
      bind: ([x, y]: [number, number]) => `${x},${y}`,
      result: (text) => text.split(",").map(Number) as [number, number],
    });
    const type = toType(point);
    expect(isTypeLike(point)).toBe(true);
    expect(type.bindProcessor(plainDialect)?.([1, 2])).toBe("1,2");
    expect(type.resultProcessor(plainDialect)?.("1,2")).toEqual([1, 2]);
    expect(type.bindProcessor(plainDialect)?.(null)).toBeNull();
    const varied = type.withVariant(t.text, "x");
    expect(varied.resultProcessor(plainDialect)?.("1,2")).toEqual([1, 2]);
    expect(varied.variants.x?.visitName).toBe("text");
  });

  it("name themselves in DDL", () => {
    class Point extends UserDefinedType<string> {
      getColSpec(): string {
        return "POINT";
      }
    }
    const type = new Point();
    expect(type.visitName).toBe("userDefined");
    expect(type.coerceComparedValue(operators.eq, 5)).toBe(type);
  });

  it("may be proxies of numbers", () => {
    const cents = toType(
      typeDecorator({ impl: t.integer, bind: (euros: number) => euros * 100, result: (value) => value / 100 }),
    );
    expect(cents.adaptOperator(operators.add, t.numeric()).type).toBeInstanceOf(Numeric);
    expect(cents.adaptOperator(operators.sub, t.date()).type).toBe(cents);
  });
});

describe("tuples and arrays", () => {
  it("do not nest arrays", () => {
    expect(() => t.array(t.array(t.integer))).toThrow("array types do not nest");
    expect(t.array(t.integer, { dimensions: 2 }).elementType()).toMatchObject({ dimensions: 1 });
    expect(t.array(t.integer).elementType()).toBeInstanceOf(Integer);
  });
});
