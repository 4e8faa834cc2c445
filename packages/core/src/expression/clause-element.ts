/** What every piece of SQL has in common: it can be compiled and shown as text. Next: ./column-element.ts. */
import { type Annotations, annotationsOf, withAnnotations, withoutNames } from "../ast/annotations.ts";
import { Node } from "../ast/node.ts";
import type { FromElement } from "./from-element.ts";

/** Anything that can stand in an expression: a clause element of any kind. */
export interface SqlExpression {
  /** Phantom: tells clause elements from values. */
  readonly "~clause": true;
}

/** A method of objects that are not clause elements but stand for one (mapped classes, attributes). */
export const CLAUSE_ELEMENT: unique symbol = Symbol.for("athanor.clauseElement");

/** An object that stands for a clause element. */
export interface HasClauseElement {
  [CLAUSE_ELEMENT](): Node;
}

/** Compiles elements outside of an engine; filled by ../compiler/stringify.ts. */
export const compileSlot: {
  toText(element: ClauseElement): string;
  compile(element: ClauseElement, options: CompileOptions): CompiledText;
} = {
  toText: (element) => `<${element.kind}>`,
  compile: () => {
    throw new Error("the compiler is not loaded");
  },
};

/** Options of {@link ClauseElement.compile}. */
export interface CompileOptions {
  /** The dialect to render for, or an engine; default: the one of `toString()`, which writes every clause. */
  readonly dialect?: unknown;
  /** Renders values into the text instead of bind parameters. Default false. */
  readonly literalBinds?: boolean;
  /** Renders IN lists in full instead of leaving them to execution. Default false. */
  readonly renderPostcompile?: boolean;
  /** Names of schemas to be replaced; the empty string or `null` key stands for "no schema". */
  readonly schemaTranslateMap?: Readonly<Record<string, string | null>>;
  /** INSERT/UPDATE: the parameter names that will be given at execution. */
  readonly columnKeys?: readonly string[];
  /** SQLAlchemy's place for {@link literalBinds} and {@link renderPostcompile}. */
  readonly compileKwargs?: Pick<CompileOptions, "literalBinds" | "renderPostcompile">;
}

/** What a compilation shows to users. */
export interface CompiledText {
  /** The SQL text. */
  readonly sql: string;
  /** Parameter values by bind name. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Bind names in the order of the text's positional markers; null where binds are named. */
  readonly positions: readonly string[] | null;
  toString(): string;
}

/** Base of all SQL constructs. */
export abstract class ClauseElement extends Node implements SqlExpression {
  declare readonly "~clause": true;

  /** Compiles this element for a dialect without executing it. */
  compile(options: CompileOptions = {}): CompiledText {
    return compileSlot.compile(this, options);
  }

  /** The element as SQL text of the default dialect, with named parameters; for people, not for execution. */
  override toString(): string {
    return compileSlot.toText(this);
  }

  /**
   * Facts of the user's own: for traversal and for renderings by `compiles()`. They do not change the SQL by themselves, and are part
   * of the statement's key in the compiled cache.
   */
  get annotations(): Annotations {
    return annotationsOf(this);
  }

  /**
   * A copy with annotations beside those it has: `select(users).annotate({ audited: true })`. Columns stay the same column of the
   * same table; other copies of the statement keep the annotations.
   *
   * @throws ArgumentError for tables, aliases and subqueries, which are told apart by themselves.
   */
  annotate(values: Annotations): this {
    return this.withAnnotations({ ...this.annotations, ...values });
  }

  /** A copy with these annotations in place of those it has. @throws ArgumentError as {@link annotate}. */
  withAnnotations(values: Annotations): this {
    return withAnnotations(this, values);
  }

  /** The element without annotations, or without those of some names. */
  deannotate(names?: readonly string[]): this {
    const { annotations } = this;
    return Object.keys(annotations).length === 0 ? this : this.withAnnotations(withoutNames(annotations, names));
  }

  /** Adds the FROM objects that this element refers to. */
  collectFroms(_into: Set<FromElement>): void {}
}

const inspectSymbol: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;
Object.defineProperty(ClauseElement.prototype, inspectSymbol, {
  value(this: ClauseElement): string {
    return `<${this.constructor.name}: ${this.toString()}>`;
  },
});
