/** Types of mappings over joins and subqueries, of SQL expressions as values, of inspected objects, of sessions' classes. */
import {
  type ColumnElement,
  type Connection,
  column,
  type Engine,
  foreignKey,
  func,
  join,
  MetaData,
  null_,
  type Select,
  select,
  t,
  table,
} from "@athanor/core";
import {
  addProperty,
  CompositeProperty,
  columnProperty,
  composite,
  declarativeBase,
  delAttribute,
  flagModified,
  type getAttribute,
  getHistory,
  type History,
  inspect,
  many,
  one,
  Session,
  sessionmaker,
  setAttribute,
  withPolymorphic,
} from "@athanor/orm";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const metadata = new MetaData();
const users = table("user", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string(20)) });
const addresses = table("address", metadata, {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("user.id")),
  size: column(t.integer, { nullable: false }),
});
const Base = declarativeBase({ metadata });

// ---- over joins and subqueries ----

class AddressUser extends Base.mapped(join(users, addresses), {
  id: columnProperty(users.c.id, addresses.c.userId),
  addressId: addresses.c.id,
  name: users.c.name,
}) {}
declare const both: AddressUser;
same<typeof both.id, number>(true);
same<typeof both.name, string | null>(true);
select(AddressUser).groupBy(...AddressUser.$.id.expressions);
same<typeof both.size, number>(true);
// @ts-expect-error there is no such column
both.sise;
// @ts-expect-error no such option
columnProperty(users.c.id, addresses.c.userId, { deferd: true });
columnProperty(users.c.id, addresses.c.userId, { deferred: true });

const counted = select(users, func.count(addresses.c.id).label("n")).join(addresses).subquery();
class Counted extends Base.mapped(counted, { shout: () => columnProperty(func.upper(Counted.$.name)) }) {}
declare const count: Counted;
same<typeof count.n, number>(true);
same<typeof count.name, string | null>(true);
same<typeof count.shout, string>(true);
// @ts-expect-error there is no such column
count.nn;
class Part extends Base.mapped(users, { includeProperties: [users.c.id] }) {}
// @ts-expect-error keys or columns
Base.mapped(users, { includeProperties: [5] });
void Part;

// ---- SQL expressions as values ----

class Account extends Base.mapped("account", {
  id: column(t.integer, { primaryKey: true }),
  balance: column(t.integer, { nullable: false }),
  tags: column(t.array(t.string), { nullable: false }),
  parts: () => many(Part2),
  set: () => many(Part2, { collectionClass: Set }),
}) {}
class Part2 extends Base.mapped("part", {
  id: column(t.integer, { primaryKey: true }),
  accountId: column(t.integer, foreignKey("account.id")),
  account: () => one(Account),
}) {}
const account = new Account({ id: select(func.max(Account.$.id).add(1)), balance: func.random() });
new Account({ balance: null_() });
// @ts-expect-error text for a number
new Account({ balance: "5" });
// @ts-expect-error relationships take objects only
new Account({ parts: select(Part2) });
setAttribute(account, "balance", 3);
setAttribute(account, "balance", Account.$.balance.add(1));
// @ts-expect-error there is no such attribute
setAttribute(account, "balanc", 3);
// @ts-expect-error text for a number
setAttribute(account, "balance", "3");
same<ReturnType<typeof getAttribute<Account, "balance">>, number>(true);
flagModified(account, "tags");
// @ts-expect-error there is no such attribute
flagModified(account, "tag");
// @ts-expect-error there is no such attribute
delAttribute(account, "tag");
const raise = <E extends { balance: number }>(each: E, by: E["balance"]) => setAttribute(each, "balance", by);
raise(account, 5);

// ---- inspected objects ----

const state = inspect(account);
same<typeof state.object, Account>(true);
same<typeof state.attrs.balance.value, number>(true);
const [balance] = state.attrs.balance.history.added;
same<typeof balance, number | undefined>(true);
const parts: History<Part2> = state.attrs.parts.loadHistory();
const set: History<Part2> = getHistory(account, "set");
const tags: History<string[]> = getHistory(account, "tags");
void [parts, set, tags];
// @ts-expect-error may be no attribute
state.attrs.balanc.history;
// @ts-expect-error there is no such attribute
getHistory(account, "tag");

// ---- attributes that come later ----

addProperty(Account, "since", column(t.date));
addProperty(Account, "double", columnProperty(Account.$.balance.mul(2)));
addProperty(Account, "others", () => many(Part2));
// @ts-expect-error no attribute
addProperty(Account, "five", 5);

// ---- classes of sessions ----

class Routed extends Session {
  readonly tenant = "x";
  override getBind(...[entity, options]: Parameters<Session["getBind"]>): Engine | Connection {
    return super.getBind(entity, options);
  }
}
const Made = sessionmaker({ class: Routed, autoflush: false });
using made = new Made();
const tenant: string = made.tenant;
void tenant;
const bind: Engine | Connection = made.getBind();
void bind;
Made.begin((session) => session.tenant.toUpperCase());
const Plain = sessionmaker({ autoflush: false });
same<InstanceType<typeof Plain>, Session>(true);
// @ts-expect-error a mapped class is no class of sessions
sessionmaker({ class: Account });

// ---- composites ----

class Spot {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}
class FarComparator extends CompositeProperty.Comparator<Spot | null> {
  far(by: number): ColumnElement<boolean> {
    return this.gt(new Spot(by));
  }
}
class Place extends Base.mapped("place", {
  id: column(t.integer, { primaryKey: true }),
  at: composite(Spot, column("x", t.integer)),
  always: composite(Spot, "x", { returnNoneOn: null }),
  far: composite(Spot, { x: "x" }, { comparatorFactory: FarComparator }),
  // @ts-expect-error no member of a spot
  wrong: composite(Spot, { z: "x" }),
  // @ts-expect-error no such option
  misspelt: composite(Spot, "x", { defered: true }),
}) {}
declare const place: Place;
same<typeof place.at, Spot | null>(true);
same<typeof place.always, Spot>(true);
Place.$.far.far(3);
// @ts-expect-error its own comparator only
Place.$.at.far(3);
// @ts-expect-error a spot is compared with spots
Place.$.at.eq(5);
const spots = select(Place.$.at, Place.$.always, Place.$.far);
type Spots = typeof spots extends Select<infer V, infer O> ? [V, O["at" & keyof O], O["always" & keyof O]] : never;
same<Spots, [[Spot | null, Spot, Spot | null], Spot | null, Spot]>(true);
const compared = (attribute: typeof Place.$.at) => select(Place).where(attribute.eq(new Spot(1)));
void compared(Place.$.at);

// ---- subclasses by name, lists by name ----

class Staff extends Base.mapped("staff", { id: column(t.integer, { primaryKey: true }), kind: column(t.string) }) {}
class Engineer extends Staff.extend({ language: column(t.string, { nullable: false }) }) {}
class Boss extends Staff.extend({ level: column(t.integer) }) {}
const staff = withPolymorphic(Staff, { Engineer, Head: Boss });
const worded = select(staff.$.id, staff.$.Engineer.language, staff.$.Head.level);
same<typeof worded extends Select<infer V, object> ? V : never, [number, string, number | null]>(true);
// @ts-expect-error it is called Head
staff.$.Boss;
// @ts-expect-error of the other class
staff.$.Head.language;
const listed = withPolymorphic(Staff, [Engineer, Boss]);
listed.$.Engineer?.language.like("x");
// @ts-expect-error no attribute of theirs
listed.$.Engineer?.lang;
// @ts-expect-error an object of a class is no class
withPolymorphic(Staff, { head: new Boss() });
const everybody = <S extends { Engineer: typeof Engineer }>(classes: S) => withPolymorphic(Staff, classes);
void everybody({ Engineer });
const named: ColumnElement | undefined = inspect(Staff).columns.kind;
// @ts-expect-error may be no column
inspect(Staff).columns.knid.name;
void named;
