/**
 * What INSERT and UPDATE write: which columns with which expressions, which defaults are computed before, which values
 * come back. Decides; ../ansi/insert.ts and ../ansi/update.ts write it down.
 */
import { AnonName } from "../../ast/name.ts";
import type { Node } from "../../ast/node.ts";
import { iterate, replacementTraverse } from "../../ast/traverse.ts";
import { type Dml, primaryTable } from "../../dml/dml-base.ts";
import { DmlColumn } from "../../dml/dml-column.ts";
import type { Insert } from "../../dml/insert.ts";
import type { Update } from "../../dml/update.ts";
import { CrudBind } from "../../dml/values-binds.ts";
import { CompileError } from "../../errors/errors.ts";
import { BindParameter } from "../../expression/bind.ts";
import type { ClauseElement } from "../../expression/clause-element.ts";
import { ColumnClause } from "../../expression/column-clause.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import type { Column } from "../../schema/column.ts";
import type { ColumnDefault } from "../../schema/default.ts";
import { Sequence } from "../../schema/sequence.ts";
import { Table } from "../../schema/table.ts";
import { AliasedFromClause } from "../../selectable/alias.ts";
import { columnByKey, columnsOf } from "../../selectable/column-collection.ts";
import type { FromClause } from "../../selectable/from-clause.ts";
import { warn } from "../../util/warnings.ts";
import type { Compiler } from "../compiler.ts";

/** How a client-side default gets into a statement. */
export interface DefaultPlan {
  /** Computed before execution, written into the statement, or taken from a sequence. */
  readonly kind: "computed" | "expression" | "sequence";
  /** What is written; null for computed defaults. */
  readonly expression: Node | null;
  /** A sequence that databases with their own key generation do without. */
  readonly optional: boolean;
}

/** How the default of a column gets into a statement; null without one. */
export function defaultPlan(given: ColumnDefault | Sequence | null): DefaultPlan | null {
  if (given === null) return null;
  if (given instanceof Sequence) return { kind: "sequence", expression: given.nextValue(), optional: given.optional };
  if (given.isSentinel) return null;
  return given.isClauseElement
    ? { kind: "expression", expression: given.arg as Node, optional: false }
    : { kind: "computed", expression: null, optional: false };
}

/** One column that is written. */
export interface Assignment {
  readonly column: ColumnElement;
  /** What is assigned; a bind parameter for plain values. */
  readonly value: ColumnElement | Node;
  /** The value is an expression of the user's and stands in its own right. */
  readonly isExpression: boolean;
}

/** A default that is computed before execution. */
export interface Prefetch {
  readonly column: ColumnElement;
  readonly bind: BindParameter;
  readonly isUpdate: boolean;
  readonly row: number;
  /** What gives the value, where that is not the column's default. */
  readonly query?: ClauseElement;
}

/** The outcome for one row. */
export interface RowPlan {
  readonly assignments: readonly Assignment[];
  readonly prefetch: readonly Prefetch[];
  readonly postfetch: readonly ColumnElement[];
  readonly implicitReturning: readonly ColumnElement[];
}

type Values = ReadonlyMap<string | ColumnElement, Node>;

/** Whether a table knows keys and defaults (a lightweight one does not). */
export function isCrudTable(table: FromClause): table is Table {
  return table instanceof Table;
}

function baseTable(table: FromClause): FromClause {
  const primary = primaryTable(table);
  return primary instanceof AliasedFromClause ? primary.element : primary;
}

/** The table's own column behind one of its alias. */
function ownColumn(table: FromClause, column: ColumnElement): Column {
  return (columnByKey(table.c, column.key as string) ?? column) as Column;
}

/** The keys that are written, with values from the statement and required parameters for those that execution will give. */
function givenValues(
  keys: readonly string[] | null,
  table: FromClause,
  values: Values | null,
  verb: string,
): Map<string | ColumnElement, Node> {
  const given = new Map<string | ColumnElement, Node>();
  if (keys === null) {
    // Compiled by itself, without values: every column as a parameter.
    if (values === null)
      for (const column of columnsOf(table.c))
        if (column.key !== null && (column as { omitFromStatements?: boolean }).omitFromStatements !== true)
          given.set(column.key, required(column, column.key));
  } else {
    for (const key of keys) {
      if (values?.has(key)) continue;
      const column = columnByKey(table.c, key);
      // Other names are parameters somewhere in the statement; a name that is nowhere is noticed at execution.
      if (column === undefined) continue;
      given.set(key, required(column, key));
    }
  }
  for (const [key, value] of values ?? []) given.set(key, value);
  const unknown = [...given.keys()].filter(
    (key): key is string => typeof key === "string" && columnByKey(table.c, key) === undefined,
  );
  if (unknown.length > 0) {
    throw new CompileError(`Unconsumed column names: ${unknown.join(", ")}`, {
      fix: `${verb}: the columns of ${table.description} are ${columnsOf(table.c)
        .map((column) => column.key)
        .join(", ")}`,
    });
  }
  return given;
}

function required(column: ColumnElement, key: string): BindParameter {
  return new CrudBind(key, key, null, column.type, { required: true });
}

/** The value that a default of the program's side gives at execution. */
export class DefaultBind extends CrudBind {}

function defaultBind(column: ColumnElement, name: string): BindParameter {
  return new DefaultBind(name, name, null, column.type, { required: false });
}

function asAssignment(compiler: Compiler, column: ColumnElement, value: Node): Assignment {
  if (value instanceof BindParameter) {
    // Inside another statement (a CTE) the names of columns may be taken: literals get made-up names there.
    if (value instanceof CrudBind && compiler.stack.length > 1 && !value.required) {
      return {
        column,
        value: new BindParameter(anonymousName(value), null, value.value, value.type, {
          unique: true,
          origin: value.origin,
        }),
        isExpression: false,
      };
    }
    const typed =
      value.type.affinity === "null" && column.type.affinity !== "null" ? value.withType(column.type) : value;
    // A literal has no name of its own: it takes the column's.
    if (value.bindKey === null && column.key !== null && compiler.stack.length === 1)
      return {
        column,
        value: new CrudBind(column.key, column.key, value.value, typed.type, { origin: value.origin }),
        isExpression: false,
      };
    return { column, value: typed, isExpression: !(value instanceof CrudBind) };
  }
  const element = value instanceof ColumnElement ? value : scalarOf(value);
  return { column, value: element instanceof ColumnElement ? element.selfGroup(null) : element, isExpression: true };
}

const anonymousNames = new WeakMap<BindParameter, AnonName>();

function anonymousName(bind: BindParameter): AnonName {
  let name = anonymousNames.get(bind);
  if (name === undefined) anonymousNames.set(bind, (name = new AnonName("param")));
  return name;
}

function scalarOf(value: Node): Node {
  return (value as { scalarSubquery?: () => ColumnElement }).scalarSubquery?.() ?? value;
}

/** Works out one row of an INSERT. */
export function insertRow(compiler: Compiler, statement: Insert, values: Values | null, rowIndex = 0): RowPlan {
  const { capabilities } = compiler.dialect;
  const table = baseTable(statement.table);
  const given = givenValues(compiler.options.columnKeys ?? null, statement.table, values, "insert()");
  const assignments: Assignment[] = [];
  const prefetch: Prefetch[] = [];
  const postfetch: ColumnElement[] = [];
  const implicit: ColumnElement[] = [];
  const crud = isCrudTable(table);
  const single = rowIndex === 0 && statement.multiValues === null;
  const fetchesKey =
    crud &&
    single &&
    !statement.isInline &&
    statement.returningColumns.length === 0 &&
    compiler.options.forExecutemany !== true;
  const wantsDefaults = statement.defaultsReturned !== null;
  const returnsKey =
    (fetchesKey || wantsDefaults) &&
    capabilities.insertReturning &&
    (crud ? table.implicitReturning : false) &&
    // Without a numbered column there is no last row id that could tell the key.
    (capabilities.keysByReturning || wantsDefaults || (crud && table.autoincrementColumn === null)) &&
    (compiler.options.forExecutemany !== true || capabilities.insertManyReturning);
  const returnsDefaults =
    wantsDefaults &&
    capabilities.insertReturning &&
    crud &&
    table.implicitReturning &&
    (compiler.options.forExecutemany !== true || capabilities.insertManyReturning);
  const wanted = (column: ColumnElement): boolean =>
    statement.defaultsReturned === true ||
    (Array.isArray(statement.defaultsReturned) && statement.defaultsReturned.includes(column));
  const bringBack = (column: ColumnElement): void => {
    if (returnsDefaults && wanted(column)) implicit.push(column);
    else postfetch.push(column);
  };
  const bindName = (column: ColumnElement): string =>
    rowIndex === 0 ? (column.key as string) : `${column.key}_m${rowIndex}`;
  for (const raw of columnsOf(statement.table.c)) {
    const key = raw.key as string;
    const column = ownColumn(table, raw);
    const isKey = crud && table.primaryKeyColumns.includes(column);
    const value = given.get(key);
    if (value !== undefined) {
      const assignment = asAssignment(compiler, column, value);
      assignments.push(assignment);
      if (isKey && assignment.isExpression && !(value instanceof BindParameter) && fetchesKey) {
        if (returnsKey) implicit.push(column);
        else postfetch.push(column);
      } else if (crud && column === table.autoincrementColumn && returnsKey && mayBeNumbered(value, compiler))
        implicit.push(column);
      else if (
        assignment.isExpression &&
        !(value instanceof BindParameter) &&
        !isKey &&
        returnsDefaults &&
        wanted(column)
      )
        implicit.push(column);
      // Asked for by name: rows of an executemany are told apart by their keys, given or not.
      else if (
        isKey &&
        compiler.options.forExecutemany === true &&
        returnsDefaults &&
        statement.defaultsReturned !== true &&
        wanted(column)
      )
        implicit.push(column);
      continue;
    }
    if (!crud) continue;
    const fallback = defaultPlan(column.default);
    if (fallback !== null) {
      if (fallback.kind === "sequence") {
        if (capabilities.sequences && !(fallback.optional && capabilities.optionalSequences)) {
          if (isKey && fetchesKey && !returnsKey) {
            const bind = defaultBind(column, bindName(column));
            assignments.push({ column, value: bind, isExpression: false });
            prefetch.push({ column, bind, isUpdate: false, row: rowIndex });
          } else {
            assignments.push({ column, value: fallback.expression as Node, isExpression: true });
            if (isKey && returnsKey) implicit.push(column);
            else if (!isKey) bringBack(column);
          }
        } else if (isKey && returnsKey) implicit.push(column);
        continue;
      }
      if (fallback.kind === "expression") {
        if (isKey && fetchesKey && !returnsKey) {
          // Nothing would tell what the database computed: it is computed before.
          const bind = defaultBind(column, bindName(column));
          assignments.push({ column, value: bind, isExpression: false });
          prefetch.push({ column, bind, isUpdate: false, row: rowIndex, query: fallback.expression as ClauseElement });
          continue;
        }
        assignments.push({ column, value: groupedDefault(fallback.expression as Node), isExpression: true });
        if (isKey) {
          if (returnsKey) implicit.push(column);
        } else bringBack(column);
        continue;
      }
      const bind = defaultBind(column, bindName(column));
      assignments.push({ column, value: bind, isExpression: false });
      prefetch.push({ column, bind, isUpdate: false, row: rowIndex });
      continue;
    }
    if (isKey) {
      const generated =
        column === table.autoincrementColumn || column.serverDefault !== null || column.identity !== null;
      if (
        !generated &&
        column.computed === null &&
        !column.nullable &&
        (fetchesKey || !(returnsDefaults && wanted(column)))
      )
        warnOfMissingKey(table, column);
      if (generated && returnsKey) implicit.push(column);
      else if (fetchesKey && column === table.autoincrementColumn) {
        const before = keyBefore(compiler, table, column);
        if (before !== null) {
          const bind = defaultBind(column, bindName(column));
          assignments.push({ column, value: bind, isExpression: false });
          prefetch.push({ column, bind, isUpdate: false, row: rowIndex, query: before });
        }
      }
      continue;
    }
    if (column.serverDefault !== null || column.computed !== null || column.identity !== null) bringBack(column);
    else if (returnsDefaults && wanted(column)) implicit.push(column);
  }
  const named =
    statement.multiValues === null ? assignments : assignments.map((assignment) => numbered(assignment, rowIndex));
  return {
    assignments: withDmlColumns(named, "INSERT"),
    prefetch,
    postfetch,
    implicitReturning: withSupplemental(statement, implicit),
  };
}

/** A key that is given, and may be a NULL in whose place the database puts the next number. */
function mayBeNumbered(value: Node, compiler: Compiler): boolean {
  if (compiler.dialect.capabilities.nullKeyAutoincrements !== true || !(value instanceof BindParameter)) return false;
  return (value instanceof CrudBind && value.required) || value.value === null;
}

/** Nothing tells where the value of a key column is to come from. */
function warnOfMissingKey(table: Table, column: Column): void {
  const composite =
    table.primaryKeyColumns.length > 1
      ? "  Note that 'autoincrement: true' must be indicated explicitly for composite (e.g. multicolumn) primary keys if AUTO_INCREMENT/SERIAL/IDENTITY behavior is expected for one of the columns in the primary key."
      : "";
  warn(
    `Column '${table.name}.${column.name}' is marked as a member of the primary key for table '${table.name}', but has no client-side or server-side default generator indicated, nor does it indicate 'autoincrement: true' or 'nullable: true', and no explicit value is passed.  Primary key columns typically may not store NULL.${composite}`,
  );
}

/** What is brought back, with the columns that `returnDefaults({ supplementalCols })` asks for. */
export function withSupplemental(statement: Dml, implicit: readonly ColumnElement[]): readonly ColumnElement[] {
  if (statement.supplementalReturned.length === 0) return implicit;
  const all = new Set([...implicit, ...statement.supplementalReturned]);
  return [...new Set([...columnsOf(statement.table.c).filter((column) => all.has(column)), ...all])];
}

/** Values of several rows get a suffix, `name_m0`. */
function numbered(assignment: Assignment, row: number): Assignment {
  const { value, isExpression } = assignment;
  if (isExpression || !(value instanceof BindParameter) || value instanceof DefaultBind || value.bindKey === null)
    return assignment;
  const name = `${value.bindKey}_m${row}`;
  return { ...assignment, value: new BindParameter(name, name, value.value, value.type, { origin: value.origin }) };
}

/** The assignments with {@link DmlColumn}s replaced by what the columns they name are given. */
function withDmlColumns(assignments: readonly Assignment[], verb: "INSERT" | "UPDATE"): readonly Assignment[] {
  const refers = ({ value, isExpression }: Assignment): boolean => {
    if (isExpression) for (const node of iterate(value)) if (node instanceof DmlColumn) return true;
    return false;
  };
  if (!assignments.some(refers)) return assignments;
  const open = new Set<Assignment>();
  const resolve = (assignment: Assignment): Node => {
    if (open.has(assignment))
      throw new CompileError(
        `fromDmlColumn() goes in a circle: ${[...open].map(({ column }) => String(column.key)).join(", ")}`,
        { fix: `name a column that the ${verb} sets without it` },
      );
    open.add(assignment);
    const value = replacementTraverse(assignment.value, (node) => {
      if (!(node instanceof DmlColumn)) return undefined;
      const { canonical } = node.column;
      const source = assignments.find(({ column }) => column === canonical || column === node.column);
      if (source !== undefined) return resolve(source);
      if (verb === "UPDATE") return canonical;
      throw new CompileError(`Can't resolve referenced column name in INSERT statement: '${node.column.key}'`, {
        fix: "give that column a value too",
      });
    });
    open.delete(assignment);
    return value;
  };
  return assignments.map((assignment) =>
    refers(assignment) ? { ...assignment, value: resolve(assignment) } : assignment,
  );
}

/** The query for a key that INSERT will not bring back; null where the database makes it without being asked. */
function keyBefore(compiler: Compiler, table: Table, column: Column): ClauseElement | null {
  const { dialect } = compiler;
  const { identity, serverDefault } = column;
  const isAskable = identity === null ? serverDefault === null : !identity.always;
  if (dialect.nextKey === undefined || !isAskable) return null;
  return dialect.nextKey(table.name, compiler.effectiveSchema(table.schema), column);
}

function groupedDefault(expression: Node): Node {
  const element = scalarOf(expression);
  return element instanceof ColumnElement ? element.selfGroup(null) : element;
}

/** Works out the SET of an UPDATE. */
export function updateRow(
  compiler: Compiler,
  statement: Update,
): RowPlan & { readonly otherTables: ReadonlySet<FromClause> } {
  const { capabilities } = compiler.dialect;
  const table = baseTable(statement.table);
  const primary = primaryTable(statement.table);
  const keys = compiler.options.columnKeys ?? null;
  const values = statement.assignments;
  const whereBinds = keys === null ? new Set<string>() : namesIn(statement.whereClauses);
  // A parameter of WHERE that is named as a column is set as well: the compiler then reports the name as reserved.
  const relevant = keys?.filter((key) => !whereBinds.has(key) || columnByKey(primary.c, key) !== undefined) ?? null;
  const given = givenValues(relevant, primary, values, "update()");
  const assignments: Assignment[] = [];
  const prefetch: Prefetch[] = [];
  const postfetch: ColumnElement[] = [];
  const implicit: ColumnElement[] = [];
  const otherTables = new Set<FromClause>();
  const crud = isCrudTable(table);
  const returnsDefaults =
    statement.defaultsReturned !== null && capabilities.updateReturning && statement.returningColumns.length === 0;
  const wanted = (column: ColumnElement): boolean =>
    statement.defaultsReturned === true ||
    (Array.isArray(statement.defaultsReturned) && statement.defaultsReturned.includes(column));
  const bringBack = (column: ColumnElement): void => {
    if (returnsDefaults && wanted(column)) implicit.push(column);
    else postfetch.push(column);
  };
  const foreign: Assignment[] = [];
  for (const [key, value] of given) {
    if (typeof key === "string") continue;
    const other = key instanceof ColumnClause ? (key.table as FromClause | null) : null;
    if (other !== null) otherTables.add(other);
    foreign.push(asAssignment(compiler, key, value));
  }
  const own: Assignment[] = [];
  for (const raw of columnsOf(primary.c)) {
    const column = ownColumn(table, raw);
    const value = given.get(column.key as string);
    if (value !== undefined) {
      const assignment = asAssignment(compiler, column, value);
      own.push(assignment);
      if (assignment.isExpression && !(value instanceof BindParameter)) bringBack(column);
      continue;
    }
    if (!crud) continue;
    const fallback = defaultPlan(column.onupdate);
    if (fallback !== null && fallback.kind !== "sequence") {
      if (fallback.kind === "expression") {
        own.push({ column, value: groupedDefault(fallback.expression as Node), isExpression: true });
        bringBack(column);
      } else {
        const bind = defaultBind(column, column.key as string);
        own.push({ column, value: bind, isExpression: false });
        prefetch.push({ column, bind, isUpdate: true, row: 0 });
      }
    } else if (column.serverOnupdate) bringBack(column);
    else if (returnsDefaults && statement.defaultsReturned !== true && wanted(column)) implicit.push(column);
  }
  if (statement.isOrdered) {
    const order = [...given.keys()];
    const position = (assignment: Assignment): number => {
      const index = order.findIndex((key) => key === assignment.column.key || key === assignment.column);
      return index < 0 ? order.length : index;
    };
    assignments.push(...[...own, ...foreign].sort((a, b) => position(a) - position(b)));
  } else
    assignments.push(
      ...foreign.filter(({ column }) => column instanceof ColumnClause),
      ...own,
      ...foreign.filter(({ column }) => !(column instanceof ColumnClause)),
    );
  return {
    assignments: withDmlColumns(assignments, "UPDATE"),
    prefetch,
    postfetch,
    implicitReturning: withSupplemental(statement, implicit),
    otherTables,
  };
}

function namesIn(clauses: readonly Node[]): Set<string> {
  const names = new Set<string>();
  const walk = (node: Node): void => {
    if (node instanceof BindParameter && node.bindKey !== null) names.add(node.bindKey);
  };
  for (const clause of clauses) for (const node of iterate(clause)) walk(node);
  return names;
}
