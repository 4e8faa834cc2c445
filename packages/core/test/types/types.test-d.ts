/** The value types that `t.*` infer. Compiled by tools/type-tests.mjs; lines marked as errors must not compile. */
import { TypeDecorator, type TypeLike, t, typeDecorator, typeFactory, UserDefinedType } from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
type Value<T extends TypeLike> = T["~value"];
type Input<T extends TypeLike> = T["~input"];

/** Compiles only where both types are the same. */
function same<A, B>(_equal: Equal<A, B>): void {}
function value<T extends TypeLike>(_type: T): Value<T> {
  return undefined;
}

// Bare and called
same<Value<typeof t.integer>, number>(true);
same<Value<typeof t.smallInteger>, number>(true);
same<Value<typeof t.bigInteger>, bigint>(true);
same<Input<typeof t.bigInteger>, number | bigint>(true);
same<Value<typeof t.numeric>, string>(true);
same<Input<typeof t.numeric>, string | number | bigint>(true);
same<Value<typeof t.float>, number>(true);
same<Value<typeof t.double>, number>(true);
same<Value<typeof t.string>, string>(true);
same<Value<typeof t.text>, string>(true);
same<Value<typeof t.boolean>, boolean>(true);
same<Value<typeof t.date>, string>(true);
same<Value<typeof t.time>, string>(true);
same<Value<typeof t.dateTime>, Date>(true);
same<Value<typeof t.interval>, string>(true);
same<Value<typeof t.largeBinary>, Uint8Array>(true);
same<Value<typeof t.uuid>, string>(true);
same<Value<typeof t.json>, unknown>(true);
same<Value<typeof t.VARCHAR>, string>(true);
same<Value<typeof t.BIGINT>, bigint>(true);
same<Value<typeof t.TIMESTAMP>, Date>(true);

const string = t.string(50, { collation: "C" });
same<Value<typeof string>, string>(true);
const price = t.numeric(10, 2);
same<Value<typeof price>, string>(true);
const zero = t.numeric({ precision: 8, scale: 0 });
same<Value<typeof zero>, string>(true);
const asNumber = t.numeric(10, 2, { as: "number" });
same<Value<typeof asNumber>, number>(true);
const asFloat = t.numeric(10, { asdecimal: false });
same<Value<typeof asFloat>, number>(true);
class Money {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}
const asMoney = t.numeric(10, 2, { as: Money });
same<Value<typeof asMoney>, Money>(true);
same<Input<typeof asMoney>, Money | string | number | bigint>(true);
const asNumberMode = t.bigInteger({ mode: "number" });
same<Value<typeof asNumberMode>, number>(true);
const single = t.float(24);
same<Value<typeof single>, number>(true);
const textual = t.float({ asdecimal: true });
same<Value<typeof textual>, string>(true);
const precise = t.float({ precision: 10 });
same<Value<typeof precise>, number>(true);
const zoned = t.dateTime({ timezone: true });
same<Value<typeof zoned>, Date>(true);
same<Value<typeof t.DOUBLE_PRECISION>, number>(true);

// Enumerations
const kind = t.enum("a", "b");
same<Value<typeof kind>, "a" | "b">(true);
const named = t.enum("a", "b", { name: "kind" });
same<Value<typeof named>, "a" | "b">(true);
const colors = { red: "RED", green: "GREEN" } as const;
const color = t.enum(colors, { name: "color" });
same<Value<typeof color>, "RED" | "GREEN">(true);
class Level {
  static readonly low = 1;
  static readonly high = 2;
}
const level = t.enum(Level);
same<Value<typeof level>, 1 | 2>(true);
// @ts-expect-error: values are strings
t.enum("a", 2);

// Documents and arrays
interface Meta {
  readonly tags: string[];
}
const meta = t.json<Meta>();
same<Value<typeof meta>, Meta>(true);
const list = t.array(t.integer);
same<Value<typeof list>, number[]>(true);
same<Input<typeof list>, readonly number[]>(true);
const matrix = t.array(t.string(5), { dimensions: 2 });
same<Value<typeof matrix>, string[][]>(true);
same<Input<typeof matrix>, readonly (readonly string[])[]>(true);
const schema = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (given: unknown) => ({ value: given as { readonly at: Date } }),
    types: undefined as { readonly input: { readonly at: string }; readonly output: { readonly at: Date } } | undefined,
  },
} as const;
const checked = t.json({ schema });
same<Value<typeof checked>, { readonly at: Date }>(true);
// @ts-expect-error: an array needs the type of its items
t.array();

// Types of the user's own
const lower = typeDecorator({ impl: t.string, bind: (text: string) => text.toLowerCase() });
same<Value<typeof lower>, string>(true);
const point = typeDecorator({
  impl: t.string,
  bind: (given: { x: number; y: number }) => `${given.x},${given.y}`,
  result: (text) => ({ x: Number(text.split(",")[0]), y: Number(text.split(",")[1]) }),
});
same<Value<typeof point>, { x: number; y: number }>(true);
typeDecorator({
  impl: t.integer,
  // @ts-expect-error: the decorated type takes numbers
  bind: (given: boolean) => String(given),
});

class Folded extends TypeDecorator<string> {
  override readonly impl;
  override readonly cacheOk = true;

  constructor(length?: number) {
    super();
    this.impl = t.string(length);
  }

  override processBindParam(given: string | null): string | null {
    return given?.toLowerCase() ?? null;
  }
}
const folded = typeFactory(Folded);
same<Value<typeof folded>, string>(true);
folded(12);
// @ts-expect-error: the constructor takes a number
folded("12");

class Geometry extends UserDefinedType<[number, number]> {
  getColSpec(): string {
    return "GEOMETRY";
  }
}
same<Value<Geometry>, [number, number]>(true);

value(t.integer).toFixed();
// @ts-expect-error: text has no toFixed
value(t.numeric).toFixed();
// @ts-expect-error: a length is a number
t.string("50");
// @ts-expect-error: no such type
t.strnig;
