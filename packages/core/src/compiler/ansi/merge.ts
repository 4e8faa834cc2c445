/** MERGE. */
import type { Node } from "../../ast/node.ts";
import type { Merge, MergeBranch } from "../../dml/merge.ts";
import { CompileError } from "../../errors/errors.ts";
import { BindParameter } from "../../expression/bind.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import type { Column } from "../../schema/column.ts";
import { columnsOf } from "../../selectable/column-collection.ts";
import type { FromClause } from "../../selectable/from-clause.ts";
import type { Compiler } from "../compiler.ts";
import { Frame } from "../frame.ts";
import { defaultPlan, isCrudTable } from "../state/crud.ts";
import { transformStatement } from "../state/registry.ts";
import { enterCteScope, leaveCteScope, renderAddedCtes } from "./cte.ts";
import { decorationText, takePlace } from "./place.ts";
import { returningText } from "./returning.ts";
import { fromElementText } from "./select.ts";
import { targetText } from "./target.ts";

/** A column that a branch writes, as text. */
export type MergeColumn = readonly [name: string, value: string];

/** A branch with its values worked out; what the `mergeBranch` hook gets. */
export interface MergeBranchParts {
  readonly branch: MergeBranch;
  readonly columns: readonly MergeColumn[];
}

/** A default that is computed before execution. */
interface Computed {
  readonly column: ColumnElement;
  readonly bind: BindParameter;
  readonly isUpdate: boolean;
}

/** `MERGE INTO target USING source ON (…) WHEN MATCHED THEN … RETURNING …` */
export function visitMerge(compiler: Compiler, given: Merge): string {
  takePlace();
  const statement = transformStatement(given, compiler);
  const { source, on, branches } = statement;
  if (source === null || on === null)
    throw new CompileError("merge() has no source", { fix: "say where rows come from: .using(source, condition)" });
  if (branches.length === 0)
    throw new CompileError("merge() does nothing", {
      fix: "add .whenMatched().thenUpdate(…) or .whenNotMatched().thenInsert(…)",
    });
  const outermost = compiler.stack.length === 0;
  const scope = enterCteScope(compiler);
  compiler.stack.push(new Frame(statement, [statement.table as FromClause, source]));
  try {
    renderAddedCtes(compiler, statement);
    const computed: Computed[] = [];
    const head = `MERGE ${decorationText(statement.prefixes, compiler)}INTO ${targetText(compiler, statement)}`;
    let text = `${head} USING ${fromElementText(compiler, source)} ON (${compiler.visit(on)})`;
    for (const branch of branches)
      text += ` ${compiler.hook("mergeBranch", { branch, columns: branchColumns(compiler, statement, branch, computed) })}`;
    if (statement.returningColumns.length > 0)
      text +=
        compiler.optionalHook("returningBeforeWhere", { statement, implicit: [] }) ??
        ` ${returningText(compiler, statement, [])}`;
    text += compiler.optionalHook("mergeEnd", statement) ?? "";
    if (outermost && computed.length > 0) noteComputed(compiler, computed);
    return leaveCteScope(compiler, scope, text);
  } finally {
    compiler.stack.pop();
  }
}

function noteComputed(compiler: Compiler, computed: readonly Computed[]): void {
  compiler.crud = {
    prefetch: computed.map(({ column, bind, isUpdate }) => ({
      column,
      bindName: compiler.bindNameOf(bind),
      isUpdate,
      row: 0,
    })),
    postfetch: [],
    implicitReturning: [],
    lastRowIdColumn: null,
    keyColumns: [],
    boundColumns: new Map(),
    batch: null,
  };
}

/** What a branch writes: the given values, then defaults, in the order of the table's columns. */
function branchColumns(
  compiler: Compiler,
  statement: Merge,
  { action, assignments }: MergeBranch,
  computed: Computed[],
): MergeColumn[] {
  if (action !== "insert" && action !== "update") return [];
  const table = statement.table as FromClause;
  const written: MergeColumn[] = [];
  for (const column of columnsOf(table.c)) {
    const value =
      assignments.get(column.key as string) ??
      (isCrudTable(table) ? defaultOf(compiler, column as Column, action === "update", computed) : undefined);
    if (value === undefined) continue;
    const name = compiler.within({ bareColumns: true }, () => compiler.visit(column));
    written.push([name, compiler.visit(assigned(column, value))]);
  }
  return written;
}

function defaultOf(compiler: Compiler, column: Column, isUpdate: boolean, computed: Computed[]): Node | undefined {
  const plan = defaultPlan(isUpdate ? column.onupdate : column.default);
  if (plan === null) return undefined;
  const { capabilities } = compiler.dialect;
  if (plan.kind === "sequence" && (!capabilities.sequences || (plan.optional && capabilities.optionalSequences)))
    return undefined;
  if (plan.expression !== null) return plan.expression;
  const bind = new BindParameter(column.key as string, null, null, column.type).withUniqueName();
  computed.push({ column, bind, isUpdate });
  return bind;
}

function assigned(column: ColumnElement, value: Node): Node {
  if (value instanceof BindParameter) return value.type.affinity === "null" ? value.withType(column.type) : value;
  if (value instanceof ColumnElement) return value.selfGroup(null);
  return (value as { scalarSubquery?: () => ColumnElement }).scalarSubquery?.() ?? value;
}

const matches = {
  matched: "MATCHED",
  notMatched: "NOT MATCHED",
  notMatchedBySource: "NOT MATCHED BY SOURCE",
} as const;

/** `UPDATE SET a = b` */
export function mergeSets(columns: readonly MergeColumn[]): string {
  return `UPDATE SET ${columns.map(([name, value]) => `${name} = ${value}`).join(", ")}`;
}

/** `INSERT (a) VALUES (b)` */
export function mergeInsertion(columns: readonly MergeColumn[]): string {
  return `INSERT (${columns.map(([name]) => name).join(", ")}) VALUES (${columns.map(([, value]) => value).join(", ")})`;
}

/** `WHEN MATCHED AND … THEN UPDATE SET …` */
export function visitMergeBranch(compiler: Compiler, { branch, columns }: MergeBranchParts): string {
  if (branch.deleteWhere !== null)
    throw new CompileError(`The '${compiler.dialect.name}' dialect has no DELETE WHERE behind an update`, {
      fix: "put whenMatched(condition).thenDelete() before the update",
    });
  const and = branch.condition === null ? "" : ` AND ${compiler.visit(branch.condition)}`;
  return `WHEN ${matches[branch.match]}${and} THEN ${actionText(branch, columns)}`;
}

function actionText({ action }: MergeBranch, columns: readonly MergeColumn[]): string {
  if (action === "insert") return mergeInsertion(columns);
  if (action === "update") return mergeSets(columns);
  return action === "delete" ? "DELETE" : "DO NOTHING";
}

/** PostgreSQL's name of what a MERGE did with a row. */
export function visitMergeAction(): string {
  return "merge_action()";
}

/** For databases without MERGE. */
export function refuseMerge(compiler: Compiler): never {
  throw new CompileError(`The '${compiler.dialect.name}' dialect has no MERGE`, {
    fix: "use upsert(), or insert(), update() and delete_()",
  });
}
