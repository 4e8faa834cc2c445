/** What must be there before a case of DDL can run: schemas, tables, and what is to be dropped. */
import {
  AddConstraint,
  addConstraint,
  type ClauseElement,
  type Column,
  CreateIndex,
  CreateSchema,
  createIndex,
  createSequence,
  createView,
  DdlElement,
  type Dialect,
  DropConstraint,
  DropIndex,
  DropSequence,
  DropTable,
  DropView,
  dropConstraint,
  literalColumn,
  MetaData,
  SqlType,
  select,
  Table,
} from "@athanor/core";
import { Planned, statements } from "../ddl.ts";
import { tablesOf } from "./tables.ts";

/** Schemas to make, and statements to run before those of the case. */
export function needs(value: unknown, dialect: Dialect): { readonly schemas: Set<string>; readonly before: string[] } {
  const metadatas = new Set<MetaData>();
  const after: ClauseElement[] = [];
  const schemas = new Set<string>(["sch", "types"]);
  const made = new Set<string>();
  for (const each of Array.isArray(value) ? value.flat() : [value]) {
    if (each instanceof Planned) {
      if (each.action === "drop" && !made.has("all")) metadatas.add(metadataOf(each.target));
      if (each.action === "create") made.add("all");
      for (const table of metadataOf(each.target).sortedTables) addSchema(schemas, table);
    } else if (each instanceof Table || each instanceof MetaData) {
      for (const table of metadataOf(each).sortedTables) addSchema(schemas, table);
      if (each instanceof Table && each.metadata.sortedTables.length > 1) metadatas.add(each.metadata);
    } else if (each instanceof CreateSchema) schemas.delete(String(each.element));
    else {
      const { table, first } = concerned(each as ClauseElement);
      if (table !== null) metadatas.add(table.metadata);
      after.push(...first);
      const namedType = (dialect as Partial<{ namedTypeDdl(type: unknown): { readonly create: ClauseElement } | null }>)
        .namedTypeDdl;
      if (each instanceof DdlElement && (each as { readonly element?: unknown }).element instanceof SqlType)
        after.push(...[namedType?.((each as unknown as { readonly element: SqlType }).element)?.create ?? []].flat());
      const source = (each as { readonly selectable?: ClauseElement }).selectable ?? each;
      for (const owner of tablesOf(source as ClauseElement)) if (owner instanceof Table) metadatas.add(owner.metadata);
    }
  }
  for (const metadata of metadatas) for (const table of metadata.sortedTables) addSchema(schemas, table);
  const before = [...metadatas, ...after].flatMap((each) => statements(each, dialect));
  return { schemas, before };
}

function metadataOf(target: unknown): MetaData {
  return target instanceof MetaData ? target : (target as { readonly metadata: MetaData }).metadata;
}

function addSchema(schemas: Set<string>, table: Table): void {
  if (table.schema !== null) schemas.add(table.schema);
}

/** The table that a statement is about, and what must stand there first. */
function concerned(element: ClauseElement): { readonly table: Table | null; readonly first: readonly ClauseElement[] } {
  if (element instanceof CreateIndex) return { table: element.element.table, first: [] };
  if (element instanceof DropIndex) {
    const { element: index } = element;
    return { table: index.table, first: index.table?.indexes.has(index) ? [] : [createIndex(index)] };
  }
  if (element instanceof AddConstraint) {
    const { element: constraint } = element;
    const inTable = (constraint.table as Table).constraints.has(constraint);
    return { table: constraint.table as Table, first: inTable ? [dropConstraint(constraint)] : [] };
  }
  if (element instanceof DropConstraint) {
    const { element: constraint } = element;
    const inTable = (constraint.table as Table).constraints.has(constraint);
    return { table: constraint.table as Table, first: inTable ? [] : [addConstraint(constraint)] };
  }
  if (element instanceof DropTable) return { table: element.element, first: [] };
  if (element instanceof DropView) {
    const { name, schema } = element.element;
    const view = createView(select({ id: literalColumn("1") }), name, {
      ...(schema === null ? {} : { schema }),
      materialized: element.materialized,
    });
    return { table: null, first: [view] };
  }
  if (element instanceof DropSequence) return { table: null, first: [createSequence(element.element)] };
  const target = (element as unknown as { readonly element?: unknown }).element;
  if (target instanceof Table) return { table: target, first: [] };
  const owner = (target as Column | undefined)?.table;
  return { table: owner instanceof Table ? owner : null, first: [] };
}
