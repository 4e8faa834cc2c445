/** INSERT. */
import type { Node } from "../../ast/node.ts";
import type { Insert } from "../../dml/insert.ts";
import { CompileError } from "../../errors/errors.ts";
import { BindParameter } from "../../expression/bind.ts";
import { ColumnClause } from "../../expression/column-clause.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import { Column } from "../../schema/column.ts";
import { sentinelOf } from "../../schema/sentinel.ts";
import { Table } from "../../schema/table.ts";
import { columnByKey, columnsOf } from "../../selectable/column-collection.ts";
import type { ReturnsRows } from "../../selectable/returns-rows.ts";
import { Select } from "../../selectable/select.ts";
import type { CrudPlan, InsertBatchPlan } from "../compiled.ts";
import type { Compiler } from "../compiler.ts";
import { Frame } from "../frame.ts";
import { type Assignment, defaultPlan, insertRow, isCrudTable, type RowPlan } from "../state/crud.ts";
import { transformStatement } from "../state/registry.ts";
import { enterCteScope, leaveCteScope, renderAddedCtes } from "./cte.ts";
import { decorationText, takePlace, visitInPlace } from "./place.ts";
import { returningText } from "./returning.ts";
import { targetText } from "./target.ts";
import type { MergeParts } from "./upsert.ts";

/** An INSERT with its rows worked out; what the hooks of INSERT get. */
export interface InsertParts {
  readonly statement: Insert;
  readonly rows: readonly RowPlan[];
  /** Columns that are brought back for the engine. */
  readonly implicitReturning: readonly ColumnElement[];
}

/** `INSERT INTO table (columns) VALUES (…) RETURNING …` */
export function visitInsert(compiler: Compiler, given: Insert): string {
  const { asFrom } = takePlace();
  const statement = transformStatement(given, compiler);
  const { capabilities } = compiler.dialect;
  const outermost = compiler.stack.length === 0;
  const scope = enterCteScope(compiler);
  compiler.stack.push(new Frame(statement));
  try {
    renderAddedCtes(compiler, statement);
    const multi = statement.multiValues;
    const merges = statement.postValues?.kind === "upsertClause" && "mergeInsert" in compiler.dialect.visitors;
    if (multi !== null && multi.length > 1 && !capabilities.multiRowInsert && !merges) {
      throw new CompileError(
        `The '${compiler.dialect.name}' dialect with current database version settings does not support in-place multirow inserts.`,
        {
          fix: "execute the statement with a list of parameter sets instead",
        },
      );
    }
    const rows = planRows(compiler, statement);
    const first = rows[0] as RowPlan;
    const implicitReturning = outermost ? first.implicitReturning : [];
    if (outermost) compiler.sentinelColumns = sentinelColumns(compiler, statement, implicitReturning);
    const parts: InsertParts = { statement, rows, implicitReturning };
    let text = "INSERT ";
    text += decorationText(statement.prefixes, compiler);
    text += `INTO ${compiler.hook("insertTarget", statement)}`;
    const returning = statement.returningColumns.length > 0 || implicitReturning.length > 0;
    const before = returning ? compiler.optionalHook("returningBeforeValues", parts) : undefined;
    const columns = first.assignments;
    let batch: InsertBatchPlan | null = null;
    const names = columns.map(({ column }) =>
      compiler.within({ bareColumns: true }, () => targetName(compiler, column)),
    );
    if (merges) {
      const parts = mergeParts(compiler, statement, rows);
      text = `${compiler.hook("mergeInsert", parts)}${before ?? ""}${compiler.optionalHook("mergeEnd", statement) ?? ""}`;
    } else if (statement.source !== null) {
      const extra = sourceDefaults(compiler, statement);
      const all = [
        ...statement.source.names.map((name) => columnByKey(statement.table.c, name) as ColumnElement),
        ...extra.map(({ column }) => column),
      ];
      text += ` (${all.map((column) => targetName(compiler, column)).join(", ")})`;
      if (before !== undefined) text += before;
      const select = extra.length > 0 ? withDefaults(statement.source.select, extra) : statement.source.select;
      const body = visitInPlace(compiler, select, { asFrom, lateral: false, memberIndex: null });
      text += ` ${capabilities.cteFollowsInsert ? leaveCteScope(compiler, scope, body) : body}`;
    } else if (columns.length === 0 && capabilities.defaultValues) {
      text += `${before ?? ""} DEFAULT VALUES`;
    } else if (columns.length === 0) {
      text += ` ()${before ?? ""} VALUES ()`;
    } else {
      text += ` (${names.join(", ")})${before ?? ""}`;
      const expressions = rows.map((row) => rowText(compiler, row, columns));
      text += ` VALUES ${expressions.map((row) => `(${row.join(", ")})`).join(", ")}`;
      if (multi === null && outermost)
        batch = batchPlan(compiler, statement, columns, names, expressions[0] as string[]);
    }
    if (outermost) {
      compiler.crud = crudPlan(compiler, statement, rows, implicitReturning, batch);
      compiler.optionalHook("insertSurroundings", parts);
    }
    if (statement.postValues !== null && !merges) text += ` ${compiler.visit(statement.postValues)}`;
    if (returning && before === undefined) text += ` ${returningText(compiler, statement, implicitReturning)}`;
    return leaveCteScope(compiler, scope, text);
  } finally {
    compiler.stack.pop();
  }
}

/** An upsert for databases that write it as MERGE. */
function mergeParts(compiler: Compiler, statement: Insert, plans: readonly RowPlan[]): MergeParts {
  const { source } = statement;
  if (source === null) {
    const columns = (plans[0] as RowPlan).assignments;
    const rows = plans.map((plan) => rowText(compiler, plan, columns));
    return { statement, columns, rows, select: null };
  }
  const extra = sourceDefaults(compiler, statement);
  const columns = [
    ...source.names.map((name) => columnByKey(statement.table.c, name) as ColumnElement),
    ...extra.map(({ column }) => column),
  ];
  const full = extra.length > 0 ? withDefaults(source.select, extra) : source.select;
  const select = visitInPlace(compiler, named(full, columns), { asFrom: true, lateral: false, memberIndex: null });
  return {
    statement,
    columns: columns.map((column) => ({ column, value: column, isExpression: true })),
    rows: [],
    select,
  };
}

/** A SELECT whose columns are named as those of the table. */
function named(select: ReturnsRows, columns: readonly ColumnElement[]): ReturnsRows {
  const given = select instanceof Select ? select.columnElements : [];
  if (given.length !== columns.length || !given.every((column) => column instanceof ColumnElement))
    throw new CompileError("upsert().fromSelect() takes a select() of columns on this database", {
      fix: "make the statement a subquery() and select its columns",
    });
  return (select as Select).withOnlyColumns(
    ...given.map((column, index) => (column as ColumnElement).label((columns[index] as Column).name as string)),
    { maintainColumnFroms: true },
  );
}

function planRows(compiler: Compiler, statement: Insert): RowPlan[] {
  if (statement.source !== null) return [{ assignments: [], prefetch: [], postfetch: [], implicitReturning: [] }];
  const multi = statement.multiValues;
  if (multi === null) return [insertRow(compiler, statement, statement.singleValues)];
  if (statement.sortByParameterOrder)
    throw new CompileError("RETURNING of an INSERT with several rows in values() cannot be sorted", {
      fix: "execute the statement with a list of parameter sets",
    });
  const first = multi[0];
  return multi.map((row, index) => {
    if (index > 0 && first !== undefined) {
      const missing = [...first.keys()].find((key) => !row.has(key) && !hasDefault(statement, key));
      const extra = [...row.keys()].find((key) => !first.has(key) && !hasDefault(statement, key));
      const name = missing ?? extra;
      if (name !== undefined) {
        throw new CompileError(
          `INSERT value for column ${nameOf(statement, name)} is explicitly rendered as a boundparameter in the VALUES clause; a Python-side value or SQL expression is required`,
          {
            fix: `give every row the same keys; row ${index + 1} differs in ${JSON.stringify(typeof name === "string" ? name : name.key)}`,
          },
        );
      }
    }
    return insertRow(compiler, statement, row, index);
  });
}

/** Whether every row has a value of the column, given or not. */
function hasDefault(statement: Insert, key: string | ColumnElement): boolean {
  const column = typeof key === "string" ? columnByKey(statement.table.c, key) : key;
  const plan = column instanceof Column ? defaultPlan(column.default) : null;
  return plan !== null && plan.kind !== "sequence";
}

function nameOf(statement: Insert, key: string | ColumnElement): string {
  return `${statement.table.description}.${typeof key === "string" ? key : key.key}`;
}

/** The expressions of one row. */
function rowText(compiler: Compiler, row: RowPlan, columns: readonly Assignment[]): string[] {
  return columns.map(({ column }) => {
    const { value } = row.assignments.find((candidate) => candidate.column === column) as Assignment;
    return compiler.visit(value as Node);
  });
}

/** A column's name in the column list. */
export function targetName(compiler: Compiler, column: ColumnElement): string {
  return column instanceof ColumnClause ? compiler.nameIdentifier(column.name, column.quote) : compiler.visit(column);
}

/** The table behind INTO. */
export function visitInsertTarget(compiler: Compiler, statement: Insert): string {
  return targetText(compiler, statement);
}

/** The SELECT with the defaults of columns that it does not give. */
function withDefaults(select: ReturnsRows, extra: readonly Assignment[]): ReturnsRows {
  if (select instanceof Select) return select.addColumns(...extra.map(({ value }) => value));
  const names = extra.map(({ column }) => String(column.key)).join(", ");
  throw new CompileError(
    `Can't extend statement for INSERT..FROM SELECT to include additional default-holding column(s) ${names}.`,
    { fix: "make the statement a subquery() and select from it, or pass includeDefaults: false to fromSelect()" },
  );
}

function sourceDefaults(compiler: Compiler, statement: Insert): Assignment[] {
  const { table, source } = statement;
  if (source === null || !source.includeDefaults || !isCrudTable(table)) return [];
  const { capabilities } = compiler.dialect;
  const extra: Assignment[] = [];
  for (const raw of columnsOf(table.c)) {
    const column = raw as Column;
    const fallback = defaultPlan(column.default);
    if (source.names.includes(column.key as string) || fallback === null) continue;
    const { kind, expression, optional } = fallback;
    if (kind === "sequence") {
      if (capabilities.sequences && !(optional && capabilities.optionalSequences))
        extra.push({ column, value: expression as Node, isExpression: true });
    } else if (kind === "expression") extra.push({ column, value: expression as Node, isExpression: true });
    else {
      const bind = new BindParameter(column.key as string, column.key as string, null, column.type);
      extra.push({ column, value: bind, isExpression: false });
      sourcePrefetch(compiler).push({ column, bind });
    }
  }
  return extra;
}

const prefetches = new WeakMap<Compiler, { column: ColumnElement; bind: BindParameter }[]>();

function sourcePrefetch(compiler: Compiler): { column: ColumnElement; bind: BindParameter }[] {
  let list = prefetches.get(compiler);
  if (list === undefined) prefetches.set(compiler, (list = []));
  return list;
}

function crudPlan(
  compiler: Compiler,
  statement: Insert,
  rows: readonly RowPlan[],
  implicitReturning: readonly ColumnElement[],
  batch: InsertBatchPlan | null,
): CrudPlan {
  const first = rows[0] as RowPlan;
  const table = statement.table;
  const crud = isCrudTable(table);
  const autoincrement = crud ? table.autoincrementColumn : null;
  const written = new Set(first.assignments.map(({ column }) => column));
  const boundColumns = new Map<ColumnElement, string>();
  for (const { column, value, isExpression } of first.assignments) {
    if (value instanceof BindParameter && (!isExpression || value.bindKey !== null))
      boundColumns.set(column, compiler.bindNameOf(value));
  }
  const prefetch = rows.flatMap((row) =>
    row.prefetch.map(({ column, bind, isUpdate, row: index, query }) => ({
      ...(query === undefined ? {} : { query }),
      column,
      bindName: compiler.bindNameOf(bind),
      isUpdate,
      row: index,
    })),
  );
  for (const { column, bind } of prefetches.get(compiler) ?? [])
    prefetch.push({ column: column, bindName: compiler.bindNameOf(bind), isUpdate: false, row: 0 });
  return {
    prefetch,
    postfetch: first.postfetch,
    implicitReturning,
    lastRowIdColumn:
      autoincrement !== null &&
      !written.has(autoincrement) &&
      !implicitReturning.includes(autoincrement) &&
      statement.multiValues === null
        ? autoincrement
        : null,
    keyColumns: crud ? table.primaryKeyColumns : [],
    boundColumns,
    batch,
  };
}

/** Columns that RETURNING gives beside the others, so that rows can be put into the order of their parameters. */
function sentinelColumns(
  compiler: Compiler,
  statement: Insert,
  implicitReturning: readonly ColumnElement[],
): readonly ColumnElement[] {
  const { forExecutemany } = compiler.options;
  const returns = statement.returningColumns.length > 0 || implicitReturning.length > 0;
  const isBatched =
    forExecutemany === true &&
    statement.sortByParameterOrder &&
    statement.multiValues === null &&
    statement.postValues === null;
  const { insertManySentinel, insertManyValues } = compiler.dialect.capabilities;
  if (!isBatched || !returns || !(statement.table instanceof Table)) return [];
  const { columns, source } = sentinelOf(statement.table);
  // Where rows come back in no order, they are found by values that were known before.
  const isUsable =
    insertManySentinel !== "rows" || (insertManyValues && (source === "client" || source === "sentinel"));
  return (isUsable ? columns : null) ?? [];
}

function batchPlan(
  compiler: Compiler,
  statement: Insert,
  columns: readonly Assignment[],
  names: readonly string[],
  expressions: readonly string[],
): InsertBatchPlan {
  const rowBinds = new Set<number>();
  for (const expression of expressions)
    for (const match of expression.matchAll(/\u0001(\d+)/g)) rowBinds.add(Number(match[1]));
  const sentinel = compiler.sentinelColumns;
  return {
    rowBinds: [...rowBinds],
    columnTypes: columns.map(({ column }) => column.type),
    columnNames: names,
    expressions,
    sentinel: sentinel.length > 0 ? sentinel : null,
    isSorted: statement.sortByParameterOrder,
    isUpsert: statement.postValues !== null,
  };
}
