/** Marks on the columns of a join condition: which refer to others (`foreign()`), which belong to the related side (`remote()`). */
import {
  ArgumentError,
  type CacheKeyBuilder,
  type ClauseElement,
  ColumnClause,
  ColumnElement,
  type ForeignKeyLink,
  replacementTraverse,
  resolveNode,
} from "@athanor/core";

/** What is known of one occurrence of a column in a join condition. */
export interface JoinMarks {
  readonly foreign: boolean;
  readonly remote: boolean;
  readonly local: boolean;
}

const none: JoinMarks = { foreign: false, remote: false, local: false };

/** One occurrence of a column in a join condition; compiles as the column itself. */
export class MarkedColumn extends ColumnClause implements JoinMarks {
  readonly original: ColumnClause;
  readonly foreign: boolean;
  readonly remote: boolean;
  readonly local: boolean;

  constructor(original: ColumnClause, marks: JoinMarks) {
    super(original.name, original.type, original.table, {
      key: original.key,
      quote: original.quote,
      proxies: [original],
    });
    this.original = original;
    this.foreign = marks.foreign;
    this.remote = marks.remote;
    this.local = marks.local;
  }

  override get canonical(): ColumnElement {
    return this.original;
  }

  override get foreignKeys(): readonly ForeignKeyLink[] {
    return this.original.foreignKeys;
  }

  override get primaryKey(): boolean {
    return this.original.primaryKey;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    this.original.appendCacheKey(key);
  }
}

/** The marks of a column in a condition. */
export function marksOf(node: unknown): JoinMarks {
  return node instanceof MarkedColumn ? node : none;
}

/** Whether an occurrence of a column belongs to the related side. */
export function isRemote(property: { readonly remoteSide: ReadonlySet<ColumnElement> }, node: ColumnElement): boolean {
  return node instanceof MarkedColumn ? node.remote : property.remoteSide.has(node.canonical);
}

/** Adds marks to a column. */
export function mark(column: ColumnClause, marks: Partial<JoinMarks>): MarkedColumn {
  const known = marksOf(column);
  return new MarkedColumn(column.canonical as ColumnClause, { ...known, ...marks });
}

/** A condition whose columns are marked where `choose` says so. */
export function markColumns<E extends ClauseElement>(
  condition: E,
  choose: (column: ColumnClause) => Partial<JoinMarks> | null,
): E {
  return replacementTraverse(condition, (node) => {
    if (!(node instanceof ColumnClause)) return undefined;
    const marks = choose(node);
    return marks === null ? node : mark(node, marks);
  });
}

function annotate<T extends ColumnElement>(expression: unknown, marks: Partial<JoinMarks>, name: string): T {
  const node = resolveNode(expression);
  if (node instanceof ColumnClause) return mark(node, marks) as unknown as T;
  if (!(node instanceof ColumnElement)) throw new ArgumentError(`${name}() takes a column or a column expression`);
  return markColumns(node, () => marks) as unknown as T;
}

/** Marks a column of a `primaryjoin` or `secondaryjoin` as one that refers to the other side: it is written at flush. */
export function foreign<T>(expression: ColumnElement<T>): ColumnElement<T> {
  return annotate(expression, { foreign: true }, "foreign");
}

/** Marks a column of a `primaryjoin` as one of the related side; for classes that are related to themselves. */
export function remote<T>(expression: ColumnElement<T>): ColumnElement<T> {
  return annotate(expression, { remote: true }, "remote");
}
