/** What a SELECT means before it is written: its FROM list, its joins, its named columns. No text here. */
import type { Node } from "../../ast/node.ts";
import { InvalidRequestError } from "../../errors/errors.ts";
import { ClauseElement } from "../../expression/clause-element.ts";
import { conjunction } from "../../expression/clause-list.ts";
import type { FromElement } from "../../expression/from-element.ts";
import { columnByKey } from "../../selectable/column-collection.ts";
import { canJoin, joinCondition } from "../../selectable/foreign-keys.ts";
import { FromClause } from "../../selectable/from-clause.ts";
import { Join } from "../../selectable/join.ts";
import type { JoinEntry } from "../../selectable/join-arguments.ts";
import { type NamedColumn, nameColumns } from "../../selectable/naming.ts";
import { reducedColumns } from "../../selectable/reduce-columns.ts";
import { columnFroms, expandColumns, type Select } from "../../selectable/select.ts";
import { deriveSelect } from "../../selectable/select-port.ts";

/** A SELECT, worked out. */
export interface SelectState {
  readonly select: Select;
  readonly columns: readonly NamedColumn[];
  /** The FROM list, joins in place. */
  readonly froms: readonly Node[];
  readonly where: ClauseElement | null;
  readonly having: ClauseElement | null;
}

/** What of the enclosing statements a SELECT may refer to. */
export interface Correlation {
  /** May be left out where `correlate()` names them. */
  readonly explicit: ReadonlySet<FromElement>;
  /** Are left out by themselves when something else remains. */
  readonly implicit: ReadonlySet<FromElement>;
}

/** Works out a SELECT. */
export function selectState(select: Select, correlation: Correlation): SelectState {
  return {
    select,
    columns: select.namedColumns,
    froms: displayFroms(select, correlation),
    where: conjunction(select.whereClauses),
    having: conjunction(select.havingClauses),
  };
}

/** Every FROM object of a SELECT, joins applied, in order of appearance; before correlation. */
export function allFroms(select: Select): Node[] {
  const froms = new Set<Node>();
  const bases = joinedFroms(select);
  for (const from of bases) froms.add(from);
  const found = new Set<FromElement>();
  for (const column of select.rawColumns) if (column instanceof ClauseElement) column.collectFroms(found);
  for (const clause of select.whereClauses) clause.collectFroms(found);
  for (const from of found) froms.add(from);
  return [...froms];
}

/** Whether nothing of a FROM element is needed because another one contains it. */
function withoutHidden(froms: readonly Node[]): Node[] {
  const hidden = new Set<Node>();
  for (const from of froms) if (from instanceof FromClause) for (const inner of from.hides) hidden.add(inner);
  // A CTE that was given its recursive part replaces the one before.
  for (const from of froms) {
    for (
      let earlier = (from as { restates?: Node | null }).restates;
      earlier;
      earlier = (earlier as { restates?: Node | null }).restates
    )
      hidden.add(earlier);
  }
  return hidden.size === 0 ? [...froms] : froms.filter((from) => !hidden.has(from));
}

function displayFroms(select: Select, { explicit, implicit }: Correlation): Node[] {
  let froms = withoutHidden(allFroms(select));
  if (select.correlated !== null && select.correlated.length > 0) {
    const named = new Set<Node>(select.correlated);
    const kept = froms.filter((from) => !(named.has(from) && explicit.has(from as FromElement)));
    froms = kept;
  }
  if (select.correlatedExcept !== null) {
    const excepted = new Set<Node>(select.correlatedExcept);
    froms = froms.filter((from) => excepted.has(from) || !explicit.has(from as FromElement));
  }
  if (select.correlated === null && select.correlatedExcept === null && implicit.size > 0 && froms.length > 1) {
    const kept = froms.filter((from) => !implicit.has(from as FromElement));
    if (kept.length === 0) {
      throw new InvalidRequestError(
        "Select statement returned no FROM clauses due to auto-correlation; specify correlate(<tables>) to control correlation manually.",
      );
    }
    froms = kept;
  }
  return froms;
}

/** `selectFrom()` elements with the joins of `join()` built on them. */
function joinedFroms(select: Select): Node[] {
  const bases: Node[] = [...select.fromClauses];
  for (const entry of select.joins) applyJoin(select, bases, entry);
  return bases;
}

function applyJoin(select: Select, bases: Node[], entry: JoinEntry): void {
  const target = entry.target as FromClause;
  let left: Node;
  let index: number;
  if (entry.from !== null) {
    left = entry.from;
    index = bases.findIndex(
      (base) => base === left || (base instanceof FromClause && base.hides.includes(left as FromClause)),
    );
  } else ({ left, index } = implicitLeft(entry.columns ?? select.rawColumns, bases, target, entry.onclause));
  const base = index >= 0 ? (bases[index] as FromClause) : (left as FromClause);
  // A left side that was named decides, also inside of a chain of joins.
  const side = index >= 0 && entry.from instanceof FromClause ? entry.from : base;
  const onclause = entry.onclause ?? joinCondition(side, target);
  const joined = new Join(base, target, onclause as ClauseElement, entry.isouter, entry.full);
  if (index >= 0) bases[index] = joined;
  else bases.push(joined);
}

function implicitLeft(
  columns: readonly Node[],
  bases: readonly Node[],
  target: FromClause,
  onclause: Node | null,
): { left: Node; index: number } {
  const candidates: { left: Node; index: number }[] = [];
  if (bases.length > 0) bases.forEach((left, index) => candidates.push({ left, index }));
  else {
    for (const left of columnFroms(columns)) if (left !== target) candidates.push({ left, index: -1 });
  }
  const single = candidates.length === 1 ? candidates[0] : undefined;
  if (single !== undefined && onclause !== null) return single;
  const fitting = candidates.filter(
    ({ left }) => left instanceof FromClause && (onclause === null ? canJoin(left, target) : mentions(onclause, left)),
  );
  if (fitting.length === 1) return fitting[0] as { left: Node; index: number };
  if (fitting.length > 1) {
    if (onclause !== null) return fitting[0] as { left: Node; index: number };
    throw new InvalidRequestError(
      "Can't determine which FROM clause to join from, there are multiple FROMS which can join to this entity",
      {
        fix: "use joinFrom() to name the left side, or pass the ON condition",
      },
    );
  }
  if (candidates.length > 0 && onclause !== null) return candidates[0] as { left: Node; index: number };
  throw new InvalidRequestError(`Don't know how to join to ${target.description}`, {
    fix: "please use selectFrom() or joinFrom() to establish an explicit left side, and pass the ON condition where no foreign key tells it",
  });
}

function mentions(onclause: Node, left: FromClause): boolean {
  const found = new Set<FromElement>();
  if (onclause instanceof ClauseElement) onclause.collectFroms(found);
  return [...found].some((from) => left === from || left.hides.includes(from as FromClause));
}

deriveSelect.namedColumns = (select) =>
  nameColumns(expandColumns((select as Select).rawColumns), (select as Select).labelStyle);

const alone: Correlation = { explicit: new Set(), implicit: new Set() };
deriveSelect.finalFroms = (select) => displayFroms(select as Select, alone) as FromClause[];

deriveSelect.filterEntities = (statement) => {
  const select = statement as Select;
  const found = new Set<Node>([...select.joins.map((entry) => entry.target), ...select.fromClauses]);
  for (const from of columnFroms(select.rawColumns)) found.add(from);
  return [...found]
    .filter((node) => node instanceof FromClause)
    .map((from) => ({ description: from.description, column: (key) => columnByKey(from.c, key) }));
};

deriveSelect.reduceColumns = (statement, onlySynonyms) => {
  const select = statement as Select;
  const joins = allFroms(select).filter((from) => from instanceof Join);
  const conditions = [...joins.flatMap((join) => join.conditions), ...select.whereClauses];
  return reducedColumns(expandColumns(select.rawColumns), conditions, onlySynonyms) as Node[];
};
