/** Schemas of mapped classes and tables, and JSON columns typed by schemas. */
import {
  column,
  computed,
  type JsonNull,
  MetaData,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchemaV1,
  t,
  table,
} from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";
import { declarativeBase } from "@athanor/orm";
import { insertSchema, parse, selectSchema, updateSchema } from "@athanor/orm/ext/standard-schema";
import * as v from "valibot";
import { z } from "zod";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

class User extends declarativeBase().mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string, { nullable: false }),
  email: column(t.string),
  since: column(t.json(z.object({ at: z.string().transform((text) => new Date(text)) })), { nullable: false }),
  doc: column(pg.JSONB(v.object({ n: v.number() }))),
  shout: column(t.string, computed("upper(name)")),
}) {}

// JSON columns: input and output of the schema.
const user = new User({ name: "x" });
same<typeof user.since, { at: Date }>(true);
same<typeof user.doc, { n: number } | null>(true);

const created = parse(insertSchema(User), {});
same<typeof created.name, string>(true);
same<typeof created.email, string | null | undefined>(true);
same<typeof created.since, { at: string } | JsonNull>(true);
new User({ name: created.name });
const row = parse(selectSchema(User), {});
same<typeof row.id, number>(true);
same<typeof row.shout, string | null>(true);
const change = parse(updateSchema(User), {});
same<typeof change.name, string | undefined>(true);
// @ts-expect-error: the database computes it
created.shout;
// @ts-expect-error: no such attribute
row.nam;

// Schemas of single attributes.
const refined = insertSchema(User, {
  name: z.string().transform((text) => text.length),
  email: v.pipe(v.string(), v.email()),
});
same<SchemaInput<typeof refined>["name"], string>(true);
same<SchemaOutput<typeof refined>["name"], number>(true);
same<SchemaOutput<typeof refined>["email"], string | null | undefined>(true);
// @ts-expect-error: no schema
insertSchema(User, { name: "x" });
// @ts-expect-error: neither a class nor a table
insertSchema({ id: 1 });

const rows = table("rows", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  n: column(t.integer, { nullable: false }),
});
const inserted: { id?: number; n: number } = parse(insertSchema(rows), {});
void inserted;

/** Through a helper: any schema. */
function checked<S extends StandardSchemaV1>(schema: S, value: unknown): SchemaOutput<S> {
  return parse(schema, value);
}
same<ReturnType<typeof numbered>, number>(true);
function numbered() {
  return checked(updateSchema(rows), { n: 1 }).n ?? 0;
}

// A class below another one: the attributes of both.
class Admin extends User.extend({ level: column(t.integer) }) {}
const admin = parse(selectSchema(Admin), {});
same<typeof admin.name, string>(true);
same<typeof admin.level, number | null>(true);
const newAdmin = parse(insertSchema(Admin, { level: z.number() }), {});
same<typeof newAdmin.name, string>(true);
same<typeof newAdmin.email, string | null | undefined>(true);
// @ts-expect-error: no such attribute
admin.levle;
// @ts-expect-error: the base class does not have it
parse(selectSchema(User), {}).level;
const through = <C extends typeof Admin>(of: C) => parse(selectSchema(of), {}).name;
void through(Admin);
