/** ON CONFLICT and RETURNING. */
import {
  ColumnElement,
  type Compiler,
  CompoundSelect,
  columnsOf,
  copyWith,
  type FilteredParts,
  type FromClause,
  type Insert,
  Join,
  type Node,
  type ReturningParts,
  type ReturnsRows,
  refuseMerge,
  returningList,
  Select,
  selectState,
  text,
  type Update,
  type Visitor,
  visitInsert,
  visitOnConflictUpsert,
  warn,
} from "@athanor/core";
import type { OnConflict } from "../expressions/insert.ts";

/** Text in which columns stand without their tables. */
const bare = (compiler: Compiler, node: Node): string =>
  compiler.within({ bareColumns: true }, () => compiler.visit(node));

/** What a conflict clause must have; PostgreSQL's own, put into a statement for SQLite, has it too. */
type ConflictClause = Pick<OnConflict, "table" | "action" | "indexElements" | "indexWhere" | "where"> & {
  readonly previous?: Node | null;
  readonly assignments: readonly (readonly [unknown, unknown])[];
};

function targetText(compiler: Compiler, clause: ConflictClause): string {
  if (clause.indexElements.length === 0) return "";
  const elements = clause.indexElements.map((element) =>
    typeof element === "string" ? compiler.identifier(element) : bare(compiler, element),
  );
  const where = clause.indexWhere === null ? "" : ` WHERE ${bare(compiler, clause.indexWhere)}`;
  return ` (${elements.join(", ")})${where}`;
}

/** `ON CONFLICT (…) DO UPDATE SET a = b WHERE …` */
function visitOnConflict(compiler: Compiler, clause: ConflictClause): string {
  const previous = clause.previous ? `${compiler.visit(clause.previous)} ` : "";
  const head = `${previous}ON CONFLICT${targetText(compiler, clause)}`;
  if (clause.action === "nothing") return `${head} DO NOTHING`;
  const sets = assignmentTexts(compiler, clause.table, clause.assignments);
  const where = clause.where === null ? "" : ` WHERE ${compiler.visit(clause.where)}`;
  return `${head} DO UPDATE SET ${sets.join(", ")}${where}`;
}

/** Assignments in the order of the table's columns. */
function assignmentTexts(compiler: Compiler, table: FromClause, assignments: ConflictClause["assignments"]): string[] {
  const left = new Map(assignments);
  const sets: string[] = [];
  const add = (name: string, value: unknown): void => {
    sets.push(`${name} = ${compiler.visit(value instanceof ColumnElement ? value.selfGroup(null) : (value as Node))}`);
  };
  for (const column of columnsOf(table.c)) {
    const value = left.get(column.key);
    if (value === undefined) continue;
    left.delete(column.key);
    add(bare(compiler, column), value);
  }
  if (left.size === 0) return sets;
  warn(
    `Additional column names not matching any column keys in table '${String(table.name)}': ${[...left.keys()].map((name) => `'${String(name)}'`).join(", ")}`,
  );
  for (const [name, value] of left) add(compiler.identifier(String(name)), value);
  return sets;
}

/** `INSERT INTO … SELECT … WHERE true ON CONFLICT …` */
function visitConflictingInsert(compiler: Compiler, statement: Insert): string {
  const { source, postValues } = statement;
  if (source === null || postValues === null) return visitInsert(compiler, statement);
  return visitInsert(compiler, copyWith(statement, { source: { ...source, select: closed(source.select) } }));
}

/** Behind a table in FROM, the parser takes ON for that of a join.  https://sqlite.org/lang_upsert.html#parsing_ambiguity */
function closed(select: ReturnsRows): ReturnsRows {
  if (select instanceof CompoundSelect) {
    const { selects } = select;
    const last = selects.at(-1) as ReturnsRows;
    return hasTail(select) ? select : copyWith(select, { selects: [...selects.slice(0, -1), closed(last)] });
  }
  if (
    !(select instanceof Select) ||
    hasTail(select) ||
    select.whereClauses.length > 0 ||
    select.havingClauses.length > 0
  )
    return select;
  const lastFrom = selectState(select, { explicit: new Set(), implicit: new Set() }).froms.at(-1);
  return lastFrom === undefined || lastFrom instanceof Join ? select : select.where(text("true"));
}

function hasTail(select: Select | CompoundSelect): boolean {
  return select.groupByClauses.length > 0 || select.orderByClauses.length > 0 || select.hasRowLimit;
}

/** `RETURNING a, b`: SQLite knows the columns by their bare names. */
function visitReturning(compiler: Compiler, parts: ReturningParts): string {
  return `RETURNING ${compiler.within({ bareColumns: true }, () => returningList(compiler, parts))}`;
}

/** ` FROM a, b`. SQLite 3.33 and later. */
function visitUpdateExtraTables(compiler: Compiler, parts: FilteredParts<Update>): string {
  return ` FROM ${parts.extraFroms.map((from) => compiler.visit(from)).join(", ")}`;
}

export const dmlVisitors: Readonly<Record<string, Visitor>> = {
  insert: visitConflictingInsert as Visitor,
  sqliteOnConflict: visitOnConflict as Visitor,
  pgOnConflict: visitOnConflict as Visitor,
  upsertClause: visitOnConflictUpsert as Visitor,
  merge: refuseMerge as Visitor,
  returning: visitReturning as Visitor,
  updateExtraTables: visitUpdateExtraTables as Visitor,
};
