/** Text whose columns are known: `text("SELECT …").columns({ id: t.integer })`. */
import { defineKind, type Fields } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement, type Named } from "../expression/column-element.ts";
import type { NamesOf, ValuesOf } from "../expression/row-types.ts";
import { SqlTemplate } from "../expression/template.ts";
import { TextClause } from "../expression/text.ts";
import { type TypeLike, toType } from "../types/type.ts";
import { type ColumnCollection, columnCollection } from "./column-collection.ts";
import { FromClause } from "./from-clause.ts";
import type { NamedColumn } from "./naming.ts";
import { SelectBase } from "./returns-rows.ts";
import type { Selected, SelectedObject } from "./row-columns.ts";

/** A textual statement with typed columns. */
export class TextualSelect<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends SelectBase<V, O, E> {
  static override readonly fields: Fields = {
    element: "child",
    columns: "children",
    positional: "atom",
    addedCtes: "options",
  };
  readonly element: TextClause | SqlTemplate;
  readonly columns: readonly ColumnElement[];
  /** The columns describe the text's in order; otherwise they are matched by name. */
  readonly positional: boolean;

  constructor(element: TextClause | SqlTemplate, columns: readonly ColumnElement[], positional: boolean) {
    super();
    this.element = element;
    this.columns = columns;
    this.positional = positional;
  }

  override get namedColumns(): readonly NamedColumn[] {
    return this.columns.map((column) => ({ column, label: null, name: column.resultName, repeated: false }));
  }

  override get columnKeys(): readonly (string | null)[] {
    return this.columns.map((column) => column.key);
  }

  /** Gives values to the text's parameters. */
  bindparams(values: Readonly<Record<string, unknown>>): this {
    if (!(this.element instanceof TextClause))
      throw new ArgumentError("a sql template has no named parameters", { fix: "put the values into the template" });
    return copyWith(this, { element: this.element.bindparams(values) });
  }

  override collectFroms(): void {}
}
defineKind(TextualSelect, "textualSelect");

type TypedColumns<S extends Readonly<Record<string, TypeLike>>> = { readonly [K in keyof S]: S[K]["~value"] | null };

type TypedElements<S extends Readonly<Record<string, TypeLike>>> = {
  readonly [K in keyof S]: ColumnElement<S[K]["~value"] | null, S[K]["~input"]> & S[K]["~ops"];
};

/** A column of a table, or a column attribute of a mapped class. */
type GivenColumn = Pick<ColumnElement, "~value" | "type" | "key"> & Named<string>;

/** The method that {@link TextClause} and {@link SqlTemplate} get. */
export interface HasColumnsMethod {
  /** Names and types of the rows: `text("SELECT id, name FROM users").columns({ id: t.integer, name: t.string })`. */
  columns<const S extends Readonly<Record<string, TypeLike>>>(
    columns: S,
  ): TextualSelect<unknown[], TypedColumns<S>, SelectedObject<TypedElements<S>>>;
  columns<A extends readonly [GivenColumn, ...GivenColumn[]]>(
    ...columns: A
  ): TextualSelect<ValuesOf<A>, NamesOf<A>, Selected<A>>;
  columns(...columns: readonly (GivenColumn | Readonly<Record<string, TypeLike>>)[]): TextualSelect;
}

declare module "../expression/text.ts" {
  interface TextClause extends HasColumnsMethod {}
}

declare module "../expression/template.ts" {
  interface SqlTemplate<T, I> extends HasColumnsMethod {}
}

/** A template in FROM: text with a table, a function or a subquery and its name. */
export class TemplateFrom extends FromClause {
  static override readonly fields: Fields = { element: "child" };
  readonly name = null;
  readonly element: SqlTemplate;

  constructor(element: SqlTemplate) {
    super();
    this.element = element;
  }

  get c(): ColumnCollection {
    return columnCollection([], "the sql template");
  }
}
defineKind(TemplateFrom, "templateFrom");

const templateFroms = new WeakMap<SqlTemplate, TemplateFrom>();
Object.defineProperty(SqlTemplate.prototype, "asFrom", {
  value(this: SqlTemplate): TemplateFrom {
    let from = templateFroms.get(this);
    if (from === undefined) templateFroms.set(this, (from = new TemplateFrom(this)));
    return from;
  },
});

const columnsMethod = {
  value(
    this: TextClause | SqlTemplate,
    ...given: readonly (ColumnElement | Readonly<Record<string, TypeLike>>)[]
  ): TextualSelect {
    const positional = given.filter((column) => column instanceof ColumnElement);
    const named = given
      .filter((column) => !(column instanceof ColumnElement))
      .flatMap((columns) => Object.entries(columns as Record<string, TypeLike>));
    if (positional.length > 0 && named.length > 0)
      throw new ArgumentError("columns() takes either column objects or names with types, not both");
    const columns =
      positional.length > 0 ? positional : named.map(([name, type]) => new ColumnClause(name, toType(type)));
    return new TextualSelect(this, columns, positional.length > 0);
  },
};
Object.defineProperty(TextClause.prototype, "columns", columnsMethod);
Object.defineProperty(SqlTemplate.prototype, "columns", columnsMethod);
