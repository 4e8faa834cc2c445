/** SQL written as a template: text with values, expressions, tables and whole statements in it. `sql` is in ./sql.ts. */
import { defineKind, type Fields, type Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { NULLTYPE } from "../types/null.ts";
import { type SqlType, type TypeLike, toType } from "../types/type.ts";
import { ClauseElement } from "./clause-element.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";
import { Grouping } from "./grouping.ts";

/** Text with elements between: as a column, a condition, in FROM, in ORDER BY, or a statement of its own. */
export class SqlTemplate<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { texts: "options", parts: "children", type: "keyed" };

  /** The pieces of text; one more than there are parts. */
  readonly texts: readonly string[];
  readonly parts: readonly Node[];

  constructor(texts: readonly string[], parts: readonly Node[], type: SqlType = NULLTYPE) {
    super(type);
    this.texts = texts;
    this.parts = parts;
  }

  /** Says what type the expression has: its values are converted like those of a column of that type. */
  returns<T2, I2, O2>(type: TypeLike<T2, I2, O2>): SqlTemplate<T2, I2> & O2 {
    return new SqlTemplate<T2, I2>(this.texts, this.parts, toType(type as TypeLike)) as SqlTemplate<T2, I2> & O2;
  }

  /** Tables that the text names by itself need not be listed in FROM; those of other columns do. */
  override collectFroms(into: Set<FromElement>): void {
    const found = new Set<FromElement>();
    for (const part of this.parts) if (part instanceof ColumnElement) part.collectFroms(found);
    for (const from of found) if (!this.parts.includes(from as unknown as Node)) into.add(from);
  }

  /** Nothing is known of what binds how strongly in the text: beside an operator it stands in parentheses. */
  override selfGroup(against: Operator | null): ColumnElement {
    return against === null || standsAlone.has(against) ? this : new Grouping(this);
  }

  /** The text with more text or parts behind it. */
  concatenated(other: SqlTemplate): SqlTemplate<T, I> {
    const last = this.texts.at(-1) as string;
    const [first, ...rest] = other.texts;
    return copyWith(this, {
      texts: [...this.texts.slice(0, -1), last + (first as string), ...rest],
      parts: [...this.parts, ...other.parts],
    });
  }
}
defineKind(SqlTemplate, "template");

/** Behind or around these, text needs no parentheses. */
const standsAlone: ReadonlySet<Operator> = new Set([
  operators.comma,
  operators.asBoolean,
  operators.as,
  operators.asc,
  operators.desc,
  operators.nullsFirst,
  operators.nullsLast,
]);

/** Names, quoted where the database wants it and joined by dots. */
export class SqlIdentifier extends ClauseElement {
  static override readonly fields: Fields = { names: "options" };

  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super();
    this.names = names;
  }
}
defineKind(SqlIdentifier, "identifier");
