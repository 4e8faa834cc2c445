/**
 * Schemas of mapped classes and tables in the form that validators share (standardschema.dev): `insertSchema(User)` for what
 * comes in, `selectSchema(User)` for rows, `updateSchema(User)` for changes. They work wherever zod's or valibot's do.
 */
import type {
  Insertable,
  SchemaInput,
  SchemaOutput,
  Selectable,
  StandardSchemaV1,
  Updatable,
  WithColumns,
} from "@athanor/core";
import { validateSync } from "@athanor/core";
import type { ColumnAttributes } from "../declarative/types.ts";
import { columnsOfSource, objectSchema } from "./schema-object.ts";

/** A table, or a mapped class. */
export type SchemaSource = WithColumns | { readonly table: WithColumns };

type ColumnsIn<S> = S extends { readonly table: WithColumns }
  ? WithColumns<ColumnAttributes<S>>
  : S extends WithColumns
    ? S
    : never;

/** Schemas of single attributes, which are asked besides the column: `{ email: z.email() }`. */
export type AttributeSchemas<S> = { readonly [K in keyof ColumnsIn<S>["~columns"]]?: StandardSchemaV1 };

/** The attributes' types as their own schemas say. */
type Refined<Row, F, Side extends "input" | "output"> = {
  [K in keyof Row]: K extends keyof F
    ? F[K] extends StandardSchemaV1
      ?
          | (Side extends "input" ? SchemaInput<F[K]> : SchemaOutput<F[K]>)
          | (undefined extends Row[K] ? undefined : never)
          | (null extends Row[K] ? null : never)
      : Row[K]
    : Row[K];
};

/** A schema of an object. */
export interface EntitySchema<out Input, out Output = Input> extends StandardSchemaV1<Input, Output> {
  /** The attributes that it knows. */
  readonly keys: readonly string[];
}

/**
 * What an INSERT takes: attributes that have a default, are numbered by the database or may be null can be left out; those that
 * the database computes cannot be given.
 *
 * @example
 * const NewUser = insertSchema(User, { email: z.email() });
 * const values = parse(NewUser, await request.json());      // typed, or an error that names each attribute
 * session.add(new User(values));
 */
export function insertSchema<S extends SchemaSource, const F extends AttributeSchemas<S> = Record<never, never>>(
  source: S,
  attributes?: F,
): EntitySchema<Refined<Insertable<ColumnsIn<S>>, F, "input">, Refined<Insertable<ColumnsIn<S>>, F, "output">> {
  return objectSchema(columnsOfSource(source), "insert", attributes ?? {}) as never;
}

/** What a row has: all attributes. */
export function selectSchema<S extends SchemaSource, const F extends AttributeSchemas<S> = Record<never, never>>(
  source: S,
  attributes?: F,
): EntitySchema<Refined<Selectable<ColumnsIn<S>>, F, "input">, Refined<Selectable<ColumnsIn<S>>, F, "output">> {
  return objectSchema(columnsOfSource(source), "select", attributes ?? {}) as never;
}

/** What an UPDATE takes: any of the attributes that the database does not compute. */
export function updateSchema<S extends SchemaSource, const F extends AttributeSchemas<S> = Record<never, never>>(
  source: S,
  attributes?: F,
): EntitySchema<Refined<Updatable<ColumnsIn<S>>, F, "input">, Refined<Updatable<ColumnsIn<S>>, F, "output">> {
  return objectSchema(columnsOfSource(source), "update", attributes ?? {}) as never;
}

/**
 * The output of a schema, any that follows the standard, for a value.
 *
 * @throws ArgumentError that lists what does not fit, and where; also for a schema whose checks are asynchronous.
 */
export function parse<S extends StandardSchemaV1>(schema: S, value: unknown, what = "the value"): SchemaOutput<S> {
  return validateSync(schema, value, what) as SchemaOutput<S>;
}

/** {@link parse} for schemas whose checks may be asynchronous. */
export async function parseAsync<S extends StandardSchemaV1>(
  schema: S,
  value: unknown,
  what = "the value",
): Promise<SchemaOutput<S>> {
  const result = await schema["~standard"].validate(value);
  return validateSync({ "~standard": { version: 1, vendor: "athanor", validate: () => result } }, value, what) as never;
}
