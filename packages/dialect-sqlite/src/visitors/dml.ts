/** ON CONFLICT and RETURNING. */
import { ColumnElement, columnsOf, type Compiler, type FilteredParts, type FromClause, type Node, type ReturningParts, returningList, type Update, type Visitor, warn } from "@athanor/core";
import type { OnConflict } from "../expressions/insert.ts";

/** Text in which columns stand without their tables. */
const bare = (compiler: Compiler, node: Node): string => compiler.within({ bareColumns: true }, () => compiler.visit(node));

/** What a conflict clause must have; PostgreSQL's own, put into a statement for SQLite, has it too. */
type ConflictClause = Pick<OnConflict, "table" | "action" | "indexElements" | "indexWhere" | "where"> & {
  readonly previous?: Node | null;
  readonly assignments: readonly (readonly [unknown, unknown])[];
};

function targetText(compiler: Compiler, clause: ConflictClause): string {
  if (clause.indexElements.length === 0) return "";
  const elements = clause.indexElements.map((element) => (typeof element === "string" ? compiler.identifier(element) : bare(compiler, element)));
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
  warn(`Additional column names not matching any column keys in table '${String(table.name)}': ${[...left.keys()].map((name) => `'${String(name)}'`).join(", ")}`);
  for (const [name, value] of left) add(compiler.identifier(String(name)), value);
  return sets;
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
  sqliteOnConflict: visitOnConflict as Visitor,
  pgOnConflict: visitOnConflict as Visitor,
  returning: visitReturning as Visitor,
  updateExtraTables: visitUpdateExtraTables as Visitor,
};
