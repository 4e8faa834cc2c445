/** automap: classes by name, with and without types; deferred reflection. */
import type { AsyncEngine } from "@athanor/async";
import { column, type Engine, type Select, select, t } from "@athanor/core";
import { type ListOf, type RelationshipAttribute, selectinload } from "@athanor/orm";
import { type AutomapBase, automapBase, generateRelationship, type UntypedObject } from "@athanor/orm/ext/automap";
import { deferredReflection } from "@athanor/orm/ext/declarative";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;
declare const engine: Engine;
declare const asyncEngine: AsyncEngine;

interface UserRow {
  id: number;
  name: string | null;
  address_collection: ListOf<AddressRow>;
}
interface AddressRow {
  id: number;
  email: string;
  meta: { readonly a: number };
  user: UserRow | null;
}
interface Model {
  user: UserRow;
  address: AddressRow;
}

// ---- with types ----

const Base = automapBase<Model>();
same<ReturnType<typeof prepareSync>, void>(true);
same<ReturnType<typeof prepareAsync>, Promise<void>>(true);
function prepareSync() {
  return Base.prepare({ autoloadWith: engine });
}
function prepareAsync() {
  return Base.prepare({ autoloadWith: asyncEngine, schema: "x", generateRelationship });
}
const { user: User, address: Address } = Base.classes;
const user = new User({ name: "x", address_collection: [new Address({ email: "e" })] });
same<typeof user, UserRow>(true);
same<V<ReturnType<typeof emails>>, [string]>(true);
function emails() {
  return select(Address.$.email).join(Address.$.user).options(selectinload(User.$.address_collection));
}
const addresses: RelationshipAttribute<AddressRow, UserRow, ListOf<AddressRow>> = User.$.address_collection;
const meta = Address.$.meta.eq({ a: 1 });
void [addresses, meta];
// @ts-expect-error: no such class
Base.classes.users;
// @ts-expect-error: no such attribute
User.$.nam;
// @ts-expect-error: of the wrong type
new User({ name: 1 });
// @ts-expect-error: a relationship of another class
select(User).options(selectinload(User.$.address_collection).selectinload(User.$.address_collection));
// @ts-expect-error: no such option
Base.prepare({ autoloadWith: engine, classNameForTable: () => "x" });

/** Through a helper: the base of any model. */
function first<C extends object, K extends keyof C & string>(base: AutomapBase<C>, name: K) {
  return base.classes[name];
}
new (first(Base, "address"))({ email: "e" });

// ---- without ----

const Untyped = automapBase();
const Some = Untyped.classes["some"];
if (Some !== undefined) {
  const object: UntypedObject = new Some({ anything: 1 });
  const attribute = Some.$["name"];
  if (attribute !== undefined) {
    select(Some).where(attribute.eq("x")).options(selectinload(attribute)).join(attribute);
    select(attribute).where(attribute.any(attribute.like("x%")));
  }
  void object;
}

// ---- deferred reflection ----

const Reflected = deferredReflection();
class Thing extends Reflected.mapped("thing", { id: column(t.integer, { primaryKey: true }) }) {
  declare label: string;
}
same<typeof sync, void>(true);
const sync = Reflected.prepare(engine);
same<typeof later, Promise<void>>(true);
const later = Reflected.prepare(asyncEngine, { views: true });
const label: string = new Thing({ id: 1 }).label;
void label;
// @ts-expect-error: nothing to read from
Reflected.prepare(new Map());

async function autoloaded() {
  class Loaded extends (await Reflected.mapped("loaded", { id: column(t.integer) }, { autoloadWith: asyncEngine })) {}
  same<Loaded["id"], number | null>(true);
  class Now extends Reflected.mapped("now", { id: column(t.integer) }, { autoloadWith: engine }) {}
  same<Now["id"], number | null>(true);
}
void autoloaded;
