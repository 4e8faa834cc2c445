/** Types of aliases by name, of paths of loader options, and of what the legacy Query has beyond select(). */
import { column, foreignKey, select, t } from "@athanor/core";
import {
  aliased,
  declarativeBase,
  defer,
  joinedload,
  lazyload,
  loadOnly,
  many,
  one,
  type Session,
  selectinload,
  subqueryload,
} from "@athanor/orm";

const Base = declarativeBase();
class House extends Base.mapped("house", {
  id: column(t.integer, { primaryKey: true }),
  street: column(t.string(20), { nullable: false }),
  rooms: () => many(Room, { backPopulates: "house" }),
}) {}
class Room extends Base.mapped("room", {
  id: column(t.integer, { primaryKey: true }),
  size: column(t.integer),
  houseId: column("house_id", t.integer, foreignKey("house.id")),
  house: () => one(House, { backPopulates: "rooms" }),
}) {}

declare const session: Session;
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Same<A, B>): void {}

// ---- aliases ----
const grouped = select(House.table.c.id, House.table.c.street).subquery();
const ByName = aliased(House, grouped, { adaptOnNames: true, name: "by_name" });
const found = session.scalars(select(ByName).where(ByName.$.street.eq("x"))).one();
same<typeof found, House>(true);
// @ts-expect-error misspelt
aliased(House, grouped, { adaptOnName: true });
// @ts-expect-error it is true or false
aliased(House, grouped, { adaptOnNames: "street" });
// @ts-expect-error there is no such attribute
void ByName.$.stret;
const streets = (of: typeof ByName) => session.scalars(select(of.$.street)).all();
same<ReturnType<typeof streets>, string[]>(true);

// ---- paths ----
void select(House).options(selectinload(House.$.rooms).joinedload(Room.$.house).loadOnly(House.$.street));
void select(House).options(loadOnly(House.$.street), defer(House.$.id));
// @ts-expect-error there is no such relationship
selectinload(House.$.roms);
// @ts-expect-error a column is no relationship
joinedload(House.$.street);
// @ts-expect-error a house's rooms have no rooms
selectinload(House.$.rooms).joinedload(House.$.rooms);
// @ts-expect-error the columns of another class
selectinload(House.$.rooms).loadOnly(House.$.street);
// @ts-expect-error a column is no relationship
subqueryload(House.$.rooms).subqueryload(Room.$.size);
// @ts-expect-error names are attributes, not texts
lazyload("rooms");
const through = <P extends typeof House.$.rooms>(path: P) => select(House).options(selectinload(path));
void through(House.$.rooms);

// ---- the legacy query ----
const houses = session.query(House);
same<ReturnType<typeof houses.unionAll>, typeof houses>(true);
const at = houses.at(0);
same<typeof at, House>(true);
const one_ = houses.oneOrNone();
same<typeof one_, House | null>(true);
const byKey = houses.get(1);
same<typeof byKey, House | null>(true);
const entities = houses.withEntities(House.$.street, House.$.id).all();
same<(typeof entities)[number][0], string>(true);
const updated: number = houses.filterBy({ street: "x" }).update({ street: "y" });
void updated;
const options = houses.options(selectinload(House.$.rooms)).enableEagerloads(false).populateExisting().yieldPer(10);
same<typeof options, typeof houses>(true);
// @ts-expect-error misspelt
houses.outerJoin(Room);
// @ts-expect-error an entity is wanted, not a text
houses.withParent("house");
// @ts-expect-error it is on or off
houses.enableEagerloads("off");
