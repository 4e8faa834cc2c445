/** Association proxies: values, inputs and conditions. */
import { column, foreignKey, select, t } from "@athanor/core";
import { attributeKeyedMap, declarativeBase, type ListOf, many, one } from "@athanor/orm";
import { associationProxy } from "@athanor/orm/ext/association-proxy";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const Base = declarativeBase();
class User extends Base.mapped("user", {
  id: column(t.integer, { primaryKey: true }),
  links: () => many(Link, { collectionClass: attributeKeyedMap("key") }),
  tagLinks: () => many(Link),
  keywords: associationProxy<Map<string, string>>("links", "text", {
    creator: (key: string, text: string) => new Link({ key, text }),
  }),
  tags: associationProxy<ListOf<string>>("tagLinks", "text", { creator: (text: string) => new Link({ text }) }),
  set: associationProxy<Set<number>>("tagLinks", "id"),
}) {}
class Link extends Base.mapped("link", {
  id: column(t.integer, { primaryKey: true }),
  key: column(t.string),
  text: column(t.string),
  userId: column(t.integer, foreignKey("user.id")),
  user: () => one(User),
  userTags: associationProxy<ListOf<string>>("user", "tags"),
  userId2: associationProxy<number | null>("user", "id", { cascadeScalarDeletes: true }),
}) {}

const user = new User({ tags: ["a"], set: [1], keywords: { a: "b" } });
new User({ keywords: new Map([["a", "b"]]), set: new Set([1]) });
same<typeof user.tags, ListOf<string>>(true);
same<typeof user.keywords, Map<string, string>>(true);
same<typeof user.set, Set<number>>(true);
user.keywords.set("k", "v");
user.tags.push("x");
select(User).where(
  User.$.tags.eq("x"),
  User.$.keywords.contains("v"),
  User.$.set.in([1]),
  User.$.tags.any(Link.$.key.eq("k")),
);
same<Link["userId2"], number | null>(true);
select(User).where(
  User.$.tags.icontains("x", { autoescape: true }),
  User.$.tags.isDistinctFrom("x"),
  User.$.tags.in(select(Link.$.text)),
  User.$.tags.boolOp("~")("x"),
);
select(User).join(User.$.tags.attr[0]);
same<typeof User.$.tags.valueAttr, string>(true);
// @ts-expect-error: a misspelt option
User.$.tags.icontains("x", { autoEscape: true });
// @ts-expect-error: of another type
User.$.tags.isDistinctFrom(1);
// @ts-expect-error: of another type
User.$.tags.eq(1);
// @ts-expect-error: of another type
user.keywords.set("k", 1);
// @ts-expect-error: no text at all
new User({ tags: [1] });
// @ts-expect-error: no such option
associationProxy("links", "text", { create: () => new Link() });

/** Through a helper: a proxy of any list of texts. */
function texts(relationship: string) {
  return associationProxy<ListOf<string>>(relationship, "text");
}
class Other extends Base.mapped("other", { id: column(t.integer, { primaryKey: true }), names: texts("links") }) {}
same<Other["names"], ListOf<string>>(true);
