/** Mapped classes: objects, constructors, attributes, across two files that import each other. */
import { type ColumnElement, column, foreignKey, func, MetaData, type Select, select, t, table } from "@athanor/core";
import {
  aliased,
  composite,
  declarativeBase,
  joinedload,
  type ListOf,
  listen,
  type MappedClass,
  many,
  registry,
  selectinload,
} from "@athanor/orm";
import { Address } from "./models/address.ts";
import { User } from "./models/user.ts";
import { Car, SportsCar, Vehicle } from "./models/vehicle.ts";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;
type O<S> = S extends Select<readonly unknown[], infer Names> ? { [K in keyof Names]: Names[K] } : never;

// ---- shapes ----

const id = column(t.integer, { primaryKey: true });
// @ts-expect-error text is no column
declarativeBase().mapped("wrong", { id, note: "text" });
// @ts-expect-error nor is null
declarativeBase().mapped("wrong", { id, note: null });
// @ts-expect-error a number is no attribute
Vehicle.extend({ wheels: 4 });
// @ts-expect-error beside the columns of a table that is there: what has a value
declarativeBase().mapped(table("t", new MetaData(), { id: column(t.integer) }), { other: { value: 1 } });

// ---- objects ----

const user = new User({ name: "x", addresses: [new Address({ email: "a@x" })] });
same<typeof user.id, number>(true);
same<typeof user.name, string>(true);
same<typeof user.age, number | null>(true);
same<typeof user.addresses, ListOf<Address>>(true);
same<typeof user.tags, Set<Address>>(true);
const label: string = user.label;
const domain: string | undefined = user.first()?.domain();
user.addresses.push(new Address());
user.addresses = [new Address({ email: "b@x" })];
void [label, domain];

const address = new Address({ user });
same<typeof address.user, User | null>(true);
same<typeof address.owner, User>(true);
const back: string | undefined = address.user?.addresses[0]?.user?.label;
address.user = null;
void back;

// @ts-expect-error a name that is not there
new User({ nope: 1 });
// @ts-expect-error a value of the wrong type
new User({ name: 5 });
// @ts-expect-error null where the column has none
new User({ name: null });
// @ts-expect-error an object of the wrong class
new User({ addresses: [new User()] });
// @ts-expect-error an attribute that is not there
user.nope;
// @ts-expect-error a value of the wrong type
user.age = "5";
// @ts-expect-error the owner is never null
address.owner = null;
// @ts-expect-error single places of a list cannot be set: it would not be noticed
user.addresses[0] = new Address();
// @ts-expect-error nor can the length
user.addresses.length = 0;

// ---- statements ----

const rows = select(User.$.name, func.count(Address.$.id).label("n")).join(User.$.addresses).groupBy(User.$.name);
same<V<typeof rows>, [string, number]>(true);
same<O<typeof rows>, { readonly name: string; readonly n: number }>(true);

const entities = select(User);
same<V<typeof entities>, [User]>(true);
const mixed = select(User, Address.$.email, Address.$.userId);
same<V<typeof mixed>, [User, string, number | null]>(true);
same<O<typeof mixed>["userId"], number | null>(true);

select(User)
  .where(User.$.name.like("A%"), User.$.age.gt(3))
  .options(selectinload(User.$.addresses).joinedload(Address.$.user));
select(User).where(User.$.addresses.any(Address.$.email.eq("x")), User.$.addresses.contains(new Address()));
select(Address)
  .where(Address.$.user.eq(user), Address.$.user.has(User.$.name.eq("x")), Address.$.user.eq(null))
  .options(joinedload(Address.$.user));
const asColumn: ColumnElement<string> = User.$.name;
void asColumn;

// @ts-expect-error an attribute that is not there
User.$.nope;
// @ts-expect-error a value of the wrong type
User.$.name.eq(5);
// @ts-expect-error the path goes on with another class
selectinload(User.$.addresses).joinedload(User.$.addresses);
// @ts-expect-error an object of the wrong class
User.$.addresses.contains(user);

const other = aliased(User, { name: "other" });
const fromAlias = select(other, other.$.name);
same<V<typeof fromAlias>, [User, string]>(true);

// ---- hierarchies ----

const car = new Car({ maker: "m", doors: 4, made: new Date() });
same<typeof car.doors, number>(true);
same<typeof car.maker, string>(true);
same<typeof car.brand, string>(true);
const described: string = car.describe();
const asVehicle: Vehicle = car;
const sports: Car = new SportsCar({ speed: 300, doors: 2, maker: "x" });
same<typeof Car.wheels, number>(true);
const cars = select(Car, Car.$.doors, Car.$.maker, SportsCar.$.speed);
same<V<typeof cars>, [Car, number, string, number | null]>(true);
void [described, asVehicle, sports];

// @ts-expect-error an attribute of the subclass
new Vehicle({ doors: 3 });
// @ts-expect-error not a vehicle's
Vehicle.$.doors;

// ---- events ----

listen(User, "beforeInsert", (_mapper, _connection, target) => target.name.trim());
listen(User.$.name, "set", (target, value, old) => [target.age, value.trim(), old]);
listen(User.$.addresses, "append", (target, value) => `${target.name} ${value.email}`);
// @ts-expect-error an event that does not exist
listen(User, "beforeNothing", () => {});

// ---- imperative mapping, composites ----

class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}
const Base = declarativeBase();
class Gizmo extends Base.mapped("gizmo", {
  id: column(t.integer, { primaryKey: true }),
  x1: column(t.integer),
  y1: column(t.integer),
  start: composite(Point, { x: "x1", y: "y1" }),
}) {}
same<Gizmo["start"], Point | null>(true);
const points = select(Gizmo.$.id, Gizmo.$.start);
same<V<typeof points>, [number, Point | null]>(true);

const plain = table("plain", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  text: column(t.string(9)),
});
class Plain {
  declare id: number;
  declare text: string | null;
  shout(): string {
    return (this.text ?? "").toUpperCase();
  }
}
const Mapped = registry().mapImperatively(Plain, plain);
const mapped = select(Mapped, Mapped.$.text);
same<V<typeof mapped>, [Plain, string | null]>(true);

// ---- by way of a function ----

function names<C extends MappedClass & { readonly "~entity": unknown; readonly prototype: object }>(
  type: C,
): Select<[C["prototype"]]> {
  return select(type) as unknown as Select<[C["prototype"]]>;
}
same<V<ReturnType<typeof names<typeof User>>>, [User]>(true);

// A relationship of a misspelt class is refused where it is declared.
// @ts-expect-error not a mapped class
many(Point);

// ---- inheritance: what the columns of the class's own table are ----

class Truck extends Vehicle.extend(
  "trucks_of_types",
  { id: column(t.integer, foreignKey("vehicles.id"), { primaryKey: true }), load: column(t.integer) },
  { polymorphicIdentity: "truck", inheritCondition: (own) => own.id.eq(Vehicle.table.c.id) },
) {}
same<Truck["load"], number | null>(true);
Vehicle.extend(
  "vans_of_types",
  { id: column(t.integer, { primaryKey: true }) },
  // @ts-expect-error the table has no such column
  { inheritCondition: (own) => own.idd.eq(Vehicle.table.c.id) },
);
// @ts-expect-error an option that there is not
Vehicle.extend({ width: column(t.integer) }, { polymorphicIdentiti: "wide" });
