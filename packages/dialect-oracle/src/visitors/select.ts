/** SELECT on Oracle: FETCH with plain numbers, ROWNUM and joins in WHERE for old servers, hints in comments. */
import {
  allFroms,
  appliesTo,
  BindParameter as Bind,
  type BindParameter,
  type ClauseElement,
  type ColumnClause,
  ColumnElement,
  CompileError,
  type Compiler,
  type ForUpdate,
  FromClause,
  type GenerativeSelect,
  hintText,
  Join,
  joinConditions,
  LiteralColumn,
  literalColumn,
  type Node,
  NULLTYPE,
  operators,
  replacementTraverse,
  Select,
  type SelectState,
  transformStatement,
  visitFromList,
  visitSelect,
} from "@athanor/core";

const major = (compiler: Compiler): number => compiler.dialect.serverVersion[0] ?? 23;

/** A plain number is written into the text at execution; expressions and named parameters stay. */
function inline(clause: ColumnElement): ColumnElement {
  return clause instanceof Bind && clause.bindKey === null ? (clause as BindParameter).withLiteralExecute() : clause;
}

/** `OFFSET m ROWS FETCH FIRST n ROWS ONLY` */
export function visitRowLimit(compiler: Compiler, select: GenerativeSelect): string {
  let text = "";
  if (select.offsetClause !== null) text += `\n OFFSET ${compiler.visit(inline(select.offsetClause))} ROWS`;
  const count = select.fetchClause ?? select.limitClause;
  if (count !== null) {
    const options = select.fetchOptions;
    const approximate = options?.["oracleFetchApproximate"] ? "APPROX " : "";
    text += `\n FETCH ${approximate}FIRST ${compiler.visit(inline(count))}${options?.percent ? " PERCENT" : ""} ROWS ${options?.withTies ? "WITH TIES" : "ONLY"}`;
  }
  return text;
}

/** SELECT; rewritten for servers without FETCH (before 12) and without JOIN (8). */
export function visitOracleSelect(compiler: Compiler, given: Select): string {
  if (major(compiler) >= 12) return visitSelect(compiler, given);
  let select = transformStatement(given, compiler);
  if (major(compiler) < 9) select = withoutJoins(select);
  return visitSelect(compiler, select.hasRowLimit && !needsFetch(select) ? byRowNumber(select) : select);
}

/** What ROWNUM cannot say goes to the server, which refuses it. */
function needsFetch(select: Select): boolean {
  const { percent, withTies } = select.fetchOptions ?? {};
  return percent === true || withTies === true;
}

/** Rows cut by ROWNUM, in one subquery for a limit and two for an offset. */
function byRowNumber(select: Select): Select {
  const { offsetClause: offset, forUpdateClause: lock } = select;
  const count = select.fetchClause ?? select.limitClause;
  const core = select.limit(null).offset(null);
  core.forUpdateClause = null;
  const inner = core.alias();
  const columns = [...inner.c];
  const rownum = new LiteralColumn("ROWNUM");
  let limited = new Select(columns).selectFrom(inner);
  if (offset === null) {
    if (count !== null) limited = limited.where(rownum.le(inline(count)));
    limited.forUpdateClause = lockedThrough(lock, inner);
    return limited;
  }
  limited = limited.addColumns(rownum.label("ora_rn")) as unknown as Select;
  if (count !== null) limited = limited.where(rownum.le(inline(count).add(inline(offset))));
  const numbered = limited.alias();
  const outer = new Select([...numbered.c].filter((column) => column.key !== "ora_rn"))
    .selectFrom(numbered)
    .where(literalColumn("ora_rn").gt(inline(offset)));
  outer.forUpdateClause = lockedThrough(lock, numbered);
  return outer;
}

/** A lock of columns, named by what the subquery makes of them. */
function lockedThrough(lock: ForUpdate | null, subquery: FromClause): ForUpdate | null {
  if (lock === null || lock.of === null) return lock;
  return replacementTraverse(lock, (node) =>
    node instanceof ColumnElement ? (subquery.correspondingColumn(node) ?? undefined) : undefined,
  );
}

/** Joins as a list of tables with their conditions in WHERE, outer joins marked with `(+)`. */
function withoutJoins(select: Select): Select {
  const conditions: ClauseElement[] = [];
  const flatten = (from: Node): Node[] => {
    if (!(from instanceof Join)) return [from];
    if (from.full) throw new CompileError("Oracle 8 has no FULL OUTER JOIN");
    conditions.push(from.isouter ? new OuterJoinCondition(from.onclause, from.right) : from.onclause);
    return [...flatten(from.left), ...flatten(from.right)];
  };
  const froms = new Set((select.joins.length > 0 ? allFroms(select) : select.fromClauses).flatMap(flatten));
  if (conditions.length === 0) return select;
  const result = select.where();
  result.fromClauses = [...froms];
  result.joins = [];
  result.whereClauses = [...select.whereClauses, joinConditions(operators.and, conditions)];
  return result;
}

/** A condition in which the columns of one side carry `(+)`. */
class OuterJoinCondition extends ColumnElement<boolean> {
  readonly element: ClauseElement;
  readonly side: FromClause;
  constructor(element: ClauseElement, side: FromClause) {
    super(NULLTYPE);
    this.element = element;
    this.side = side;
  }
  /** A condition already: nothing is added where truth values are numbers. */
  override selfGroup(): ColumnElement {
    return this;
  }
}
Object.defineProperty(OuterJoinCondition.prototype, "kind", { value: "oracleOuterJoin" });

const outerSides = new WeakMap<Compiler, Set<unknown>>();

/** See {@link OuterJoinCondition}. */
export function visitOuterJoinCondition(
  compiler: Compiler,
  node: { readonly element: ClauseElement; readonly side: FromClause },
): string {
  let sides = outerSides.get(compiler);
  if (sides === undefined) outerSides.set(compiler, (sides = new Set()));
  sides.add(node.side);
  try {
    return compiler.visit(node.element);
  } finally {
    sides.delete(node.side);
  }
}

/** The mark of a column of the outer side. */
export function outerMark(compiler: Compiler, column: ColumnClause): string {
  return column.table !== null && outerSides.get(compiler)?.has(column.table) ? "(+)" : "";
}

/** `/*+ hint *\/` behind SELECT. */
export function visitSelectHint(compiler: Compiler, state: SelectState): string {
  return state.select.hints
    .filter((hint) => hint.table !== null && appliesTo(hint.dialect, compiler.dialect.name))
    .map((hint) => {
      return `/*+ ${hintText(compiler, hint)} */`;
    })
    .join(" ");
}

/** FROM without hints: they stand behind SELECT. */
export function visitPlainFromList(compiler: Compiler, state: SelectState): string {
  return visitFromList(compiler, { ...state, select: Object.assign(state.select.where(), { hints: [] }) });
}

/** ` FOR UPDATE OF column NOWAIT`; Oracle locks no rows of subqueries. */
export function visitForUpdate(compiler: Compiler, lock: ForUpdate): string {
  if (compiler.stack.length > 1) return "";
  let text = " FOR UPDATE";
  if (lock.of !== null) text += ` OF ${lock.of.map((target) => lockTarget(compiler, target)).join(", ")}`;
  if (lock.nowait) text += " NOWAIT";
  if (lock.skipLocked) text += " SKIP LOCKED";
  return text;
}

/** Oracle locks the tables of the columns that are named; a table is named by one of its columns. */
function lockTarget(compiler: Compiler, target: Node): string {
  if (target instanceof FromClause) {
    const column = target.primaryKeyColumns[0] ?? [...target.c][0];
    if (column === undefined)
      throw new CompileError(`FOR UPDATE OF ${target.description}: Oracle wants a column, and there is none`);
    return compiler.visit(column);
  }
  return compiler.visit(target);
}
