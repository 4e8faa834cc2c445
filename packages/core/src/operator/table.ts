/** Every built-in operator. A dialect renders those without a symbol through visitors named after them. */
import { negations, Operator, type OperatorOptions } from "./operator.ts";

const define = (name: string, precedence: number | null, symbol = "", options: OperatorOptions = {}): Operator =>
  new Operator(name, { precedence, symbol, ...options });
const comparison = (name: string, symbol = ""): Operator => define(name, 5, symbol, { comparison: true });
/** Comparisons that expand into several operators: parenthesised wherever they are operands. */
const loose = (name: string): Operator => define(name, null, "", { comparison: true });

/** The built-in operators by name. */
export const operators = {
  // Arithmetic
  add: define("add", 7, "+", { associative: true }),
  sub: define("sub", 7, "-"),
  mul: define("mul", 8, "*", { associative: true }),
  truediv: define("truediv", 8),
  floordiv: define("floordiv", 8),
  mod: define("mod", 8),
  neg: define("neg", 8, "-"),
  concat: define("concat", 5, "||", { associative: true }),
  bitwiseAnd: define("bitwiseAnd", 7, "&"),
  bitwiseOr: define("bitwiseOr", 7, "|"),
  bitwiseXor: define("bitwiseXor", 7, "^"),
  bitwiseNot: define("bitwiseNot", 8, "~"),
  bitwiseLshift: define("bitwiseLshift", 7, "<<"),
  bitwiseRshift: define("bitwiseRshift", 7, ">>"),
  // Comparison
  eq: comparison("eq", "="),
  ne: comparison("ne", "!="),
  lt: comparison("lt", "<"),
  le: comparison("le", "<="),
  gt: comparison("gt", ">"),
  ge: comparison("ge", ">="),
  is: comparison("is", "IS"),
  isNot: comparison("isNot", "IS NOT"),
  isDistinctFrom: comparison("isDistinctFrom"),
  isNotDistinctFrom: comparison("isNotDistinctFrom"),
  in: comparison("in", "IN"),
  notIn: comparison("notIn", "NOT IN"),
  like: comparison("like", "LIKE"),
  notLike: comparison("notLike", "NOT LIKE"),
  ilike: comparison("ilike"),
  notIlike: comparison("notIlike"),
  contains: loose("contains"),
  notContains: loose("notContains"),
  startswith: loose("startswith"),
  notStartswith: loose("notStartswith"),
  endswith: loose("endswith"),
  notEndswith: loose("notEndswith"),
  icontains: loose("icontains"),
  notIcontains: loose("notIcontains"),
  istartswith: loose("istartswith"),
  notIstartswith: loose("notIstartswith"),
  iendswith: loose("iendswith"),
  notIendswith: loose("notIendswith"),
  match: comparison("match"),
  notMatch: comparison("notMatch"),
  regexpMatch: comparison("regexpMatch"),
  notRegexpMatch: comparison("notRegexpMatch"),
  regexpReplace: define("regexpReplace", 5),
  between: comparison("between"),
  notBetween: comparison("notBetween"),
  // Logic
  and: define("and", 3, "AND", { associative: true }),
  or: define("or", 2, "OR", { associative: true }),
  not: define("not", 5, "NOT"),
  isTrue: define("isTrue", 5),
  isFalse: define("isFalse", 5),
  exists: define("exists", 0, "EXISTS"),
  any: define("any", 15, "ANY"),
  all: define("all", 15, "ALL"),
  // Other
  collate: define("collate", 4, "COLLATE"),
  distinct: define("distinct", 5, "DISTINCT"),
  desc: define("desc", 3, "DESC"),
  asc: define("asc", 3, "ASC"),
  nullsFirst: define("nullsFirst", null, "NULLS FIRST"),
  nullsLast: define("nullsLast", null, "NULLS LAST"),
  comma: define("comma", -1, ","),
  as: define("as", -1, "AS"),
  filter: define("filter", 6),
  getitem: define("getitem", 15, "", { selfPrecedent: true }),
  jsonGetitem: define("jsonGetitem", 15, "", { selfPrecedent: true }),
  jsonPathGetitem: define("jsonPathGetitem", 15, "", { selfPrecedent: true }),
  /** Stands for "inside a function call or another bracketed place": nothing needs parentheses there. */
  asBoolean: define("asBoolean", -10),
  from: define("from", 15),
} as const;

negations(operators.eq, operators.ne);
negations(operators.is, operators.isNot);
negations(operators.isDistinctFrom, operators.isNotDistinctFrom);
negations(operators.in, operators.notIn);
negations(operators.lt, operators.ge);
negations(operators.gt, operators.le);
negations(operators.like, operators.notLike);
negations(operators.ilike, operators.notIlike);
negations(operators.contains, operators.notContains);
negations(operators.startswith, operators.notStartswith);
negations(operators.endswith, operators.notEndswith);
negations(operators.icontains, operators.notIcontains);
negations(operators.istartswith, operators.notIstartswith);
negations(operators.iendswith, operators.notIendswith);
negations(operators.match, operators.notMatch);
negations(operators.regexpMatch, operators.notRegexpMatch);
negations(operators.between, operators.notBetween);
negations(operators.isTrue, operators.isFalse);

/** Options of an operator made with {@link customOp}. */
export interface CustomOperatorOptions {
  /** How strongly it binds; default 0, that is, weaker than any other. */
  readonly precedence?: number;
  /** Its result is a truth value. */
  readonly isComparison?: boolean;
  /** Always parenthesise operands of the same operator. */
  readonly eagerGrouping?: boolean;
}

/** An operator with a symbol of the user's choice, rendered with a blank on either side. */
export function customOp(symbol: string, options: CustomOperatorOptions = {}): Operator {
  return new Operator("custom", {
    symbol,
    custom: true,
    precedence: options.precedence ?? 0,
    comparison: options.isComparison ?? false,
    eagerGrouping: options.eagerGrouping ?? false,
  });
}
