/** What `upsert()` means in a statement, and the two ways to write it: ON CONFLICT and MERGE. */
import type { Node } from "../../ast/node.ts";
import type { Insert } from "../../dml/insert.ts";
import { ExcludedColumn, type UpsertClause } from "../../dml/upsert.ts";
import { CompileError } from "../../errors/errors.ts";
import { BindParameter } from "../../expression/bind.ts";
import { joinConditions } from "../../expression/clause-list.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import { operators } from "../../operator/table.ts";
import { columnByKey, columnsOf } from "../../selectable/column-collection.ts";
import type { FromClause } from "../../selectable/from-clause.ts";
import type { Compiler } from "../compiler.ts";
import type { Assignment } from "../state/crud.ts";

/** An upsert worked out. */
export interface UpsertPlan {
  /** The columns by which rows are found. */
  readonly target: readonly ColumnElement[];
  /** What is set; empty: rows that are there stay as they are. */
  readonly sets: readonly (readonly [column: ColumnElement, value: Node])[];
  readonly where: Node | null;
}

/** The INSERT that a clause belongs to. */
function insertOf(compiler: Compiler): Insert {
  return compiler.stack.findLast((frame) => frame.statement.kind === "insert")?.statement as unknown as Insert;
}

/** The keys of the columns that the user gave values for. @throws CompileError where there are none. */
function givenKeys(compiler: Compiler, statement: Insert): readonly string[] {
  const { columnKeys } = compiler.options;
  const values = statement.source?.names ?? [...(statement.multiValues?.[0] ?? statement.singleValues ?? []).keys()];
  const keys = [...values, ...(columnKeys ?? [])].filter((key): key is string => typeof key === "string");
  if (keys.length > 0) return keys;
  // Compiled by itself, without values: every column is a parameter.
  if (statement.singleValues === null && statement.multiValues === null && (columnKeys ?? null) === null)
    return columnsOf(statement.table.c).map((column) => column.key as string);
  throw new CompileError(`upsert(): there are no values for ${(statement.table as FromClause).description}`, {
    fix: "give them with values() or as parameters of execute()",
  });
}

/** Works out an upsert. @throws CompileError without columns to find rows by. */
export function upsertPlan(compiler: Compiler, clause: UpsertClause): UpsertPlan {
  const statement = insertOf(compiler);
  const table = statement.table as FromClause;
  if (statement.returningColumns.length > 0 && !compiler.dialect.capabilities.insertReturning)
    throw new CompileError(`The '${compiler.dialect.name}' dialect has no RETURNING`, {
      fix: "select the rows after the upsert()",
    });
  const target =
    clause.target === null
      ? columnsOf(table.c).filter((column) => table.primaryKeyColumns.includes(column as never))
      : clause.target.map((key) => columnByKey(table.c, key) as ColumnElement);
  if (target.length === 0)
    throw new CompileError(`upsert(): ${table.description} has no primary key`, {
      fix: "name the columns by which rows are found: onConflict(…)",
    });
  if (clause.action === "nothing") return { target, sets: [], where: null };
  const given = clause.assignments === null ? new Set(givenKeys(compiler, statement)) : null;
  const sets = columnsOf(table.c).flatMap((column): (readonly [ColumnElement, Node])[] => {
    if (given !== null)
      return given.has(column.key as string) && !target.includes(column) ? [[column, new ExcludedColumn(column)]] : [];
    const value = clause.assignments?.get(column.key as string);
    return value === undefined ? [] : [[column, assigned(column, value)]];
  });
  return { target, sets, where: clause.where };
}

/** Literals have names of their own: the column's belongs to the value that is inserted. */
function assigned(column: ColumnElement, value: Node): Node {
  if (value instanceof BindParameter && value.isCrud) return value.withType(column.type).withUniqueName();
  if (value instanceof ColumnElement) return value.selfGroup(null);
  return (value as { scalarSubquery?: () => ColumnElement }).scalarSubquery?.() ?? value;
}

const bare = (compiler: Compiler, node: Node): string =>
  compiler.within({ bareColumns: true }, () => compiler.visit(node));

/** The assignments of a plan: `name = excluded.name, …`. */
export function upsertSets(compiler: Compiler, plan: UpsertPlan): string {
  return plan.sets.map(([column, value]) => `${bare(compiler, column)} = ${compiler.visit(value)}`).join(", ");
}

/** `excluded.name` */
export function visitExcludedColumn(compiler: Compiler, column: ExcludedColumn): string {
  return `excluded.${compiler.nameIdentifier(column.name, column.quote)}`;
}

/** Databases that have no way to say it. */
export function refuseUpsert(compiler: Compiler): never {
  throw new CompileError(`The '${compiler.dialect.name}' dialect has no form of upsert()`, {
    fix: "use insert() and update(), or give the dialect an upsertClause or mergeInsert visitor",
  });
}

/** `ON CONFLICT (…) DO UPDATE SET …`: PostgreSQL, SQLite. */
export function visitOnConflictUpsert(compiler: Compiler, clause: UpsertClause): string {
  const plan = upsertPlan(compiler, clause);
  const head = `ON CONFLICT (${plan.target.map((column) => bare(compiler, column)).join(", ")})`;
  if (plan.sets.length === 0) return `${head} DO NOTHING`;
  const where = plan.where === null ? "" : ` WHERE ${compiler.visit(plan.where)}`;
  return `${head} DO UPDATE SET ${upsertSets(compiler, plan)}${where}`;
}

/** What is to be merged into a table. */
export interface MergeParts {
  readonly statement: Insert;
  /** The columns in order; those of the source have an entry in each of `rows`. */
  readonly columns: readonly Assignment[];
  /** The rows as texts, one per column; null where a SELECT gives them. */
  readonly rows: readonly (readonly string[])[];
  /** The SELECT of `fromSelect()`, its columns named as the table's; null for values. */
  readonly select: string | null;
}

/** How a dialect writes the parts of a MERGE that differ. */
export interface MergeStyle {
  /** The target behind MERGE INTO. */
  readonly target: string;
  /** What stands behind USING, with its alias `excluded`. */
  source(names: readonly string[], rows: readonly (readonly string[])[], select: string | null): string;
  /** Where the condition of an update stands. */
  readonly whereInside: boolean;
}

/** `MERGE INTO … USING … ON … WHEN MATCHED … WHEN NOT MATCHED …`: SQL Server, Oracle. */
export function mergeText(compiler: Compiler, parts: MergeParts, style: MergeStyle): string {
  const clause = parts.statement.postValues as unknown as UpsertClause;
  const plan = upsertPlan(compiler, clause);
  const given = new Set(givenKeys(compiler, parts.statement));
  const isSource = ({ column, value }: Assignment): boolean =>
    parts.select !== null || given.has(column.key as string) || value instanceof BindParameter;
  const positions = parts.columns.flatMap((assignment, index) => (isSource(assignment) ? [index] : []));
  const name = (index: number): string => bare(compiler, (parts.columns[index] as Assignment).column);
  for (const column of plan.target)
    if (!positions.some((index) => parts.columns[index]?.column.key === column.key))
      throw new CompileError(`upsert(): there is no value for ${JSON.stringify(column.key)}, by which rows are found`, {
        fix: "give it a value, or name other columns with onConflict(…)",
      });
  const source = style.source(
    positions.map(name),
    parts.rows.map((row) => positions.map((index) => row[index] as string)),
    parts.select,
  );
  const on = joinConditions(
    operators.and,
    plan.target.map((column) => column.eq(new ExcludedColumn(column) as never)),
  );
  let text = `MERGE INTO ${style.target} USING ${source} ON (${compiler.visit(on)})`;
  if (plan.sets.length > 0) {
    const where = plan.where === null ? "" : compiler.visit(plan.where);
    text += ` WHEN MATCHED${where !== "" && !style.whereInside ? ` AND ${where}` : ""} THEN UPDATE SET ${upsertSets(compiler, plan)}`;
    if (where !== "" && style.whereInside) text += ` WHERE ${where}`;
  }
  const values = parts.columns.map((_, index) =>
    positions.includes(index) ? `excluded.${name(index)}` : ((parts.rows[0] as readonly string[])[index] as string),
  );
  return `${text} WHEN NOT MATCHED THEN INSERT (${parts.columns.map((_, index) => name(index)).join(", ")}) VALUES (${values.join(", ")})`;
}
