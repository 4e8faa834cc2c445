/** Common table expressions. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import type { Name } from "../ast/name.ts";
import { appendValue, defineKind, type Fields } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import type { CompoundKeyword } from "./compound.ts";
import { CompoundSelect } from "./compound.ts";
import type { Decoration } from "./decoration.ts";
import type { FromClause } from "./from-clause.ts";
import { type GivenName, givenName, type NameIn } from "./given-name.ts";
import type { ReturnsRows } from "./returns-rows.ts";
import { NamedStatement } from "./subquery.ts";

/** `WITH name AS (…)`; in FROM it renders as its name. */
export class CTE<out C extends object = object, out N extends string = string> extends NamedStatement<C, N> {
  static override readonly fields: Fields = { element: "child" };
  readonly recursive: boolean;
  readonly nesting: boolean;
  /** The CTE that this one is an alias of. */
  readonly aliasOf: CTE | null;
  /** The CTE before its recursive part was added; references to it are references to this one. */
  readonly restates: CTE | null;
  readonly prefixes: readonly Decoration[];
  readonly suffixes: readonly Decoration[];

  constructor(
    element: ReturnsRows,
    name: Name | null,
    options: {
      readonly recursive?: boolean;
      readonly nesting?: boolean;
      readonly aliasOf?: CTE | null;
      readonly restates?: CTE | null;
      readonly prefixes?: readonly Decoration[];
      readonly suffixes?: readonly Decoration[];
    } = {},
  ) {
    super(element, name);
    this.recursive = options.recursive ?? false;
    this.nesting = options.nesting ?? false;
    this.aliasOf = options.aliasOf ?? null;
    this.restates = options.restates ?? null;
    this.prefixes = options.prefixes ?? [];
    this.suffixes = options.suffixes ?? [];
  }

  override alias<const G extends GivenName = null>(name?: G): FromClause<C, NameIn<G>> {
    return new CTE<C, NameIn<G>>(this.element, givenName(name, "alias()"), {
      recursive: this.recursive,
      nesting: this.nesting,
      aliasOf: this as unknown as CTE,
    });
  }

  /** `cte UNION …` */
  union(...others: readonly ReturnsRows[]): CTE<C> {
    return this.extended("UNION", others);
  }

  /** `cte UNION ALL …` */
  unionAll(...others: readonly ReturnsRows[]): CTE<C> {
    return this.extended("UNION ALL", others);
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected extended(keyword: CompoundKeyword, others: readonly ReturnsRows[]): CTE<C> {
    return new CTE<C>(new CompoundSelect(keyword, [this.element, ...others]), this.name, {
      recursive: this.recursive,
      nesting: this.nesting,
      restates: this as unknown as CTE,
      prefixes: this.prefixes,
      suffixes: this.suffixes,
    });
  }

  /** Text between AS and the parenthesis, e.g. `MATERIALIZED`. */
  prefixWith(text: string, options: { readonly dialect?: string } = {}): CTE<C> {
    return copyWith(this, { prefixes: [...this.prefixes, { text, dialect: options.dialect ?? null }] });
  }

  /** Text behind the closing parenthesis. */
  suffixWith(text: string, options: { readonly dialect?: string } = {}): CTE<C> {
    return copyWith(this, { suffixes: [...this.suffixes, { text, dialect: options.dialect ?? null }] });
  }

  /** Whether `other` is an earlier statement of this CTE. */
  restatesCte(other: CTE): boolean {
    for (let cte: CTE | null = this.restates; cte !== null; cte = cte.restates) if (cte === other) return true;
    return false;
  }

  protected override appendOwnKey(key: CacheKeyBuilder): void {
    key.add(`${this.recursive ? "r" : ""}${this.nesting ? "n" : ""}`);
    key.node(this.aliasOf);
    key.node(this.restates);
    appendValue(key, this.prefixes);
    appendValue(key, this.suffixes);
  }
}
defineKind(CTE, "cte");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    cte: CTE;
  }
}
