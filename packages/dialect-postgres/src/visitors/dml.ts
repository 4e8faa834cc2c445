/** ON CONFLICT, and DELETE with several tables. */
import {
  BindParameter,
  ColumnElement,
  type Compiler,
  columnsOf,
  type Delete,
  type FilteredParts,
  type Node,
  type Update,
  type Visitor,
  visitOnConflictUpsert,
  warn,
} from "@athanor/core";
import type { OnConflict } from "../expressions/insert.ts";

/** Text in which columns stand without their tables. */
const bare = (compiler: Compiler, node: Node): string =>
  compiler.within({ bareColumns: true }, () => compiler.visit(node));

function targetText(compiler: Compiler, clause: OnConflict): string {
  if (clause.constraint !== null) return ` ON CONSTRAINT ${compiler.identifier(clause.constraint)}`;
  if (clause.indexElements.length === 0) return "";
  const elements = clause.indexElements.map((element) =>
    typeof element === "string" ? compiler.identifier(element) : bare(compiler, element),
  );
  const where = clause.indexWhere === null ? "" : ` WHERE ${bare(compiler, clause.indexWhere)}`;
  return ` (${elements.join(", ")})${where}`;
}

/** `ON CONFLICT (…) DO UPDATE SET a = b WHERE …` */
function visitOnConflict(compiler: Compiler, clause: OnConflict): string {
  const head = `ON CONFLICT${targetText(compiler, clause)}`;
  if (clause.action === "nothing") return `${head} DO NOTHING`;
  const left = new Map(clause.assignments);
  const sets: string[] = [];
  const add = (name: string, value: Node): void => {
    sets.push(`${name} = ${compiler.visit(value instanceof ColumnElement ? value.selfGroup(null) : value)}`);
  };
  for (const column of columnsOf(clause.table.c)) {
    const value = left.get(column.key as string);
    if (value === undefined) continue;
    left.delete(column.key as string);
    const typed =
      value instanceof BindParameter && value.type.affinity === "null" ? value.withType(column.type) : value;
    add(bare(compiler, column), typed);
  }
  if (left.size > 0) {
    warn(
      `Additional column names not matching any column keys in table '${String(clause.table.name)}': ${[...left.keys()].map((name) => `'${name}'`).join(", ")}`,
    );
    for (const [name, value] of left) add(compiler.identifier(name), value);
  }
  const where = clause.where === null ? "" : ` WHERE ${compiler.visit(clause.where)}`;
  return `${head} DO UPDATE SET ${sets.join(", ")}${where}`;
}

/** ` USING a, b` */
function visitDeleteExtraTables(compiler: Compiler, parts: FilteredParts<Delete>): string {
  return ` USING ${parts.extraFroms.map((from) => compiler.visit(from)).join(", ")}`;
}

/** ` FROM a, b` */
function visitUpdateExtraTables(compiler: Compiler, parts: FilteredParts<Update>): string {
  return ` FROM ${parts.extraFroms.map((from) => compiler.visit(from)).join(", ")}`;
}

export const dmlVisitors: Readonly<Record<string, Visitor>> = {
  pgOnConflict: visitOnConflict as Visitor,
  upsertClause: visitOnConflictUpsert as Visitor,
  updateExtraTables: visitUpdateExtraTables as Visitor,
  deleteExtraTables: visitDeleteExtraTables as Visitor,
};
