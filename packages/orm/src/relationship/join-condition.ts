/**
 * Works out how two mapped classes are joined: the condition, which columns refer, which belong to the related side, what
 * is copied at flush, and the direction. What the user gave goes first. Used by ./configure.ts.
 */
import {
  AmbiguousForeignKeysError,
  ArgumentError,
  Binary,
  Column,
  ColumnClause,
  type ColumnElement,
  childrenOf,
  columnsOf,
  copyWith,
  type FromClause,
  iterate,
  lineage,
  type Node,
  NoForeignKeysError,
  replacementTraverse,
  Table,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import { type JoinMarks, MarkedColumn, mark, markColumns } from "./annotations.ts";
import { comparedPairs } from "./comparisons.ts";
import type { Direction } from "./direction.ts";
import { foreignKeyCondition } from "./foreign-keys.ts";
import type { ColumnPair } from "./relationship.ts";

type Mapper = OrmClasses["mapper"];

/** What is known before. */
export interface JoinQuestion {
  /** `User.addresses`, for messages. */
  readonly name: string;
  readonly parent: Mapper;
  readonly target: Mapper;
  /** The alias of the related class that was given in its place; null for the class itself. */
  readonly alias: FromClause | null;
  readonly secondary: FromClause | null;
  readonly primaryjoin: ColumnElement<boolean> | null;
  readonly secondaryjoin: ColumnElement<boolean> | null;
  /** The option foreignKeys; null: not given. */
  readonly foreignKeys: ReadonlySet<ColumnElement> | null;
  /** The option remoteSide; null: not given. */
  readonly remoteSide: ReadonlySet<ColumnElement> | null;
  readonly viewonly: boolean;
}

/** What was found out. */
export interface JoinAnswer {
  readonly primaryjoin: ColumnElement<boolean>;
  readonly secondaryjoin: ColumnElement<boolean> | null;
  readonly direction: Direction;
  readonly synchronizePairs: readonly ColumnPair[];
  readonly secondarySynchronizePairs: readonly ColumnPair[];
  readonly localRemotePairs: readonly ColumnPair[];
  readonly localColumns: ReadonlySet<ColumnElement>;
  readonly remoteColumns: ReadonlySet<ColumnElement>;
  readonly foreignKeyColumns: ReadonlySet<ColumnElement>;
}

/** @throws NoForeignKeysError, AmbiguousForeignKeysError, ArgumentError */
export function answerJoin(question: JoinQuestion): JoinAnswer {
  const parentColumns = new Set(columnsOf(question.parent.persistSelectable.c));
  const targetColumns = new Set(columnsOf(targetSelectable(question).c));
  let { primaryjoin, secondaryjoin } = determineJoins(question);
  const everything = (change: (condition: ColumnElement<boolean>) => ColumnElement<boolean>): void => {
    primaryjoin = change(primaryjoin);
    if (secondaryjoin !== null) secondaryjoin = change(secondaryjoin);
  };
  if (!hasMark(primaryjoin, "foreign") && !(secondaryjoin !== null && hasMark(secondaryjoin, "foreign")))
    everything((condition) => markForeign(condition, question));
  checkForeign(primaryjoin, question, true);
  if (secondaryjoin !== null) checkForeign(secondaryjoin, question, false);
  if (!hasMark(primaryjoin, "remote"))
    everything((condition) => markRemote(condition, question, parentColumns, targetColumns));
  everything((condition) =>
    markColumns(condition, (column) =>
      isMarked(column, "remote") || !parentColumns.has(column.canonical) ? {} : { local: true },
    ),
  );
  const direction = directionOf(question, primaryjoin, secondaryjoin, parentColumns, targetColumns);
  return {
    primaryjoin,
    secondaryjoin,
    direction,
    ...pairsOf(question, primaryjoin, secondaryjoin, parentColumns, targetColumns),
    ...columnSets(primaryjoin, secondaryjoin),
  };
}

// ---- conditions ----

function determineJoins(question: JoinQuestion): {
  primaryjoin: ColumnElement<boolean>;
  secondaryjoin: ColumnElement<boolean> | null;
} {
  const { parent, secondary, name, foreignKeys } = question;
  if (question.secondaryjoin !== null && secondary === null) {
    throw new ArgumentError(`Property ${name} specified with secondary join condition but no secondary argument`);
  }
  try {
    if (secondary !== null) {
      const secondaryjoin =
        question.secondaryjoin ??
        foreignKeyCondition(targetSelectable(question), secondary, {
          subset: targetTable(question),
          only: foreignKeys,
        });
      const primaryjoin =
        question.primaryjoin ??
        foreignKeyCondition(parent.persistSelectable, secondary, { subset: parent.localTable, only: foreignKeys });
      return { primaryjoin, secondaryjoin };
    }
    return {
      primaryjoin:
        question.primaryjoin ??
        foreignKeyCondition(parent.persistSelectable, targetSelectable(question), {
          subset: parent.localTable,
          only: foreignKeys,
        }),
      secondaryjoin: null,
    };
  } catch (error) {
    const start = `Could not determine join condition between parent/child tables on relationship ${name} - `;
    const via = secondary === null ? "" : ` via secondary table '${secondary.description}'`;
    if (error instanceof NoForeignKeysError) {
      const specify =
        secondary === null
          ? "specify a 'primaryjoin' expression"
          : "specify 'primaryjoin' and 'secondaryjoin' expressions";
      throw new NoForeignKeysError(
        `${start}there are no foreign keys linking these tables${via}.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or ${specify}.`,
        { cause: error },
      );
    }
    if (error instanceof AmbiguousForeignKeysError) {
      throw new AmbiguousForeignKeysError(
        `${start}there are multiple foreign key paths linking the tables${via}.  Specify the 'foreign_keys' argument, providing a list of those columns which should be counted as containing a foreign key reference ${secondary === null ? "to the parent table" : "from the secondary table to each of the parent and child tables"}.`,
        {
          cause: error,
          fix: "pass { foreignKeys: () => … }",
        },
      );
    }
    throw error;
  }
}

// ---- marks ----

function isMarked(node: Node, flag: keyof JoinMarks): boolean {
  return node instanceof MarkedColumn && node[flag];
}

function hasMark(condition: ColumnElement, flag: keyof JoinMarks): boolean {
  for (const node of iterate(condition)) if (isMarked(node, flag)) return true;
  return false;
}

/** The two sides of a comparison of columns, or null. */
function comparedColumns(node: Node): [ColumnClause, ColumnClause] | null {
  if (!(node instanceof Binary)) return null;
  const [left, right] = childrenOf(node);
  return left instanceof ColumnClause && right instanceof ColumnClause ? [left, right] : null;
}

/** Rewrites comparisons of columns; the two sides are looked at together. */
function markPairs(
  condition: ColumnElement<boolean>,
  choose: (left: ColumnClause, right: ColumnClause) => readonly [Partial<JoinMarks> | null, Partial<JoinMarks> | null],
): ColumnElement<boolean> {
  // One column may stand on both sides of a comparison: each side gets an element of its own.
  return replacementTraverse(condition, (node) => {
    const sides = comparedColumns(node);
    if (sides === null) return undefined;
    const [left, right] = choose(...sides);
    return copyWith(node, { left: mark(sides[0], left ?? {}), right: mark(sides[1], right ?? {}) });
  });
}

function markForeign(
  condition: ColumnElement<boolean>,
  { foreignKeys, secondary }: JoinQuestion,
): ColumnElement<boolean> {
  if (foreignKeys !== null)
    return markColumns(condition, (column) => (foreignKeys.has(column.canonical) ? { foreign: true } : {}));
  const between = secondary === null ? null : new Set(columnsOf(secondary.c));
  return markPairs(condition, (left, right) => {
    const side = foreignSide(left.canonical, right.canonical, between);
    return [side === "left" ? { foreign: true } : null, side === "right" ? { foreign: true } : null];
  });
}

function foreignSide(
  left: ColumnElement,
  right: ColumnElement,
  between: ReadonlySet<ColumnElement> | null,
): "left" | "right" | null {
  if (refers(left, right)) return "left";
  if (refers(right, left)) return "right";
  if (between !== null) {
    if (between.has(left) && !between.has(right)) return "left";
    if (between.has(right) && !between.has(left)) return "right";
  }
  return null;
}

/** Whether a foreign key leads from one column to the other; columns of subqueries stand for those of the tables inside. */
function refers(from: ColumnElement, to: ColumnElement): boolean {
  const targets = [...lineage(to)];
  return [...lineage(from)].some(
    (each) => each instanceof Column && targets.some((target) => target instanceof Column && each.references(target)),
  );
}

/** Something in the condition must refer. */
function checkForeign(
  condition: ColumnElement<boolean>,
  { name, foreignKeys }: JoinQuestion,
  isPrimary: boolean,
): void {
  if (hasMark(condition, "foreign")) return;
  const which = isPrimary ? "primary" : "secondary";
  throw new ArgumentError(
    `Could not locate any relevant foreign key columns for ${which} join condition '${condition}' on relationship ${name}.  Ensure that referencing columns are associated with a ForeignKey or ForeignKeyConstraint, or are annotated in the join condition with the foreign() annotation.`,
    foreignKeys === null ? {} : { fix: "the option foreignKeys names columns that the condition does not have" },
  );
}

function markRemote(
  condition: ColumnElement<boolean>,
  question: JoinQuestion,
  parentColumns: ReadonlySet<ColumnElement>,
  targetColumns: ReadonlySet<ColumnElement>,
): ColumnElement<boolean> {
  const { secondary, remoteSide, parent, target } = question;
  if (secondary !== null) {
    const between = new Set(columnsOf(secondary.c));
    return markColumns(condition, (column) => (between.has(column.canonical) ? { remote: true } : {}));
  }
  const selfReferential = refersToParent(condition, question);
  if (remoteSide !== null) {
    const isGiven = (column: ColumnClause): boolean => remoteSide.has(column.canonical);
    return selfReferential
      ? markSelfReferential(condition, isGiven)
      : markColumns(condition, (column) => (isGiven(column) ? { remote: true } : {}));
  }
  if (selfReferential) return markSelfReferential(condition, (column) => isMarked(column, "foreign"));
  if (tablesOverlap(question)) {
    return markPairs(condition, (left, right) => {
      const ofTarget = (column: ColumnClause): boolean =>
        targetColumns.has(column.canonical) && isMarked(column, "foreign");
      if (parent.isa(target) || target.isa(parent)) {
        const own = new Set(columnsOf(targetTable(question).c));
        const remoteLeft = own.has(left.canonical) && !new Set(columnsOf(parent.localTable.c)).has(left.canonical);
        const remoteRight = own.has(right.canonical) && !new Set(columnsOf(parent.localTable.c)).has(right.canonical);
        if (remoteLeft !== remoteRight)
          return [remoteLeft ? { remote: true } : null, remoteRight ? { remote: true } : null];
      }
      return ofTarget(left) ? [{ remote: true }, null] : ofTarget(right) ? [null, { remote: true }] : [null, null];
    });
  }
  const parentOwn = new Set(columnsOf(parent.localTable.c));
  const targetOwn = new Set(columnsOf(targetTable(question).c));
  return markColumns(condition, (column) => {
    const plain = column.canonical;
    return targetColumns.has(plain) &&
      (!parentOwn.has(plain) || targetOwn.has(plain)) &&
      !(parentColumns.has(plain) && !targetOwn.has(plain))
      ? { remote: true }
      : {};
  });
}

function markSelfReferential(
  condition: ColumnElement<boolean>,
  isRemote: (column: ColumnClause) => boolean,
): ColumnElement<boolean> {
  return markPairs(condition, (left, right) => {
    const equated = left.canonical === right.canonical;
    return [isRemote(left) ? { remote: true } : null, isRemote(right) && !equated ? { remote: true } : null];
  });
}

/** Both columns of some comparison are of one table that both classes have. */
function refersToParent(condition: ColumnElement<boolean>, question: JoinQuestion): boolean {
  const { parent } = question;
  const parentTables = new Set<unknown>(tablesIn(parent.persistSelectable));
  const targetTables = new Set<unknown>(tablesIn(targetSelectable(question)));
  for (const node of iterate(condition)) {
    const sides = comparedColumns(node);
    if (sides === null) continue;
    const [a, b] = [sides[0].table, sides[1].table];
    if (a === b && parentTables.has(a) && targetTables.has(a)) return true;
    if (
      parent.localTable === targetTable(question) &&
      parentTables.has(a) &&
      parentTables.has(b) &&
      targetTables.has(a) &&
      targetTables.has(b)
    )
      return true;
  }
  return false;
}

function tablesOverlap(question: JoinQuestion): boolean {
  const tables = new Set(tablesIn(question.parent.persistSelectable));
  return tablesIn(targetSelectable(question)).some((table) => tables.has(table));
}

/** What the related side's columns belong to. */
function targetSelectable({ target, alias }: JoinQuestion): FromClause {
  return alias ?? target.persistSelectable;
}

/** The same, without the tables of classes above. */
function targetTable({ target, alias }: JoinQuestion): FromClause {
  return alias ?? target.localTable;
}

function tablesIn(from: FromClause): FromClause[] {
  const tables = [from, ...from.hides].filter((each) => each instanceof Table);
  return tables.length > 0 ? tables : [from];
}

// ---- what follows ----

function canBeSynced(
  { secondary }: JoinQuestion,
  column: ColumnElement,
  parentColumns: ReadonlySet<ColumnElement>,
  targetColumns: ReadonlySet<ColumnElement>,
): boolean {
  return (
    parentColumns.has(column) ||
    targetColumns.has(column) ||
    (secondary !== null && columnsOf(secondary.c).includes(column))
  );
}

type Pairs = Pick<JoinAnswer, "synchronizePairs" | "secondarySynchronizePairs" | "localRemotePairs">;

function pairsOf(
  question: JoinQuestion,
  primaryjoin: ColumnElement<boolean>,
  secondaryjoin: ColumnElement<boolean> | null,
  parentColumns: ReadonlySet<ColumnElement>,
  targetColumns: ReadonlySet<ColumnElement>,
): Pairs {
  const localRemote: ColumnPair[] = [];
  const synced = (column: ColumnClause): boolean =>
    canBeSynced(question, column.canonical, parentColumns, targetColumns);
  const collect = (condition: ColumnElement<boolean>): ColumnPair[] => {
    const pairs: ColumnPair[] = [];
    for (const { operator, left, right } of comparedPairs(condition)) {
      if (isMarked(right, "remote") && !isMarked(left, "remote") && synced(left)) addPair(localRemote, left, right);
      else if (isMarked(left, "remote") && !isMarked(right, "remote") && synced(right))
        addPair(localRemote, right, left);
      if (operator.name !== "eq" || !synced(left) || !synced(right)) continue;
      if (isMarked(right, "foreign")) addPair(pairs, left, right);
      else if (isMarked(left, "foreign")) addPair(pairs, right, left);
    }
    return pairs;
  };
  const synchronizePairs = collect(primaryjoin);
  const secondarySynchronizePairs = secondaryjoin === null ? [] : collect(secondaryjoin);
  if (localRemote.length === 0 && !question.viewonly) {
    throw new ArgumentError(
      `Relationship ${question.name} could not determine any unambiguous local/remote column pairs based on join condition and remote_side arguments.  Consider using the remote() annotation to accurately mark those elements of the join condition that are on the remote side of the relationship.`,
    );
  }
  return { synchronizePairs, secondarySynchronizePairs, localRemotePairs: localRemote };
}

function addPair(pairs: ColumnPair[], from: ColumnClause, to: ColumnClause): void {
  const pair: ColumnPair = [from.canonical as Column, to.canonical as Column];
  if (!pairs.some(([a, b]) => a === pair[0] && b === pair[1])) pairs.push(pair);
}

function marked(condition: ColumnElement | null, flag: keyof JoinMarks): Set<ColumnElement> {
  const found = new Set<ColumnElement>();
  if (condition !== null)
    for (const node of iterate(condition)) if (isMarked(node, flag)) found.add((node as MarkedColumn).original);
  return found;
}

function columnSets(
  primaryjoin: ColumnElement,
  secondaryjoin: ColumnElement | null,
): Pick<JoinAnswer, "localColumns" | "remoteColumns" | "foreignKeyColumns"> {
  const both = (flag: keyof JoinMarks): Set<ColumnElement> =>
    new Set([...marked(primaryjoin, flag), ...marked(secondaryjoin, flag)]);
  return {
    localColumns: marked(primaryjoin, "local"),
    remoteColumns: both("remote"),
    foreignKeyColumns: both("foreign"),
  };
}

function directionOf(
  { name }: JoinQuestion,
  primaryjoin: ColumnElement,
  secondaryjoin: ColumnElement | null,
  parentColumns: ReadonlySet<ColumnElement>,
  targetColumns: ReadonlySet<ColumnElement>,
): Direction {
  if (secondaryjoin !== null) return "manyToMany";
  const foreign = marked(primaryjoin, "foreign");
  const inTarget = [...foreign].some((column) => targetColumns.has(column));
  const inParent = [...foreign].some((column) => parentColumns.has(column));
  if (inTarget && inParent) {
    const occurrences = [...iterate(primaryjoin)].filter((node): node is MarkedColumn => isMarked(node, "foreign"));
    let remote = new Set(occurrences.filter((column) => column.remote).map((column) => column.original));
    let local = new Set(occurrences.filter((column) => !column.remote).map((column) => column.original));
    if (remote.size > 0 && local.size > 0) {
      const remoteColumns = marked(primaryjoin, "remote");
      const localColumns = marked(primaryjoin, "local");
      const equated = (column: ColumnClause): boolean => remoteColumns.has(column) && localColumns.has(column);
      remote = new Set([...remote].filter((column) => !equated(column)));
      local = new Set([...local].filter((column) => !equated(column)));
    }
    if (remote.size > 0 && local.size === 0) return "oneToMany";
    if (local.size > 0 && remote.size === 0) return "manyToOne";
    throw new ArgumentError(
      `Can't determine relationship direction for relationship '${name}' - foreign key columns within the join condition are present in both the parent and the child's mapped tables.  Ensure that only those columns referring to a parent column are marked as foreign, either via the foreign() annotation or via the foreign_keys argument.`,
    );
  }
  if (inTarget) return "oneToMany";
  if (inParent) return "manyToOne";
  throw new ArgumentError(
    `Can't determine relationship direction for relationship '${name}' - foreign key columns are present in neither the parent nor the child's mapped tables`,
  );
}
