/**
 * Reads tables into a MetaData: those that are wanted, then in further rounds those that their foreign keys refer to. Each
 * round asks about all of its tables at once. What becomes of the answers: ./build.ts.
 */
import type { Step } from "@athanor/driver";
import type { ReflectedForeignKeyConstraint } from "../dialect/reflected.ts";
import { ObjectKind, ObjectScope } from "../dialect/reflection.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import type { MetaData } from "../schema/metadata.ts";
import type { ReflectOptions, TableReflectOptions } from "../schema/ports.ts";
import { BLANK_SCHEMA, tableKey } from "../schema/schema-name.ts";
import type { Table } from "../schema/table.ts";
import { table as makeTable } from "../schema/table-factory.ts";
import { fillTable, type TableFiller } from "./build.ts";
import { type Catalog, noSuchTable } from "./catalog.ts";

/** A table to be read. */
interface Request {
  /** As the catalog writes it. */
  readonly name: string;
  readonly schema: string | null;
  /** The table to fill. */
  readonly table: Table;
  readonly options: TableReflectOptions;
}

/** A table with the foreign keys that are still to be added. */
type Filled = readonly [TableFiller, readonly ReflectedForeignKeyConstraint[]];

/** Fills one table, and reads those that it refers to. @throws NoSuchTableError */
export function* loadTable(catalog: Catalog, front: object, table: Table, options: TableReflectOptions): Step<void> {
  const { name, schema } = table;
  yield* loadAll(catalog, front, table.metadata, [{ name, schema, table, options }], {
    resolveFks: options.resolveFks,
  });
}

/** Reads the tables of a schema. @throws InvalidRequestError for names in `only` that are not there. */
export function* loadMetadata(
  catalog: Catalog,
  front: object,
  metadata: MetaData,
  options: ReflectOptions,
): Step<void> {
  const { views = false, only, extendExisting = false, autoloadReplace = true, resolveFks = true } = options;
  const schema = options.schema ?? metadata.schema;
  const available = yield* catalog.relations({
    schema,
    kind: views ? ObjectKind.ANY : ObjectKind.TABLE,
    scope: ObjectScope.DEFAULT,
    names: null,
  });
  const wanted = chosen(catalog, available, only, metadata, schema).filter(
    (name) => extendExisting || !metadata.tables.has(tableKey(name, schema)),
  );
  const dialectOptions = dialectOptionsOf(options);
  const requests = wanted.map((name): Request => {
    const known = metadata.tables.get(tableKey(name, schema));
    const excludeColumns = known === undefined || autoloadReplace ? [] : known.columnList.map((column) => column.name);
    const table = known ?? bareTable(name, schema, metadata, dialectOptions);
    return { name, schema, table, options: { includeColumns: null, excludeColumns, resolveFks } };
  });
  yield* loadAll(catalog, front, metadata, requests, { resolveFks, dialectOptions });
}

/** The names that `only` asks for. */
function chosen(
  catalog: Catalog,
  available: readonly string[],
  only: ReflectOptions["only"],
  metadata: MetaData,
  schema: string | null,
): readonly string[] {
  if (only === undefined || only === null) return available;
  if (typeof only === "function") return available.filter((name) => only(name, metadata));
  const missing = only.filter((name) => !available.includes(name));
  if (missing.length === 0) return only;
  throw new InvalidRequestError(
    `Could not reflect: requested table(s) not available in ${catalog.dialect.name} database${schema === null ? "" : ` schema '${schema}'`}: (${missing.join(", ")})`,
    { fix: "check the names; views need { views: true }" },
  );
}

/** Options that tables of this reflection get. */
const ownOptions = new Set(["schema", "views", "only", "extendExisting", "autoloadReplace", "resolveFks", "bind"]);

function dialectOptionsOf(options: ReflectOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ownOptions.has(name)));
}

/** A table without columns, as part of the MetaData. */
function bareTable(
  name: string,
  schema: string | null,
  metadata: MetaData,
  dialectOptions: Readonly<Record<string, unknown>> = {},
): Table {
  return makeTable(name, metadata, { ...dialectOptions, schema: schema ?? BLANK_SCHEMA } as never) as unknown as Table;
}

function* loadAll(
  catalog: Catalog,
  front: object,
  metadata: MetaData,
  first: readonly Request[],
  {
    resolveFks,
    dialectOptions = {},
  }: { readonly resolveFks: boolean; readonly dialectOptions?: Readonly<Record<string, unknown>> },
): Step<void> {
  const made: Table[] = [];
  const filled: Filled[] = [];
  try {
    for (let round = first; round.length > 0; ) {
      const keys = yield* loadRound(catalog, front, round, filled, round === first);
      if (!resolveFks) break;
      const referred = new Map(keys.map((key) => [tableKey(key.referredTable, key.referredSchema), key] as const));
      round = [...referred]
        .filter(([key]) => !metadata.tables.has(key))
        .map(([, { referredTable, referredSchema }]): Request => {
          const table = bareTable(referredTable, referredSchema, metadata, dialectOptions);
          made.push(table);
          const options = { includeColumns: null, excludeColumns: [], resolveFks };
          return { name: referredTable, schema: referredSchema, table, options };
        });
    }
    for (const [filler, keys] of filled) for (const key of keys) filler.addForeignKey(key);
  } catch (error) {
    for (const table of made) metadata.remove(table);
    for (const { table } of first) if (table.columnList.length === 0) metadata.remove(table);
    throw error;
  }
}

/** Fills the tables of one round, a question per schema and aspect; gives their foreign keys. */
function* loadRound(
  catalog: Catalog,
  front: object,
  round: readonly Request[],
  filled: Filled[],
  isFirst: boolean,
): Step<ReflectedForeignKeyConstraint[]> {
  const keys: ReflectedForeignKeyConstraint[] = [];
  for (const [schema, requests] of bySchema(round)) {
    const names = requests.map((request) => request.name);
    const facts = yield* catalog.everything({ schema, kind: ObjectKind.ANY, scope: ObjectScope.ANY, names });
    for (const request of requests) {
      const found = facts.get(request.name) ?? (names.length === 1 ? [...facts.values()][0] : undefined);
      if (found === undefined) {
        // A foreign key may refer to a table that this user cannot see, or that is not there (SQLite).
        if (isFirst) throw noSuchTable(request.name, schema);
        request.table.metadata.remove(request.table);
        continue;
      }
      filled.push([yield* fillTable(request.table, found, front, request.options), found.foreignKeys ?? []]);
      keys.push(...(found.foreignKeys ?? []));
    }
  }
  return keys;
}

function bySchema(round: readonly Request[]): ReadonlyMap<string | null, Request[]> {
  const groups = new Map<string | null, Request[]>();
  for (const request of round) {
    const group = groups.get(request.schema);
    if (group === undefined) groups.set(request.schema, [request]);
    else group.push(request);
  }
  return groups;
}
