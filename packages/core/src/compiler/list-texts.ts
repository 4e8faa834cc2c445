/**
 * Texts of a statement with IN lists, by the lists' lengths: the same statement with lists of the same lengths has the same
 * text, whatever stands in them. Only for positional parameters of which drivers are told nothing but the value.
 */
import { type BindEntry, type Expandable, type ExpandedStatement, renderExpanded, sentValue } from "./expanding.ts";

/** Texts that are kept for a statement; the one that was found first goes first. */
const keptTexts = 8;

/** What is known of one compiled statement. */
export class ListTexts {
  readonly #compiled: Expandable;
  /** Binds in the order of the driver's parameters. */
  readonly #order: readonly number[];
  readonly #texts = new Map<string, string>();

  /** Null where the text depends on more than lengths. */
  static of(compiled: Expandable): ListTexts | null {
    const { binds, dialect, pieces } = compiled;
    const isNumbered = dialect.bindStyle === "numeric_dollar";
    if (!isNumbered && dialect.bindStyle !== "qmark") return null;
    if (dialect.parameterType !== undefined) return null;
    if (binds.some(({ bind }) => bind.literalExecute || bind.literalForDriver || bind.tupleTypes !== null)) return null;
    const order: number[] = [];
    for (const { bind } of pieces) {
      if (bind < 0) continue;
      // A numbered parameter is sent once, also a list.
      if (!isNumbered || !order.includes(bind)) order.push(bind);
    }
    return new ListTexts(compiled, order);
  }

  private constructor(compiled: Expandable, order: readonly number[]) {
    this.#compiled = compiled;
    this.#order = order;
  }

  /** The statement for these values, one per bind. */
  render(values: readonly unknown[]): ExpandedStatement {
    const lengths = this.#lengths(values);
    if (lengths === null) return renderExpanded(this.#compiled, values);
    const sql = this.#texts.get(lengths);
    if (sql !== undefined) return { sql, parameters: this.#parameters(values) };
    const statement = renderExpanded(this.#compiled, values);
    if (this.#texts.size >= keptTexts) this.#texts.delete(this.#texts.keys().next().value as string);
    this.#texts.set(lengths, statement.sql);
    return statement;
  }

  /** The lengths of the lists; null where a value is no plain list, or an empty one. */
  #lengths(values: readonly unknown[]): string | null {
    const { binds } = this.#compiled;
    let lengths = "";
    for (const position of this.#order) {
      const { bind, type } = binds[position] as BindEntry;
      if (!bind.expanding) continue;
      const list = values[position];
      if (!Array.isArray(list) || list.length === 0) return null;
      if (Array.isArray(list[0]) && type.affinity !== "array") return null;
      lengths = lengths === "" ? String(list.length) : `${lengths},${list.length}`;
    }
    return lengths;
  }

  #parameters(values: readonly unknown[]): unknown[] {
    const { binds } = this.#compiled;
    const parameters: unknown[] = [];
    for (const position of this.#order) {
      const entry = binds[position] as BindEntry;
      const value = values[position];
      if (!entry.bind.expanding) parameters.push(sentValue(entry, value));
      else for (const member of value as readonly unknown[]) parameters.push(sentValue(entry, member));
    }
    return parameters;
  }
}
