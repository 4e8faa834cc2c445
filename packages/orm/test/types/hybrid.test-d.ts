/** Hybrids: the type of the value, on objects and in rows. */
import { and, type ColumnElement, column, func, type Select, select, t } from "@athanor/core";
import { declarativeBase } from "@athanor/orm";
import { Comparator, type HybridOf, hybrid, hybridMethod } from "@athanor/orm/ext/hybrid";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;

class Interval extends declarativeBase().mapped("interval", {
  id: column(t.integer, { primaryKey: true }),
  start: column(t.integer, { nullable: false }),
  end: column(t.integer, { nullable: false }),
  word: column(t.string),
  length: () => hybrid(Interval, { expression: ($) => $.end.sub($.start) }),
  radius: () =>
    hybrid(Interval, {
      get: (i) => i.length / 2,
      expression: ($) => func.abs($.length),
      set: (i, value) => void (i.end = value),
    }),
  contains: () => hybridMethod(Interval, { expression: ($, point: number) => and($.start.le(point), $.end.ge(point)) }),
  label: () =>
    hybridMethod(Interval, {
      call: (i, prefix: string) => prefix + i.start,
      expression: ($, prefix) => func.concat(prefix, $.start),
    }),
  lower: () =>
    hybrid(Interval, { get: (i) => (i.word ?? "").toLowerCase(), comparator: ($) => new Comparator<string>($.word) }),
}) {}

const interval = new Interval({ start: 1, end: 2 });
same<typeof interval.length, number>(true);
same<typeof interval.radius, number>(true);
same<typeof interval.lower, string>(true);
const contains: boolean = interval.contains(1);
const label: string = interval.label("x");
const statement = select(Interval.$.length, Interval.$.radius).where(Interval.$.contains(5), Interval.$.lower.eq("x"));
same<V<typeof statement>, [number, number]>(true);
void [contains, label, statement];
// @ts-expect-error: of another type
interval.contains("x");
// @ts-expect-error: of another type
Interval.$.label(1);
// @ts-expect-error: no attribute
hybrid(Interval, { expression: ($) => $.ends });
// @ts-expect-error: neither an expression nor a value
hybrid(Interval, {});

/** Through a helper: a hybrid of any class with a start. */
function later<C extends { readonly "~entity": { start: number }; readonly $: { start: typeof Interval.$.start } }>(
  type: C,
): HybridOf<number> {
  return hybrid(type, { get: (each) => (each as { start: number }).start + 1, expression: ($) => $.start.add(1) });
}
same<ReturnType<typeof later>["~value"], number>(true);
later(Interval);

/** Comparators have what expressions have; options are known. */
const comparator = new Comparator<string>(Interval.$.word);
const condition: ColumnElement<boolean> = comparator.icontains("x", { autoescape: true });
const joined: ColumnElement<string> = comparator.concat("y");
void [condition, joined];
// @ts-expect-error: a misspelt option
comparator.icontains("x", { autoEscape: true });
// @ts-expect-error: no such operation
comparator.iContains("x");
hybrid(Interval, {
  expression: ($) => $.start,
  info: { note: 1 },
  delete: (i) => {
    i.word = null;
  },
});
// @ts-expect-error: a misspelt option
hybrid(Interval, { expression: ($) => $.start, deleter: () => {} });
