/** Full-text search: `mysql.match(doc.c.title, doc.c.body, { against: "cat" }).inBooleanMode()`. */
import {
  ArgumentError,
  asColumnElement,
  ColumnElement,
  defineKind,
  type Fields,
  Float,
  Grouping,
  literalBind,
  needsParentheses,
  type Operator,
  operators,
  resolveNode,
  type SqlExpression,
  STRINGTYPE,
} from "@athanor/core";

/** How the text is read.  https://dev.mysql.com/doc/refman/8.4/en/fulltext-search.html */
export interface MatchModes {
  /** `IN BOOLEAN MODE`: `+` and `-` before words. */
  readonly inBooleanMode?: boolean;
  /** `IN NATURAL LANGUAGE MODE`, which is the default. */
  readonly inNaturalLanguageMode?: boolean;
  /** `WITH QUERY EXPANSION`: a second search with words from the first one's best rows. */
  readonly withQueryExpansion?: boolean;
}

/** Options of {@link match}. */
export interface MatchOptions extends MatchModes {
  /** What is searched for: text, or an expression. */
  readonly against: string | SqlExpression;
}

const relevance = new Float();

/** `MATCH (columns) AGAINST (text)`: the relevance as a number, true as a condition where it is not 0. */
export class Match extends ColumnElement<number> {
  static override readonly fields: Fields = { columns: "children", against: "child", modes: "options" };
  readonly columns: readonly ColumnElement[];
  readonly against: ColumnElement;
  readonly modes: Required<MatchModes>;

  constructor(columns: readonly ColumnElement[], against: ColumnElement, modes: MatchModes) {
    super(relevance);
    this.columns = columns;
    this.against = against;
    this.modes = {
      inBooleanMode: modes.inBooleanMode ?? false,
      inNaturalLanguageMode: modes.inNaturalLanguageMode ?? false,
      withQueryExpansion: modes.withQueryExpansion ?? false,
    };
  }

  /** `IN BOOLEAN MODE` */
  inBooleanMode(): Match {
    return this.#with({ inBooleanMode: true });
  }

  /** `IN NATURAL LANGUAGE MODE` */
  inNaturalLanguageMode(): Match {
    return this.#with({ inNaturalLanguageMode: true });
  }

  /** `WITH QUERY EXPANSION` */
  withQueryExpansion(): Match {
    return this.#with({ withQueryExpansion: true });
  }

  #with(modes: MatchModes): Match {
    return new Match(this.columns, this.against, { ...this.modes, ...modes });
  }

  override selfGroup(against: Operator | null): ColumnElement {
    if (against !== null && (against === operators.not || needsParentheses(operators.match, against)))
      return new Grouping(this);
    return super.selfGroup(against);
  }
}
defineKind(Match, "mysqlMatch");

/**
 * `MATCH (a, b) AGAINST ('text')` over columns with a FULLTEXT index.
 *
 * @throws ArgumentError without columns or without a text.
 */
export function match(...args: readonly [...columns: SqlExpression[], options: MatchOptions]): Match {
  const last = args.at(-1);
  const hasOptions = last !== undefined && resolveNode(last) === undefined;
  const options = (hasOptions ? last : {}) as Partial<MatchOptions>;
  const columns = (hasOptions ? args.slice(0, -1) : args).map((column) => {
    const node = resolveNode(column);
    if (node === undefined) throw new ArgumentError("match() takes columns");
    return asColumnElement(node, "a column of match()");
  });
  if (columns.length === 0)
    throw new ArgumentError("columns are required", { fix: 'write match(doc.c.title, { against: "words" })' });
  if (options.against === undefined || options.against === null)
    throw new ArgumentError("against is required", { fix: 'write match(doc.c.title, { against: "words" })' });
  const node = resolveNode(options.against);
  return new Match(
    columns,
    node === undefined ? literalBind(options.against, STRINGTYPE) : asColumnElement(node, "the text of match()"),
    options,
  );
}
