/** SELECT, clause by clause. The hooks (`limit`, `forUpdate`, `selectPrefix`, …) are what dialects replace. */
import type { Name } from "../../ast/name.ts";
import type { Node } from "../../ast/node.ts";
import { CompileError } from "../../errors/errors.ts";
import { TypeCoerce } from "../../expression/cast.ts";
import type { ClauseElement } from "../../expression/clause-element.ts";
import { ColumnClause, lineage } from "../../expression/column-clause.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import type { FromElement } from "../../expression/from-element.ts";
import { Grouping } from "../../expression/grouping.ts";
import { Label } from "../../expression/label.ts";
import { LabelReference } from "../../expression/label-reference.ts";
import { Tuple } from "../../expression/tuple.ts";
import { AsBoolean, Unary } from "../../expression/unary.ts";
import { operators } from "../../operator/table.ts";
import { appliesTo, type Hint } from "../../selectable/decoration.ts";
import { ForUpdate } from "../../selectable/for-update.ts";
import { FromClause } from "../../selectable/from-clause.ts";
import type { GenerativeSelect } from "../../selectable/generative-select.ts";
import { labelQuote, type NamedColumn } from "../../selectable/naming.ts";
import type { Select } from "../../selectable/select.ts";
import { TableClause } from "../../selectable/table-clause.ts";
import type { SqlType } from "../../types/type.ts";
import { warn } from "../../util/warnings.ts";
import { warnOfCartesianProduct } from "../cartesian.ts";
import type { ResultColumn } from "../compiled.ts";
import type { Compiler } from "../compiler.ts";
import { Frame } from "../frame.ts";
import { transformStatement } from "../state/registry.ts";
import { type SelectState, selectState } from "../state/select.ts";
import { enterCteScope, leaveCteScope, renderAddedCtes } from "./cte.ts";
import { modifiedText } from "./operator.ts";
import { decorationText, type SelectPlace, takePlace } from "./place.ts";
import { renamedTables } from "./renamed.ts";

const noFroms: ReadonlySet<FromElement> = new Set();
const uncorrelated = { explicit: noFroms, implicit: noFroms };

/** `SELECT …` */
export function visitSelect(compiler: Compiler, given: Select): string {
  const place = takePlace();
  const select = transformStatement(given, compiler);
  const outer = compiler.frame;
  const correlate = outer?.correlateFroms ?? noFroms;
  const asFrom = outer?.asFromFroms ?? noFroms;
  const correlation =
    outer === undefined
      ? uncorrelated
      : place.asFrom && !place.lateral
        ? { explicit: new Set([...correlate].filter((from) => !asFrom.has(from))), implicit: noFroms }
        : { explicit: correlate, implicit: asFrom };
  const state = selectState(select, correlation);
  const frame = new Frame(select, state.froms, outer, state.columns);
  frame.renamed = renamedTables(compiler, state.froms, outer);
  // Members of a set operation share its WITH: none may stand between them.
  const scope = place.memberIndex === null ? enterCteScope(compiler) : null;
  compiler.stack.push(frame);
  try {
    renderAddedCtes(compiler, select);
    const rewritten = compiler.optionalHook("rewriteSelect", state);
    const body = rewritten ?? selectBody(compiler, state, place);
    warnOfCartesianProduct(compiler, "SELECT", state.froms, state.where === null ? [] : [state.where]);
    return scope === null ? body : leaveCteScope(compiler, scope, body);
  } finally {
    compiler.stack.pop();
  }
}

/** The clauses of a SELECT in SQL's order. */
export function selectBody(compiler: Compiler, state: SelectState, place: SelectPlace): string {
  const { select } = state;
  let text = "SELECT ";
  const hints = compiler.optionalHook("selectHint", state);
  if (hints) text += `${hints} `;
  text += decorationText(select.prefixes, compiler);
  text += compiler.hook("selectPrefix", select);
  // Columns first: their parameters are named before those of FROM, as the text has them.
  const columns = columnList(compiler, state, place);
  text += columns;
  text += fromText(compiler, state);
  if (state.where !== null) {
    const where = compiler.visit(state.where);
    if (where !== "") text += ` \nWHERE ${where}`;
  }
  if (select.groupByClauses.length > 0) text += ` GROUP BY ${groupByText(compiler, select.groupByClauses)}`;
  if (state.having !== null) text += ` \nHAVING ${compiler.visit(state.having)}`;
  text += compiler.hook("tail", select);
  const statementHints = hintsFor(compiler, state, null);
  if (statementHints !== "") text += ` ${statementHints}`;
  const suffix = decorationText(select.suffixes, compiler);
  if (suffix !== "") text += ` ${suffix.trimEnd()}`;
  return text;
}

/** FROM with its keyword, or what a dialect needs where there is none. */
function fromText(compiler: Compiler, state: SelectState): string {
  if (state.froms.length === 0) return compiler.hook("noFrom", state.select);
  const parts = compiler.hook("fromList", state);
  return ` \nFROM ${parts}`;
}

/** The FROM list with table hints. */
export function visitFromList(compiler: Compiler, state: SelectState): string {
  const hints = state.select.hints.length === 0 ? noHints : tableHints(compiler, state);
  return state.froms.map((from) => withHint(compiler, from, hints)).join(", ");
}

const noHints: ReadonlyMap<Node, string> = new Map();
let activeHints: ReadonlyMap<Node, string> | null = null;

function withHint(compiler: Compiler, from: Node, hints: ReadonlyMap<Node, string>): string {
  const before = activeHints;
  activeHints = hints.size === 0 ? null : hints;
  try {
    return fromElementText(compiler, from);
  } finally {
    activeHints = before;
  }
}

/** One element of a FROM list or a side of a join, with its hint. */
export function fromElementText(compiler: Compiler, from: Node): string {
  const hint = activeHints?.get(from);
  const text = compiler.visit(from);
  if (hint === undefined) return text;
  return compiler.hook("tableHint", { table: text, hint });
}

/** A table with its hint; most databases know none. */
export function visitTableHint(
  _compiler: Compiler,
  { table }: { readonly table: string; readonly hint: string },
): string {
  return table;
}

function tableHints(compiler: Compiler, state: SelectState): ReadonlyMap<Node, string> {
  const hints = new Map<Node, string>();
  for (const hint of state.select.hints) {
    if (hint.table === null || !appliesTo(hint.dialect, compiler.dialect.name)) continue;
    const text = hintText(compiler, hint);
    const known = hints.get(hint.table);
    hints.set(hint.table, known === undefined ? text : `${known} ${text}`);
  }
  return hints;
}

/** The text of a hint, with the table's name put in. */
export function hintText(compiler: Compiler, { table, text }: Hint): string {
  if (!(table instanceof FromClause) || table.name === null || !text.includes("%(name)s")) return text;
  const name = table instanceof TableClause ? compiler.visit(table) : compiler.nameIdentifier(table.name);
  return text.replaceAll("%(name)s", name);
}

/** Hints of a table, or of the statement. */
export function hintsFor(compiler: Compiler, state: SelectState, table: Node | null): string {
  if (state.select.hints.length === 0) return "";
  return state.select.hints
    .filter((hint) => hint.table === table && appliesTo(hint.dialect, compiler.dialect.name))
    .map((hint) => hint.text)
    .join(" ");
}

/** DISTINCT, TOP and the like, each followed by a blank. */
export function visitSelectPrefix(_compiler: Compiler, select: Select): string {
  return select.isDistinct ? "DISTINCT " : "";
}

/** The column list. */
function columnList(compiler: Compiler, state: SelectState, place: SelectPlace): string {
  const isResult =
    compiler.stack.length === 1 && !place.asFrom && (place.memberIndex === null || place.memberIndex === 0);
  const memberResult = place.memberIndex === 0 && isFetched(compiler, place);
  const collects = (isResult || memberResult) && compiler.resultColumns === null && outermostIsSelect(compiler);
  const fetched = !place.asFrom && isFetched(compiler, place);
  let text = "";
  for (const named of state.columns) {
    const part = columnText(compiler, named, place.asFrom, collects, fetched);
    if (part !== "") text += text === "" ? part : `, ${part}`;
  }
  return text;
}

/** Whether the rows go to the program: the outermost SELECT, and the members of an outermost set operation. */
function isFetched(compiler: Compiler, place: SelectPlace): boolean {
  const { stack } = compiler;
  if (stack.length === 1) return true;
  return place.memberIndex !== null && stack.slice(0, -1).every(({ statement }) => statement.kind === "compound");
}

function outermostIsSelect(compiler: Compiler): boolean {
  const outermost = compiler.stack[0]?.statement.kind;
  return outermost === "select" || outermost === "compound";
}

/**
 * One column with its label. `collects` notes it as a result column; `fetched`: its values go to the program, so that its type
 * may wrap it.
 */
export function columnText(
  compiler: Compiler,
  named: NamedColumn,
  asFrom: boolean,
  collects: boolean,
  fetched = collects,
): string {
  const { column, label, name } = named;
  if (!(column instanceof ColumnElement)) {
    if (collects) compiler.positionalResult = false;
    return compiler.visit(column);
  }
  const element = unwrapLabel(column);
  if (element instanceof Tuple)
    throw new CompileError("Most databases do not select a tuple()", { fix: "select its members" });
  if (element instanceof Unary && element.operator === operators.distinct)
    warn(
      "distinct() of a column is meant for the arguments of aggregate functions; for SELECT DISTINCT use .distinct() of the statement",
    );
  const expression = fetched ? columnExpression(compiler, element) : element;
  let shown: Name | null = label;
  const negated = asFrom ? null : plainOperand(element);
  if (column instanceof Label) shown = label ?? column.name;
  else if (negated !== null && typeof label !== "string") shown = null;
  else if (
    label !== null &&
    !asFrom &&
    element instanceof AsBoolean &&
    compiler.dialect.supportsNativeBoolean &&
    hasOwnName(element.element)
  )
    shown = null;
  else if (shown === null && expression !== element) shown = element.resultName ?? element.anonLabel;
  else if (shown === null && asFrom && element instanceof ColumnClause && element.table !== null) shown = element.name;
  else if (shown === null && typeof name !== "string" && name !== null && !element.namesItself)
    shown = element instanceof ColumnClause ? null : name;
  // The label's name is made up before the parameters inside, so that it gets the lower number.
  const isChosen = column instanceof Label && shown === column.name && typeof shown === "string";
  const fullText = shown === null ? null : compiler.fullName(shown);
  const labelText = fullText === null || isChosen ? fullText : compiler.truncate(fullText);
  const text = compiler.visit(expression);
  if (collects) {
    const known = labelText === null && negated !== null ? negated.resultName : name;
    const resultName = fullText ?? (known === null ? text : compiler.resolveName(known));
    const key = column.key !== null && label === null ? column.key : resultName;
    compiler.addResultColumn(new SelectedColumn(resultName, key, compiler.dialect.adaptType(column.type), column));
  }
  if (labelText === null) return text;
  return `${text} AS ${compiler.identifier(labelText, labelQuote(column, labelText))}`;
}

/** A result column whose expressions are looked up when somebody asks for them. */
class SelectedColumn implements ResultColumn {
  readonly name: string;
  readonly key: string;
  readonly type: SqlType;
  readonly column: ColumnElement;

  constructor(name: string, key: string, type: SqlType, column: ColumnElement) {
    this.name = name;
    this.key = key;
    this.type = type;
    this.column = column;
  }

  get elements(): ReadonlySet<ColumnElement> {
    return lineage(this.column);
  }
}

/** `-a`: the named column that an operator stands before; such an expression keeps the column's name. */
function plainOperand(element: ColumnElement): ColumnElement | null {
  if (!(element instanceof Unary) || element.operator === null) return null;
  const operand = ungrouped(element.element);
  return operand instanceof ColumnClause ? operand : null;
}

/** Whether the database knows an expression by a name of its own. */
function hasOwnName(element: ColumnElement): boolean {
  const inner = ungrouped(element);
  return inner instanceof ColumnClause || inner instanceof Label;
}

function ungrouped(element: ColumnElement): ColumnElement {
  return element instanceof Grouping ? element.element : element;
}

function unwrapLabel(column: ColumnElement): ColumnElement {
  return column instanceof Label ? column.element : column;
}

/** A column as its type wants it to be selected. */
export function columnExpression(compiler: Compiler, element: ColumnElement): ColumnElement {
  const type = compiler.dialect.adaptType(element.type) as { columnExpression?: (column: ColumnElement) => unknown };
  if (type.columnExpression === undefined || element instanceof TypeCoerce) return element;
  const wrapped = type.columnExpression(element);
  return wrapped instanceof ColumnElement ? wrapped : element;
}

// ---- ORDER BY, GROUP BY ----

/** An ORDER BY list; labels of the statement are named instead of repeated. */
export function orderByText(compiler: Compiler, clauses: readonly ClauseElement[]): string {
  return clauses
    .map((clause) => orderElementText(compiler, clause, compiler.dialect.capabilities.orderByLabel))
    .join(", ");
}

/** A GROUP BY list: a label named by a string stays a name, a label object is repeated in full. */
export function groupByText(compiler: Compiler, clauses: readonly ClauseElement[]): string {
  return clauses
    .map((clause) => (clause instanceof LabelReference ? labelReferenceText(compiler, clause) : compiler.visit(clause)))
    .join(", ");
}

function orderElementText(compiler: Compiler, clause: ClauseElement, byLabel: boolean): string {
  if (clause instanceof Unary && clause.modifier !== null) {
    const modifier = compiler.hook(clause.modifier.modifierVisitor, clause);
    const { element } = clause;
    const plain = element instanceof Label && !isNamed(compiler, element, byLabel);
    return `${plain ? modifiedText(compiler, clause) : orderElementText(compiler, element, byLabel)}${modifier}`;
  }
  if (clause instanceof LabelReference) return labelReferenceText(compiler, clause);
  if (clause instanceof Label && isNamed(compiler, clause, byLabel))
    return compiler.nameIdentifier(clause.name, clause.quote);
  return compiler.visit(clause);
}

/** Whether ORDER BY names a label instead of repeating its expression. */
function isNamed(compiler: Compiler, label: Label, byLabel: boolean): boolean {
  if (!label.ordersByName) return false;
  return (byLabel || compiler.frame?.statement.kind === "compound") && compiler.isSelectedLabel(label);
}

/** A label named by a string: the label where the statement has it, otherwise a column of that name. */
export function labelReferenceText(compiler: Compiler, reference: LabelReference): string {
  if (compiler.frame === undefined) return compiler.userText(reference.name);
  const columns = compiler.frame.columns ?? [];
  // The rows of a set operation are known by name only.
  if (compiler.frame.statement.kind === "compound" && columns.some(({ name }) => name === reference.name))
    return compiler.identifier(reference.name);
  const labelled = columns.find(
    ({ column, label }) => (column instanceof Label && column.name === reference.name) || label === reference.name,
  );
  if (labelled !== undefined && labelled.column instanceof Label) {
    return compiler.identifier(reference.name);
  }
  const column = columns.find(
    ({ column: candidate }) =>
      candidate instanceof ColumnElement &&
      (candidate.key === reference.name || candidate.resultName === reference.name),
  );
  if (column !== undefined) return compiler.visit(column.column);
  for (const from of compiler.frame.asFromFroms ?? []) {
    if (from instanceof FromClause) {
      const found = [...from.c].find((candidate) => candidate.key === reference.name);
      if (found !== undefined) return compiler.visit(found);
    }
  }
  throw new CompileError(
    `Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL expression ${JSON.stringify(reference.name)} should be explicitly declared as text(${JSON.stringify(reference.name)})`,
  );
}

/** ORDER BY … LIMIT … FOR UPDATE, in the order that most databases want. */
export function visitTail(compiler: Compiler, select: GenerativeSelect): string {
  let text = "";
  if (select.orderByClauses.length > 0) text += compiler.hook("orderBy", select);
  if (select.hasRowLimit) text += compiler.hook("rowLimit", select);
  if (select.forUpdateClause !== null) text += compiler.hook("forUpdateClause", select);
  return text;
}

/** ` ORDER BY …` */
export function visitOrderBy(compiler: Compiler, select: GenerativeSelect): string {
  const render = (): string => orderByText(compiler, select.orderByClauses);
  const text = select.kind === "compound" ? compiler.within({ bareColumns: true }, render) : render();
  return text === "" ? "" : ` ORDER BY ${text}`;
}

/** LIMIT or FETCH. */
export function visitRowLimit(compiler: Compiler, select: GenerativeSelect): string {
  return select.fetchClause !== null ? compiler.hook("fetch", select) : compiler.hook("limit", select);
}

/** `LIMIT n OFFSET m` */
export function visitLimit(compiler: Compiler, select: GenerativeSelect): string {
  let text = "";
  if (select.limitClause !== null) text += `\n LIMIT ${compiler.visit(select.limitClause)}`;
  if (select.offsetClause !== null) {
    if (select.limitClause === null) text += "\n LIMIT -1";
    text += ` OFFSET ${compiler.visit(select.offsetClause)}`;
  }
  return text;
}

/** `OFFSET m ROWS FETCH FIRST n ROWS ONLY` */
export function visitFetch(compiler: Compiler, select: GenerativeSelect): string {
  let text = "";
  if (select.offsetClause !== null) text += `\n OFFSET ${compiler.visit(select.offsetClause)} ROWS`;
  const count = select.fetchClause ?? select.limitClause;
  if (count !== null) {
    const options = select.fetchOptions;
    text += `\n FETCH FIRST ${compiler.visit(count)}${options?.percent ? " PERCENT" : ""} ROWS ${options?.withTies ? "WITH TIES" : "ONLY"}`;
  }
  return text;
}

/** ` FOR UPDATE`; the rows of a set operation cannot be locked. */
export function visitForUpdateClause(compiler: Compiler, select: GenerativeSelect): string {
  if (select.kind === "compound") return "";
  return select.forUpdateClause instanceof ForUpdate ? compiler.hook("forUpdate", select.forUpdateClause) : "";
}

/** What stands where there is no FROM. */
export function visitNoFrom(_compiler: Compiler, _select: Select): string {
  return "";
}
