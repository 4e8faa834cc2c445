/** SQL functions: any name, any arguments; `func` is in ./func.ts. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import type { Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { NULLTYPE } from "../types/null.ts";
import type { SqlType, TypeLike } from "../types/type.ts";
import { toType } from "../types/type.ts";
import type { ClauseElement } from "./clause-element.ts";
import { ClauseList } from "./clause-list.ts";
import { argument, resolveNode } from "./coerce.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";
import { FunctionAsBinary } from "./function-as-binary.ts";
import { Grouping } from "./grouping.ts";
import { AggregateOrderBy, FunctionFilter, Over, type OverOptions, WithinGroup } from "./over.ts";

/** Tells the constructor of {@link FunctionElement} the type, where it is not one of the class. */
class TypedCall {
  readonly type: SqlType;

  constructor(type: SqlType) {
    this.type = type;
  }
}

/**
 * Base of calls of functions. A class of the user's own takes the arguments, and is rendered by `compiles()`:
 *
 * @example
 * class Greatest extends FunctionElement<number> {
 *   static override readonly type = t.integer;
 *   static override readonly inheritCache = true;
 *   readonly name = "greatest";
 * }
 * select(new Greatest(users.c.age, 18));
 */
export abstract class FunctionElement<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { args: "child", type: "keyed" };
  /** The result's type; default: not known. */
  static readonly type: TypeLike | undefined = undefined;

  declare readonly args: ClauseList;
  /** The function's name in SQL, where it has one. */
  declare readonly name: string;
  /** Packages or schemas before the name. */
  declare readonly packages: readonly string[];
  /** Quoting given by the user for the name; null: by the dialect's rules. */
  declare readonly quote: boolean | null;

  constructor(...given: readonly unknown[]) {
    const typed = given[0] instanceof TypedCall ? given[0] : null;
    super(typed?.type ?? toType((new.target as { type?: TypeLike }).type ?? NULLTYPE));
    if (typed === null) this.args = new ClauseList(functionArguments("param", given));
  }

  /** The arguments. */
  get clauses(): ClauseList {
    return this.args;
  }

  override get anonBase(): Name {
    return this.name ?? "anon";
  }

  /** The call as a window function: `func.rank().over({ partitionBy, orderBy, rows: [null, 0] })`. */
  over(options?: OverOptions): Over<T, I> {
    return new Over<T, I>(this, options);
  }

  /** `f(…) FILTER (WHERE …)`; without conditions, the call itself. */
  filter(...criteria: readonly unknown[]): FunctionFilter<T, I> {
    return criteria.length === 0 ? (this as unknown as FunctionFilter<T, I>) : new FunctionFilter<T, I>(this, criteria);
  }

  /** `f(…) WITHIN GROUP (ORDER BY …)` */
  withinGroup(...orderBy: readonly unknown[]): WithinGroup<T, I> {
    const element = new WithinGroup<T, I>(this, orderBy);
    const type = this.withinGroupType(element);
    return type === null ? element : new WithinGroup<T, I>(this, orderBy, type);
  }

  /** `f(… ORDER BY …)` */
  aggregateOrderBy(...orderBy: readonly unknown[]): AggregateOrderBy<T, I> {
    return new AggregateOrderBy<T, I>(this, orderBy);
  }

  /**
   * The call as a comparison of two of its arguments, counted from 1: `func.st_within(a, b).asComparison(1, 2)`.
   *
   * @throws ArgumentError for an argument that there is not.
   */
  asComparison(leftIndex: number, rightIndex: number): FunctionAsBinary {
    return new FunctionAsBinary(this, leftIndex, rightIndex);
  }

  /** The type that WITHIN GROUP gives the call; null to keep the function's own. */
  protected withinGroupType(_element: WithinGroup): SqlType | null {
    return null;
  }

  override collectFroms(into: Set<FromElement>): void {
    this.args.collectFroms(into);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    // PostgreSQL's `(f(x))[1]`: subscripts need parentheses around a call.
    if (against === operators.getitem && this.type.affinity === "array") return new Grouping(this);
    return super.selfGroup(against);
  }
}

defineKind(FunctionElement, "function");
Object.defineProperties(FunctionElement.prototype, {
  packages: { value: [], writable: true, configurable: true },
  quote: { value: null, writable: true, configurable: true },
});

/** A function with a name and, optionally, packages: `func.pkg.name(a, b)`. */
export class SqlFunction<out T = unknown, I = T> extends FunctionElement<T, I> {
  static override readonly fields: Fields = { packages: "options", name: "atom", args: "child", type: "keyed" };
  override readonly packages: readonly string[];
  override readonly name: string;
  override readonly quote: boolean | null;
  override readonly args: ClauseList;

  constructor(
    name: string | string,
    args: readonly ClauseElement[],
    type: SqlType,
    packages: readonly string[] = [],
    quote: boolean | null = null,
  ) {
    super(new TypedCall(type));
    this.name = String(name);
    this.packages = packages;
    this.quote = quote;
    this.args = new ClauseList(
      args.map((arg) => (arg instanceof ColumnElement ? arg.selfGroup(operators.comma) : arg)),
    );
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`(f${this.packages.length > 0 ? `${this.packages.join(".")}.` : ""}`);
    key.name(this.name);
    key.add(this.type.cacheKey);
    this.args.appendCacheKey(key);
    key.add(this.quote === null ? ")" : `${String(this.quote)})`);
  }

  override get bindBase(): string {
    return this.name;
  }

  /** The same call with another result type: `func.my_function(x).returns(t.integer)`. */
  returns<T2, I2, O2>(type: TypeLike<T2, I2, O2>): SqlFunction<T2, I2> & O2 {
    return new SqlFunction<T2, I2>(
      this.name,
      this.args.clauses as ClauseElement[],
      toType(type),
      this.packages,
      this.quote,
    ) as SqlFunction<T2, I2> & O2;
  }

  /** The same function with other arguments. */
  withArgs(args: readonly ColumnElement[]): this {
    return copyWith(this, { args: new ClauseList(args) }) as this;
  }
}
defineKind(SqlFunction, "function");

/** Arguments of a function as nodes; literals are named after the function. */
export function functionArguments(
  name: string,
  args: readonly unknown[],
  types?: readonly (SqlType | undefined)[],
): ColumnElement[] {
  return args.map((arg, index) => {
    const node = resolveNode(arg);
    if (node !== undefined && (node as { asFunctionArgument?: () => ColumnElement }).asFunctionArgument !== undefined) {
      return (node as unknown as { asFunctionArgument(): ColumnElement }).asFunctionArgument();
    }
    return argument(arg, name, types?.[index]);
  });
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    function: FunctionElement;
  }
}
