/** The tables that statements are prepared against: the recorded schema, and what a case brings along. */
import {
  type ClauseElement,
  ColumnClause,
  ColumnElement,
  column,
  computed,
  dropTable,
  iterate,
  literalColumn,
  MetaData,
  type Node,
  NullType,
  type QuotedName,
  quotedName,
  select,
  Table,
  TableClause,
  t,
  table,
  tableClause,
} from "@athanor/core";
import { statements } from "../ddl.ts";
import { tables } from "../schema.ts";
import type { ScratchServer } from "./server.ts";

const fixed = new Set<unknown>(Object.values(tables));

/** `gadget` computes from columns that the recorded schema does not name. */
const gadget = table("gadget", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  label: column(t.string(20)),
  w: column(t.integer),
  h: column(t.integer),
  area: column(t.integer, computed("w * h", { persisted: true })),
});

/** The table of arrays and ranges, as far as the other databases can have it. */
const plainDoc = table("doc", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  title: column(t.string(100)),
  body: column(t.text),
  meta: column(t.json),
  payload: column(t.json),
});

/** Makes the recorded schema; throws what the server says. */
export async function makeFixedTables(server: ScratchServer): Promise<void> {
  const { doc, light, audit } = tables;
  const skipped = new Set<unknown>([tables.gadget, ...(server.dialectName === "postgresql" ? [] : [doc])]);
  for (const schema of ["audit", "Odd.Schema", "moved", "Tenant One"]) await server.makeSchema(schema);
  const copies = new MetaData();
  for (const each of doc.metadata.sortedTables) if (!skipped.has(each)) each.toMetadata(copies);
  gadget.toMetadata(copies);
  if (skipped.has(doc)) plainDoc.toMetadata(copies);
  // Statements that are translated to another schema.
  for (const schema of ["moved", "Tenant One"]) audit.toMetadata(copies, { schema });
  table("log", copies, { id: column(t.integer), who: column(t.integer), what: column(t.string(80)) });
  tableFor(light).toMetadata(copies);
  for (const sql of statements(copies, server.dialect)) await mustRun(server, sql);
}

/** The tables that a statement names and the recorded schema has not: statements that make and drop them. */
export async function ownTables(
  server: ScratchServer,
  element: ClauseElement,
): Promise<{ readonly create: string[]; readonly drop: string[] }> {
  const create: string[] = [];
  const drop: string[] = [];
  for (const each of tablesOf(element)) {
    if (fixed.has(each)) continue;
    const own = each instanceof Table ? each : tableFor(each);
    if (own.schema !== null) await server.makeSchema(own.schema);
    create.push(...statements(own, server.dialect));
    drop.push(...statements(dropTable(own), server.dialect));
  }
  return { create, drop };
}

/** An expression becomes a statement: it is selected (or stands in WHERE), with a table for columns that belong to none. */
export function asStatement(element: ClauseElement, place: "select" | "where" = "select"): ClauseElement {
  if (!(element instanceof ColumnElement)) return element;
  const loose = [...iterate(element)].filter(
    (node): node is ColumnClause => node instanceof ColumnClause && node.table === null,
  );
  const names = new Map(loose.map((each) => [String(each.name), each]));
  const selected = place === "select" ? select(element as never) : select(literalColumn("1")).where(element as never);
  if (names.size === 0) return selected as unknown as ClauseElement;
  return selected.selectFrom(
    tableClause("loose", ...[...names.values()].map((each) => new ColumnClause(each.name, each.type))),
  ) as unknown as ClauseElement;
}

/** The tables and lightweight tables that a statement names. */
export function tablesOf(element: ClauseElement): Set<Table | TableClause> {
  const found = new Set<Table | TableClause>();
  const add = (each: unknown): void => {
    if (each instanceof TableClause) found.add(each);
  };
  for (const node of iterate(element as unknown as Node)) {
    add(node);
    if (node instanceof ColumnClause) add(node.table);
  }
  return found;
}

/** A table with the columns of a lightweight one; columns without a type are integers. */
function tableFor(light: TableClause): Table {
  const shape = Object.fromEntries(
    [...light.c].map((each) => {
      const { name, quote, type } = each as unknown as ColumnClause;
      const given = type instanceof NullType ? t.integer : type;
      return [String(name), quote === null ? column(given) : column(quotedName(String(name), quote), given)];
    }),
  );
  return table(quoted(light.name, light.quote), new MetaData(), shape, {
    ...(light.schema === null ? {} : { schema: quoted(light.schema, light.quoteSchema) }),
  }) as unknown as Table;
}

const quoted = (name: string, quote: boolean | null): string | QuotedName =>
  quote === null ? name : quotedName(name, quote);

/** Runs a statement that only serves the others. */
export async function mustRun(server: ScratchServer, sql: string): Promise<void> {
  const complaint = await server.run(sql);
  if (complaint !== null) throw new Error(`${server.dialectName}: ${complaint}\n${sql}`);
}
