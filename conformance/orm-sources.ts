/** Scenarios that the machine could not translate, by hand; and idioms of Python's that it left as they were. */

/** Texts that are replaced in every scenario. */
export const rewrites: readonly (readonly [string, string])[] = [
  ['"n%d" % i', "`n${i}`"],
  [".tags.clear()", ".tags.splice(0)"],
  [".parts.pop(0)", ".parts.splice(0, 1)"],
  ["rows.at(0).at(0)", "rows.at(0)[0]"],
  [".first().at(1)", ".first()[1]"],
  ["[r.at(0), r.at(1).x, r.at(1).y]", "[r[0], r[1].x, r[1].y]"],
];

/** Sources by scenario. */
export const overrides: Readonly<Record<string, string>> = {
  "events.flush_order": `
let log = [];
for (const n of ["before_flush", "after_flush", "after_flush_postexec", "before_commit", "after_commit", "after_begin", "after_rollback", "after_soft_rollback", "pending_to_persistent", "transient_to_pending", "persistent_to_deleted", "deleted_to_detached"]) event.listen(session, n, () => { log.push(n); });
for (const n of ["before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete"]) event.listen(User, n, (m, c, tbl) => { log.push(n + ":" + (tbl.id === null ? "None" : tbl.id)); });
let u = new User({ name: "ev" });
session.add(u);
session.flush();
u.age = 2;
session.flush();
session.delete(u);
session.commit();
let result = log;`,
  "events.init_event": `
let seen = [];
event.listen(User, "init", (target, args, init) => { seen.push(Object.keys(init).sort()); });
new User({ name: "x", age: 1 });
session.get(User, 1);
let result = seen;`,
  "load.selectin_chunk_over_500": `
session.execute(insert(Author), Array.from({ length: 600 }, (_, i) => ({ id: i + 100, name: "n" })));
session.commit();
let rows = session.scalars(select(Author).where(Author.$.id.ge(100)).options(selectinload(Author.$.books))).all();
let result = rows.length;`,
  "load.with_loader_criteria_lambda": `
let rows = session.scalars(select(Book).options(withLoaderCriteria(Book, (cls) => cls.$.year.lt(1985))).orderBy(Book.$.id)).all();
let result = rows.map((b) => b.title);`,
  "query.aliased_two_addresses": `
let [a1, a2] = [aliased(Address), aliased(Address)];
let result = session.scalars(select(User.$.name).join(a1, User.$.addresses).join(a2, User.$.addresses).where(a1.$.email.eq("ann@a.x"), a2.$.email.eq("ann@b.x"))).all();`,
  "query.duplicate_entity_names": `
let [a, b] = [aliased(User), aliased(User)];
let result = session.execute(select(a.$.id, b.$.id).where(a.$.id.lt(b.$.id)).orderBy(a.$.id, b.$.id)).all();`,
  "session.query_does_not_overwrite_loaded": `
let u = session.get(User, 1);
session.execute(text("update user_account set name = 'raw' where id = 1"));
let v = session.scalars(select(User).where(User.$.id.eq(1))).one();
let w = session.scalars(select(User).where(User.$.id.eq(1)).executionOptions({ populateExisting: true })).one();
let result = [u === v && v === w, u.name];`,
  "session.weak_identity_map": `
session.scalars(select(User)).all();
let result = session.identityMap.length;`,
  "session.context_manager_begin_commits": `
Session.begin((s2) => { s2.add(new User({ name: "ctx" })); });
let result = null;`,
  "backref.attribute_set_event": `
let seen = [];
event.listen(User.$.name, "set", (target, value, old, initiator) => {
  seen.push([value, typeof old === "string" ? old : "NO_VALUE"]);
  return value.toUpperCase();
}, { retval: true });
let u = new User({ name: "x" });
u.name = "y";
let result = [seen, u.name];`,
  "events.before_flush_adds_object": `
event.listen(session, "before_flush", (sess, ctx, inst) => {
  for (const o of sess.new) if (o instanceof User && o.addresses.length === 0) o.addresses.push(new Address({ email: o.name + "@auto" }));
});
session.add(new User({ name: "ev" }));
session.commit();
let result = session.scalars(select(Address.$.email)).all();`,
  "events.before_insert_changes_column": `
event.listen(User, "before_insert", (mapper, conn, target) => { target.status = "hook"; });
let u = new User({ name: "ev" });
session.add(u);
session.flush();
let result = u.status;`,
  "events.after_insert_executes_core": `
event.listen(User, "after_insert", (mapper, conn, target) => {
  conn.execute(insert(inspect(Address).localTable), { email: "core", userId: target.id });
});
session.add(new User({ name: "ev" }));
session.flush();
let result = session.execute(select(Address.$.email, Address.$.userId)).all();`,
  "events.do_orm_execute_adds_criteria": `
event.listen(session, "do_orm_execute", (st) => {
  if (st.isSelect && !st.isRelationshipLoad) st.statement = st.statement.where(User.$.age.gt(25));
});
let result = session.scalars(select(User.$.name)).all();`,
  "props.mutable_dict_in_place": `
let g = session.get(Gizmo, 1);
g.data["new"] = true;
mark("flush");
session.flush();
mark("no change");
session.flush();
let result = { ...g.data };`,
  "props.flag_modified": `
let g = session.get(Gizmo, 1);
flagModified(g, "price");
mark("flush");
session.flush();`,
  "config.no_table_error": `
let result = capture(() => Base.mapped("", { a: column(t.integer, { primaryKey: true }) }));`,
  "config.ambiguous_foreign_keys_error": `
class A2 extends Base.mapped("a2", {
  id: column(t.integer, { primaryKey: true }),
  x: column(t.integer, foreignKey("user_account.id")),
  y: column(t.integer, foreignKey("user_account.id")),
  user: () => one(User),
}) {}
let result = capture(() => Base.registry.configure()).split(" - ")[0];`,
  "config.overlapping_relationships_warn": `
class A6 extends Base.mapped("a6", {
  id: column(t.integer, { primaryKey: true }),
  uid: column(t.integer, foreignKey("user_account.id")),
  one: () => one(User),
  two: () => one(User),
}) {}
Base.registry.configure();`,
  "config.reserved_attribute_warns": `
let result = capture(() => { Base.mapped("a7", { id: column(t.integer, { primaryKey: true }), metadata: column(t.integer) }); });`,
  "config.annotation_types_and_nullability": `
class A8 extends Base.mapped("a8", {
  id: column(t.integer, { primaryKey: true }),
  s: column(t.string, { nullable: false }),
  o: column(t.string),
  f: column(t.double, { nullable: false }),
  b: column(t.boolean, { nullable: false }),
  d: column(t.date, { nullable: false }),
  t: column(t.dateTime, { nullable: false }),
  n: column(t.numeric, { nullable: false }),
  u: column(t.uuid, { nullable: false }),
  y: column(t.largeBinary, { nullable: false }),
  k: column(t.enum("a"), { nullable: false }),
  forced: column(t.string, { nullable: false }),
}) {}
let result = [...A8.table.c].map((c) => [c.name, String(c.type), c.nullable]);`,
  "config.mapper_attributes": `
let m = [Car, Truck, Vehicle].map((each) => inspect(each))[1];
let result = [m.tables.map((each) => each.name), m.inherits.class.name, m.polymorphicIdentity, m.columnAttrs.map((p) => p.key), m.primaryKey.map((c) => c.name), inspect(Vehicle).selfAndDescendants.map((x) => x.class.name).sort()];`,
  "config.mixin_columns_and_declared_attr": `
const stamp = () => ({ ownerId: column("owner_id", t.integer, foreignKey("user_account.id")), made: column(t.integer, { nullable: false, default: 7 }) });
class Gadget extends Base.mapped("gadgets", { id: column(t.integer, { primaryKey: true }), ...stamp() }) {}
let result = [Gadget.table.name, [...Gadget.table.c].map((c) => c.name), Gadget.table.foreignKeys.map((key) => key.targetFullname)];`,
  "config.relationship_directions": `
let result = [User, Address, Order].flatMap((m) => inspect(m).relationships).map((r) => [String(r), { oneToMany: "ONETOMANY", manyToOne: "MANYTOONE", manyToMany: "MANYTOMANY" }[r.direction], r.uselist, [...r.localColumns].map((c) => c.name).sort(), [...r.remoteSide].map((c) => c.name).sort()]);`,
  "config.unmapped_instance_error": `
class Plain2 {}
let result = [capture(() => session.add(new Plain2())), capture(() => session.get(Plain2, 1)), capture(() => session.execute(select(Plain2)))];`,
};
