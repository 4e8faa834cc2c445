/** Types of what is made of selected objects: subqueries, CTEs, bundles, text with known columns; what attributes tell. */
import { type ColumnDescription, cte, func, type SelectBase, select, text, unionAll, update } from "@athanor/core";
import {
  aliased,
  Bundle,
  bundle,
  type ColumnProperty,
  configureMappers,
  declarativeBase,
  Load,
  listen,
  type Mapper,
  many,
  Session,
  sessionmaker,
  withLoaderCriteria,
} from "@athanor/orm";
import { Address } from "./models/address.ts";
import { User } from "./models/user.ts";
import { Car, Vehicle } from "./models/vehicle.ts";

declare const session: Session;
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Same<A, B>): void {}

// ---- columns of subqueries of objects ----

const users = select(User).where(User.$.id.gt(1)).subquery();
const read = session.execute(select(users.c.name, users.c.age)).one();
same<typeof read.name, string>(true);
same<(typeof read)[1], number | null>(true);
users.c.id.gt(5);
// @ts-expect-error there is no such column
users.c.nmae;
// @ts-expect-error a relationship is no column
users.c.addresses;
// @ts-expect-error what the class computes is no column
users.c.label;
// @ts-expect-error a number is not compared with a list
users.c.id.eq([1]);

const mails = select(Address, User.$.name).join(User).cte("mails");
const mail = session.execute(select(mails.c.userId, mails.c.name)).one();
same<typeof mail.userId, number | null>(true);
same<typeof mail.name, string>(true);

const both = select(User, Address).join(User.$.addresses).subquery();
both.c.name.like("A%");
both.c.email.like("%@x.org");

const all = unionAll(select(User), select(User)).subquery();
all.c.name.like("A%");
const aliasRows = select(aliased(User)).lateral("l");
aliasRows.c.age.add(1);
const cars = select(Car).subquery();
same<Extract<"id", keyof typeof cars.c>, "id">(true);
const named = cte(select(Vehicle.$.id), "v");
named.c.id.gt(3);
// Statements of columns stay as they are.
const counted = select(User.$.id, func.count().label("n")).groupBy(User.$.id).subquery();
counted.c.n.gt(1);
// @ts-expect-error it was not selected
counted.c.name;

function ids(statement: SelectBase<[User], object>) {
  return select(statement.subquery().c.id);
}
const id: number = session.scalars(ids(select(User))).one();
void id;

// ---- bundles ----

const pair = bundle("pair", User.$.name, User.$.age);
const row = session.execute(select(pair).where(pair.c.name.eq("Ann"), pair.columns.age.gt(3))).one();
same<typeof row.pair.name, string>(true);
same<(typeof row.pair)[0], string>(true);
same<(typeof row.pair)[1], number | null>(true);
// @ts-expect-error the bundle has no such column
pair.c.nmae;
// @ts-expect-error the bundle has two values
row.pair[2];

const made = new Bundle("pair", User.$.name, User.$.age);
same<typeof made, typeof pair>(true);
const [madeRow] = session.execute(select(made)).all();
same<NonNullable<typeof madeRow>["pair"]["age"], number | null>(true);
// @ts-expect-error the bundle has no such column
made.c.email;

class Initials extends Bundle<"initials", { readonly text: string }> {
  override create(values: readonly unknown[]): { readonly text: string } {
    return { text: values.map((value) => String(value)[0]).join("") };
  }
}
const initials = session.execute(select(new Initials("initials", User.$.name))).one().initials;
same<typeof initials.text, string>(true);
// @ts-expect-error its values have no such member
initials.txt;

function pairs<N extends string, O extends object>(given: Bundle<N, O>): O[] {
  return session.scalars(select(given)).all() as O[];
}
same<ReturnType<typeof pairs<"pair", { readonly name: string }>>, { readonly name: string }[]>(true);
pairs(made)[0]?.name;
// @ts-expect-error no value of the bundle
pairs(made)[0]?.email;

// ---- text ----

const written = text("SELECT id, name FROM users").columns(User.$.id, User.$.name);
const writtenColumns = written.subquery().c;
same<(typeof writtenColumns.name)["~value"], string>(true);
session.scalars(select(User).fromStatement(written)).all();

// ---- what statements and attributes tell ----

const told: ColumnDescription[] = select(User, User.$.name).columnDescriptions;
void told;
const property: ColumnProperty = User.$.name.property;
void property;
const mapper: Mapper = User.$.addresses.mapper;
void mapper;
const target: string | null = update(User).entityDescription.name;
void target;
select(User).options(new Load(User).loadOnly(User.$.name));
// @ts-expect-error the option is about users
new Load(User).loadOnly(Address.$.email);
configureMappers();

// ---- SQLAlchemy's names of strategies ----

class Log extends declarativeBase().mapped("logs", {
  id: User.table.c.id,
  users: () => many(User, { lazy: "write_only" }),
  quiet: () => many(User, { lazy: "raise_on_sql" }),
  // @ts-expect-error there is no such strategy
  wrong: () => many(User, { lazy: "write-only" }),
}) {}
declare const log: Log;
log.users.add(new User());
log.quiet.push(new User());

// ---- listeners of doOrmExecute ----

listen(session, "doOrmExecute", (execution) => {
  if (!execution.isSelect) return;
  execution.statement = execution.statement.options(
    withLoaderCriteria(User, (user) => user.$.age.gt(3)),
    withLoaderCriteria(User, User.$.name.ne("x"), { includeAliases: true }),
    // @ts-expect-error there is no such attribute
    withLoaderCriteria(User, (user) => user.$.nmae.eq("x")),
    // @ts-expect-error a number is no condition
    withLoaderCriteria(User, 5),
  );
});

// ---- events of sessions ----

listen(session, "beforeFlush", (own, _context, objects) => [own.new.size, own.dirty, objects?.length]);
listen(session, "afterTransactionEnd", (own, transaction) => [own.info, transaction.nested]);
listen(session, "afterBegin", (_own, _transaction, connection) => connection.execute(select(User)));
listen(session, "pendingToPersistent", (_own, user: User) => user.name);
listen(Session, "afterCommit", (own) => own.isActive);
const Made = sessionmaker();
listen(Made, "doOrmExecute", (execution) => execution.session.bind);
listen(session, "afterBulkUpdate", ({ rowcount, mapper }) => [rowcount + 1, mapper.name]);
// @ts-expect-error no member of a session
listen(session, "beforeFlush", (own) => own.news);
// @ts-expect-error an event that does not exist
listen(session, "beforeFlsh", () => {});
