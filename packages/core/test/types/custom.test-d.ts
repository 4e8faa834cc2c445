/** Types of elements, functions and types of the user's own, of annotations, and of `returnDefaults()`. Compiled only. */
import {
  type Annotations,
  type Column,
  ColumnElement,
  column,
  compiles,
  FunctionElement,
  func,
  GenericFunction,
  insert,
  MetaData,
  registerGenericFunction,
  type Select,
  type SqlFunction,
  select,
  TypeDecorator,
  t,
  table,
  toType,
  UserDefinedType,
  update,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;

const users = table("users", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
});

// ---- annotations ----
const marked = users.c.id.annotate({ audited: true });
same<typeof marked, typeof users.c.id>(true);
same<typeof marked.annotations, Annotations>(true);
const annotated = select(marked, users.c.name).annotate({ tenant: 5 }).deannotate(["tenant"]);
same<V<typeof annotated>, [number, string]>(true);
const tagged = <E extends ColumnElement>(element: E): E => element.annotate({ tag: "x" });
same<ReturnType<typeof tagged<Column<number>>>, Column<number>>(true);
// @ts-expect-error: names are text
marked.deannotate([5]);
// @ts-expect-error: an object of facts
marked.annotate("audited");

// ---- returnDefaults ----
insert(users).returnDefaults(users.c.id, { supplementalCols: [users.c.name, "id"], sortByParameterOrder: true });
update(users).returnDefaults("id", { supplementalCols: [] });
// @ts-expect-error: misspelt
insert(users).returnDefaults({ supplementalColumns: [users.c.name] });
// @ts-expect-error: not a column
insert(users).returnDefaults({ supplementalCols: [5] });

// ---- elements ----
class Timestamped extends ColumnElement<Date> {
  readonly zone: string;
  constructor(zone: string) {
    super(toType(t.dateTime));
    this.zone = zone;
  }
}
compiles(Timestamped, (compiler, element) => `now(${element.zone}, ${compiler.dialect.name})`);
compiles(Timestamped, (_compiler, element) => element.zone.toUpperCase(), "postgresql");
const stamped = select(new Timestamped("utc"));
same<V<typeof stamped>, [Date]>(true);
// @ts-expect-error: a rendering is text
compiles(Timestamped, () => 5);

// ---- functions ----
class Coalesced extends FunctionElement<string> {
  static readonly functionName = "coalesced";
}
const coalesced = select(new Coalesced(users.c.name, "x"));
same<V<typeof coalesced>, [string]>(true);

class AsUtc extends GenericFunction<Date> {
  static override readonly functionName = "as_utc";
  static override readonly type = t.dateTime;
}
registerGenericFunction(AsUtc);
const utc = new AsUtc(users.c.name);
const isFunction = (given: SqlFunction<Date>): ColumnElement<Date> => given;
isFunction(utc);
same<V<ReturnType<typeof selected>>, [Date]>(true);
function selected() {
  return select(utc);
}
void func.as_utc?.(users.c.name);
// @ts-expect-error: not a class of functions
registerGenericFunction(Timestamped);

// ---- types ----
class Money extends UserDefinedType<bigint> {
  getColSpec(): string {
    return "MONEY";
  }
}
class Cents extends TypeDecorator<number> {
  readonly impl = t.integer;
  override get coerceToIsTypes(): readonly unknown[] {
    return [null, Boolean];
  }
  override get sortKeyFunction() {
    return (value: number) => -value;
  }
  override processBindParam(value: number | null): unknown {
    return value === null ? null : value * 100;
  }
  // @ts-expect-error: not what the type gives
  override processResultValue(value: unknown): string {
    return String(value);
  }
}
const prices = table("prices", new MetaData(), {
  amount: column(new Money(), { nullable: false }),
  cents: column(new Cents(), { nullable: false }),
});
const read = select(prices.c.amount, prices.c.cents);
same<V<typeof read>, [bigint, number]>(true);
const priced = (cents: number) => prices.c.cents.gt(cents);
priced(5);
// @ts-expect-error: a number is wanted
prices.c.cents.gt("5");
t.enum("b", "a", { sortKeyFunction: (value: string) => value.length });
