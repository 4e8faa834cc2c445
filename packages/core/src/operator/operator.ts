/** What an operator is: its identity, how strongly it binds, and what its negation is. Next: ./table.ts. */
import { nextIdentity } from "../ast/cache-key.ts";

/** Properties of an operator beside its name. */
export interface OperatorOptions {
  /** SQL text without surrounding blanks; empty where a visitor renders the operator by itself. */
  readonly symbol?: string;
  /** The higher, the stronger it binds. Null: always parenthesised as an operand, and so are its own operands. */
  readonly precedence?: number | null;
  /** Yields a truth value from two operands. */
  readonly comparison?: boolean;
  /** `a op (b op c)` may be written without parentheses. */
  readonly associative?: boolean;
  /** Needs no parentheses around an operand with the same operator. */
  readonly selfPrecedent?: boolean;
  /** Written by the user with `op()`. */
  readonly custom?: boolean;
  /** A custom operator whose result type is always the left operand's or boolean. */
  readonly eagerGrouping?: boolean;
}

/** An operator of the expression language; compared by identity. */
export class Operator {
  readonly name: string;
  readonly symbol: string;
  readonly precedence: number | null;
  readonly comparison: boolean;
  readonly associative: boolean;
  readonly selfPrecedent: boolean;
  readonly custom: boolean;
  readonly eagerGrouping: boolean;
  /** Part of a statement's cache key. */
  readonly cacheKey: string;
  /** Names of its visitors: between two operands, in front of one, behind one. */
  readonly binaryVisitor: string;
  readonly unaryVisitor: string;
  readonly modifierVisitor: string;
  /** What `not` makes of an expression with this operator; null where `NOT (…)` is written. */
  negation: Operator | null = null;

  constructor(name: string, options: OperatorOptions = {}) {
    this.name = name;
    this.binaryVisitor = `op:${name}`;
    this.unaryVisitor = `unary:${name}`;
    this.modifierVisitor = `modifier:${name}`;
    this.symbol = options.symbol ?? "";
    this.precedence = options.precedence === undefined ? 0 : options.precedence;
    this.comparison = options.comparison ?? false;
    this.associative = options.associative ?? false;
    this.selfPrecedent = options.selfPrecedent ?? this.associative;
    this.custom = options.custom ?? false;
    this.eagerGrouping = options.eagerGrouping ?? false;
    this.cacheKey = this.custom
      ? `op${this.symbol.length}'${this.symbol}:${this.precedence}${this.comparison ? "b" : ""}`
      : `o${nextIdentity()},`;
  }
}

/** Declares two operators as each other's negation. */
export function negations(a: Operator, b: Operator): void {
  a.negation = b;
  b.negation = a;
}

/** Whether an expression with `inner` must be parenthesised as an operand of `outer`; null: of anything. */
export function needsParentheses(inner: Operator, outer: Operator | null): boolean {
  if (outer === null) return true;
  if (inner === outer && inner.selfPrecedent) return false;
  return (inner.precedence ?? -100) <= (outer.precedence ?? 100);
}
