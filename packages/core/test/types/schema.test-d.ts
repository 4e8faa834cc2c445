/** Types of columns and tables: values, keys, what INSERT asks for; misspelt options and wrong defaults are rejected. */
import {
  BLANK_SCHEMA,
  type Column,
  checkConstraint,
  column,
  columnClause,
  computed,
  createView,
  ddl,
  type ForeignKey,
  fetchedValue,
  foreignKey,
  foreignKeyConstraint,
  func,
  type Insertable,
  identity,
  index,
  listen,
  MetaData,
  replacementTraverse,
  type Selectable,
  select,
  sequence,
  t,
  table,
  tableClause,
  text,
  traverse,
  type Updatable,
  uniqueConstraint,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<C> = C extends { readonly "~value": infer T } ? T : never;
type K<C> = C extends { readonly "~name": infer N } ? N : never;
type M<C> = C extends { readonly "~insert": infer N } ? N : never;

const metadata = new MetaData({
  namingConvention: {
    uq: "uq_%(table_name)s_%(shout)s",
    shout: (constraint, owner) => `${owner.name}${constraint.columns.length}`,
  },
});

interface Settings {
  readonly theme: string;
}

const users = table(
  "users",
  metadata,
  {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.string(50), { nullable: false }),
    emailAddress: column("email_address", t.string(100), { unique: true }),
    status: column(t.enum("new", "old"), { nullable: false, default: "new" }),
    score: column(t.float, { nullable: false, serverDefault: "0" }),
    joined: column(t.dateTime, { default: () => new Date(), nullable: false }),
    settings: column(t.json<Settings>(), { nullable: false }),
    tags: column(t.array(t.string)),
    bossId: column(t.integer, foreignKey("users.id", { ondelete: "SET NULL" })),
    code: column(t.string(9), sequence("codes"), { nullable: false }),
    width: column(t.integer, computed("score * 2"), { nullable: false }),
    big: column(t.bigInteger, identity({ always: true })),
  },
  uniqueConstraint("name", "status", { name: "uq_name" }),
  checkConstraint("score >= 0", { name: "ck_score", deferrable: true }),
  index("ix_name", "name", { unique: true, postgresqlUsing: "btree" }),
  { schema: "app", comment: "people", sqliteStrict: true },
);

// Columns by key
same<typeof users.c.id, Column<number, "id", number, "optional">>(true);
same<V<typeof users.c.name>, string>(true);
same<V<typeof users.c.emailAddress>, string | null>(true);
same<K<typeof users.c.emailAddress>, "emailAddress">(true);
same<V<typeof users.c.status>, "new" | "old">(true);
same<V<typeof users.c.settings>, Settings>(true);
same<V<typeof users.c.tags>, string[] | null>(true);
same<V<typeof users.c.bossId>, number | null>(true);
same<V<typeof users.c.big>, bigint>(true);
same<M<typeof users.c.name>, "required">(true);
same<M<typeof users.c.joined>, "optional">(true);
same<M<typeof users.c.code>, "optional">(true);
same<M<typeof users.c.width>, "generated">(true);
users.c.settings.at("theme");
users.c.name.like("A%").negate();
// @ts-expect-error an integer column has no JSON operators
users.c.id.at("theme");
// @ts-expect-error there is no such column
users.c.nmae;
// @ts-expect-error a string is no integer
users.c.id.eq("5");

// Rows
interface UserRow {
  id: number;
  name: string;
  emailAddress: string | null;
  status: "new" | "old";
  score: number;
  joined: Date;
  settings: Settings;
  tags: string[] | null;
  bossId: number | null;
  code: string;
  width: number;
  big: bigint;
}
const row: Selectable<typeof users> = null as unknown as UserRow;
const backward: UserRow = null as unknown as Selectable<typeof users>;
void [row, backward];

// INSERT
const least: Insertable<typeof users> = { name: "a", settings: { theme: "dark" } };
const most: Insertable<typeof users> = {
  id: 1,
  name: "a",
  settings: { theme: "x" },
  emailAddress: null,
  bossId: 3,
  status: "old",
  score: 1.5,
  joined: new Date(),
  code: "c",
  big: 5n,
  tags: ["x"],
};
// @ts-expect-error the name is missing
const missing: Insertable<typeof users> = { settings: { theme: "dark" } };
// @ts-expect-error a computed column takes no value
const generated: Insertable<typeof users> = { name: "a", settings: { theme: "dark" }, width: 5 };
// @ts-expect-error null is no name
const empty: Insertable<typeof users> = { name: null, settings: { theme: "dark" } };
const change: Updatable<typeof users> = { name: "b", bossId: null };
// @ts-expect-error computed
const impossible: Updatable<typeof users> = { width: 3 };
void [least, most, missing, generated, empty, change, impossible];

// Selecting
const whole = select(users);
same<(typeof whole)["~names"]["emailAddress"], string | null>(true);
const two = select(users.c.id, users.c.emailAddress);
same<(typeof two)["~values"], [number, string | null]>(true);
const renamed = users.alias("u");
same<V<typeof renamed.c.name>, string>(true);

// Primary keys
const keys = table("keys", metadata, {
  text: column(t.string(5), { primaryKey: true }),
  plain: column(t.integer, { primaryKey: true, autoincrement: false }),
  reference: column(t.integer, foreignKey("users.id"), { primaryKey: true }),
  forced: column(t.integer, foreignKey("users.id"), { primaryKey: true, autoincrement: true }),
  loose: column(t.integer, { primaryKey: true, nullable: true }),
});
same<M<typeof keys.c.text>, "required">(true);
same<M<typeof keys.c.plain>, "required">(true);
same<M<typeof keys.c.reference>, "required">(true);
same<M<typeof keys.c.forced>, "optional">(true);
same<V<typeof keys.c.loose>, number | null>(true);

// Types by foreign keys
const typedKey = foreignKey(users.c.id);
same<typeof typedKey, ForeignKey<number>>(true);
const linked = column(foreignKey(users.c.id), { nullable: false });
same<V<typeof linked>, number>(true);
same<V<ReturnType<typeof untyped>>, unknown>(true);
function untyped() {
  return column(foreignKey("users.id"));
}
const lazily = table("lazily", metadata, {
  id: column(t.integer, { primaryKey: true }),
  up: column(
    t.integer,
    foreignKey(() => lazily.c.id),
  ),
});
same<V<typeof lazily.c.up>, number | null>(true);

// Reserved keys
const reserved = table("reserved", metadata, {
  name: column(t.string),
  keys: column(t.integer),
  constructor: column(t.boolean),
  // biome-ignore lint/suspicious/noThenProperty: columns may be called anything.
  then: column(t.date),
  length: column(t.integer),
});
same<V<typeof reserved.c.constructor>, boolean | null>(true);
same<V<typeof reserved.c.then>, string | null>(true);

// Named columns, one after the other
const positional = table(
  "positional",
  metadata,
  column("id", t.integer, { primaryKey: true }),
  column("label", t.string(5)),
  uniqueConstraint("label"),
  { schema: BLANK_SCHEMA },
);
same<V<typeof positional.c.label>, string | null>(true);
for (const each of positional.c) each.name.toUpperCase();
const known = table("users", metadata);
void known.fullname;

// Options
column(t.integer, { default: 5, onupdate: () => 6, serverDefault: text("1 + 1") });
column(t.integer, { default: (context) => context.currentParameters.a as number });
column(t.string, { default: func.upper("x"), serverOnupdate: fetchedValue(), postgresqlStorage: "main" });
column("x", t.integer, foreignKey("a.id"), checkConstraint("x > 1"), { index: true, comment: "c" });
// @ts-expect-error misspelt option
column(t.integer, { primarykey: true });
// @ts-expect-error a string is no default of an integer
column(t.integer, { default: "5" });
// @ts-expect-error a function that gives the wrong type
column(t.integer, { default: () => "5" });
// @ts-expect-error a number is no server default
column(t.integer, { serverDefault: 5 });
// @ts-expect-error a table has no such option
table("wrong", metadata, { id: column(t.integer) }, { shema: "x" });
// @ts-expect-error a member of a shape is a column
table("wrong", metadata, { id: t.integer }, uniqueConstraint("id"));
// @ts-expect-error no such option
uniqueConstraint("id", { nme: "x" });
foreignKeyConstraint(["a", "b"], ["x.a", "x.b"], { onupdate: "CASCADE", useAlter: true, postgresqlNotValid: true });

// Views and events
const view = createView(select(users.c.id, users.c.name.label("title")), "titles", { metadata });
same<V<typeof view.table.c.title>, string>(true);
listen(users, "afterCreate", ddl("ALTER TABLE %(table)s X").executeIf({ dialect: "postgresql" }));
listen(users, "after_create", (target, connection, options) => [
  target.fullname,
  connection.dialect.name,
  options.isMetadataOperation,
]);
listen(metadata, "beforeDrop", (target) => target.sortedTables);
// @ts-expect-error no such event
listen(users, "afterBirth", () => {});

// ---- tables by name, visitors by kind ----
{
  const statement = select(tableClause("visited", columnClause("id", t.integer)));
  const names: (string | null)[] = [];
  traverse(statement, {
    bindparam: (bind) => names.push(String(bind.value)),
    table: (each) => names.push(each.description),
    column: (each) => names.push(each.key),
    function: (each) => names.push(String(each.type)),
    myOwnKind: (_node: object) => {},
  });
  // @ts-expect-error no member of a bind parameter
  traverse(statement, { bindparam: (bind) => bind.valeu });
  replacementTraverse(statement, (node) => (node === statement ? null : undefined));
  const byName: Column | undefined = new MetaData().tables.get("users")?.c["id"];
  void byName;
  const counting = (kind: "bindparam" | "column") => traverse(statement, { [kind]: () => names.push(kind) });
  counting("column");
}
