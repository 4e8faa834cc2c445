/** Ordering lists and elements of documents: their types. */
import { column, foreignKey, select, t } from "@athanor/core";
import { declarativeBase, many } from "@athanor/orm";
import { indexProperty } from "@athanor/orm/ext/indexable";
import { countFrom1, type Ordering, orderingList, reorder } from "@athanor/orm/ext/ordering-list";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const Base = declarativeBase();
class Slide extends Base.mapped("slide", {
  id: column(t.integer, { primaryKey: true }),
  data: column(t.json<{ city?: string; tags: string[] }>()),
  bullets: () => many(Bullet, { collectionClass: orderingList<Bullet>("position", { orderingFunc: countFrom1 }) }),
  city: indexProperty("data", "city", { default: null as string | null, expression: (city) => city.asString() }),
  first: indexProperty<string | undefined>("data", 0, { mutable: false }),
}) {}
class Bullet extends Base.mapped("bullet", {
  id: column(t.integer, { primaryKey: true }),
  position: column(t.integer),
  slideId: column(t.integer, foreignKey("slide.id")),
}) {}

const slide = new Slide({ bullets: [new Bullet()], city: "Rome" });
same<typeof slide.bullets, Ordering<Bullet>>(true);
reorder(slide.bullets);
slide.bullets = [new Bullet()];
slide.bullets = slide.bullets.filter((bullet) => bullet.position !== null);
// @ts-expect-error: of another class
slide.bullets = [new Slide()];
// @ts-expect-error: no list
reorder(slide);
slide.bullets.push(new Bullet());
same<typeof slide.city, string | null>(true);
same<typeof slide.first, string | undefined>(true);
select(Slide).where(Slide.$.city.eq("Rome"));
// @ts-expect-error: of another class
slide.bullets.push(new Slide());
// @ts-expect-error: of another type
slide.city = 1;
// @ts-expect-error: of another type
Slide.$.city.eq(1);
// @ts-expect-error: no such option
orderingList("position", { countFromOne: true });
// @ts-expect-error: no such option
indexProperty("data", "city", { defaults: null });

/** Through a helper: a list of any class. */
function ordered<T>(attribute: string) {
  return orderingList<T>(attribute, { countFrom: 1, reorderOnAppend: true });
}
const helped = ordered<Bullet>("position");
same<NonNullable<(typeof helped)["~collection"]>, Ordering<Bullet>>(true);
