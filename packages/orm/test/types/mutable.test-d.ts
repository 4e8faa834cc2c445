/** Watched values keep the types of their columns. */
import { column, type SqlType, t } from "@athanor/core";
import { composite, declarativeBase } from "@athanor/orm";
import { Mutable, MutableComposite, MutableDict, MutableList, MutableSet, mutable } from "@athanor/orm/ext/mutable";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

class Money extends Mutable {
  amount = 0;
}
declare const moneyType: SqlType<Money>;
class Point extends MutableComposite {
  x = 0;
  y = 0;
}
class Thing extends declarativeBase().mapped("things", {
  id: column(t.integer, { primaryKey: true }),
  dict: column(MutableDict.asMutable(t.json<{ a: number }>()), { nullable: false }),
  list: column(MutableList.asMutable(t.array(t.string))),
  price: column(Money.asMutable(moneyType)),
  set: column(MutableSet.asMutable(t.serialized<Set<string>>())),
  doc: mutable(column(t.json<{ deep: { n: number } }>(), { nullable: false })),
  point: composite(Point, { x: "x", y: "y" }),
}) {}

const thing = new Thing({ dict: { a: 1 } });
same<typeof thing.dict, { a: number }>(true);
same<typeof thing.list, string[] | null>(true);
same<typeof thing.price, Money | null>(true);
same<typeof thing.set, Set<string> | null>(true);
same<typeof thing.point, Point | null>(true);
thing.doc.deep.n = 1;
MutableDict.associateWithAttribute(Thing.$.dict);
MutableDict.associateWith(t.json);
// @ts-expect-error: no such member
thing.doc.deep.m = 1;
// @ts-expect-error: of another type
thing.dict = { a: "x" };
// @ts-expect-error: not a column's attribute
MutableDict.associateWithAttribute("dict");
// @ts-expect-error: no type
MutableDict.asMutable("json");

/** Through a helper: any type of columns. */
function watched<T extends SqlType>(type: T): T {
  return MutableList.asMutable(type);
}
const helped = column(watched(t.array(t.integer)), { nullable: false });
same<(typeof helped)["~value"], number[]>(true);
