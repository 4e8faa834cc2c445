/** What the operators of expressions build; fills the slots of ./column-element.ts. */
import { AnonName } from "../ast/name.ts";
import { ArgumentError, UnsupportedOperatorError } from "../errors/errors.ts";
import { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { BooleanType } from "../types/boolean.ts";
import { describe } from "../types/literals.ts";
import "./parameters.ts";
import { NULLTYPE } from "../types/null.ts";
import { BigInteger } from "../types/numeric.ts";
import { StringType } from "../types/string.ts";
import { type SqlType, type TypeLike, toType } from "../types/type.ts";
import { Binary, type Modifiers } from "./binary.ts";
import { BindParameter, literalBind } from "./bind.ts";
import { Cast } from "./cast.ts";
import { ExpressionList } from "./clause-list.ts";
import { asColumnElement, constantOf, operand, refuseUndefined, resolveNode } from "./coerce.ts";
import { Collation } from "./collation.ts";
import { CollectionAggregate } from "./collection-aggregate.ts";
import { ColumnClause } from "./column-clause.ts";
import { type CollateOptions, ColumnElement, operations, WHOLE } from "./column-element.ts";
import { False, Null, True } from "./constants.ts";
import { Grouping } from "./grouping.ts";
import { Label } from "./label.ts";
import { LiteralColumn } from "./literal-column.ts";
import { Tuple } from "./tuple.ts";
import { AsBoolean, Unary } from "./unary.ts";

const booleanType = new BooleanType();
type Options = Readonly<Record<string, unknown>> | undefined;

const { eq, ne, is, isNot, isDistinctFrom, isNotDistinctFrom } = operators;

const handlers = new Map<
  Operator,
  (operator: Operator, left: ColumnElement, right: unknown, options: Options) => ColumnElement
>();
const handle = (
  list: readonly Operator[],
  handler: (operator: Operator, left: ColumnElement, right: unknown, options: Options) => ColumnElement,
): void => {
  for (const operator of list) handlers.set(operator, handler);
};

handle(
  [eq, ne, operators.lt, operators.le, operators.gt, operators.ge, is, isNot, isDistinctFrom, isNotDistinctFrom],
  compare,
);
handle([operators.in, operators.notIn], compareIn);
handle([operators.like, operators.notLike, operators.ilike, operators.notIlike], (operator, left, right, options) =>
  comparison(operator, left, pattern(right, operator, left), modifiersOf(options, "escape")),
);
handle(
  [
    operators.contains,
    operators.startswith,
    operators.endswith,
    operators.icontains,
    operators.istartswith,
    operators.iendswith,
  ],
  (operator, left, right, options) => {
    const { text, modifiers } = escapeWildcards(right, options);
    return comparison(operator, left, pattern(text, operator, left), modifiers);
  },
);
handle([operators.match], (operator, left, right, options) => {
  const type = booleanType;
  return new Binary(left, operand(right, operator, left), operator, type, operators.notMatch, options ?? null);
});
handle([operators.regexpMatch], (operator, left, right, options) =>
  comparison(operator, left, operand(right, operator, left), flagsOf(left, options)),
);
handle([operators.regexpReplace], (operator, left, right, options) => {
  const replacement = operand(options?.["replacement"], operator, left);
  return new Binary(left, operand(right, operator, left), operator, left.type, null, {
    ...flagsOf(left, options),
    replacement,
  });
});
handle([operators.collate], (operator, left, right, options) => {
  const { collationSchema = null } = (options ?? {}) as CollateOptions;
  return new Binary(left, new Collation(String(right), collationSchema), operator, left.type);
});
handle([operators.any, operators.all], (operator, left, right, options) => {
  const given = options?.["operator"];
  const compareBy =
    (given instanceof Operator ? given : (given as { operator?: Operator } | undefined)?.operator) ?? eq;
  const aggregate = new CollectionAggregate(left, operator);
  if (right === WHOLE) return aggregate;
  return aggregate.compareReversed(compareBy, operandFor(right, left));
});

/** What LIKE and its relatives compare with: a constant cannot be meant. */
function pattern(value: unknown, operator: Operator, left: ColumnElement): ColumnElement {
  if (value === null || typeof value === "boolean" || value instanceof Null) throw constantRefused(operator, value);
  return operand(value, operator, left);
}

function constantRefused(operator: Operator, value: unknown): ArgumentError {
  return new ArgumentError(
    "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', 'is_not_distinct_from()' operators can be used with None/True/False",
    {
      fix: `use .is(null) or .eq(null) instead of .${operator.name}(${describe(value instanceof ColumnElement ? value.kind : value)})`,
    },
  );
}

/** `a[i]` of something that has no elements: types that have some bring their own method. */
function refuseSubscript(this: ColumnElement): never {
  throw new UnsupportedOperatorError(`Operator 'getitem' is not supported on ${describeColumn(this)}`, {
    fix: "give the expression a type with elements: cast(…, t.json), typeCoerce(…, t.array(t.integer))",
  });
}
Object.defineProperty(ColumnElement.prototype, "at", { value: refuseSubscript, configurable: true });
Object.defineProperty(ColumnElement.prototype, "slice", { value: refuseSubscript, configurable: true });

function describeColumn(element: ColumnElement): string {
  return element.key ?? `a ${element.kind} expression`;
}

function operandFor(value: unknown, array: ColumnElement): ColumnElement {
  const node = resolveNode(value);
  if (node !== undefined) return asColumnElement(node, "the operand of ANY");
  refuseUndefined(value, "the operand of any()");
  const item = (array.type as { itemType?: ColumnElement["type"] }).itemType;
  return literalBind(value, item ?? NULLTYPE, array.bindBase);
}

function operate(operator: Operator, left: ColumnElement, right: unknown, options?: Options): ColumnElement {
  const handler = handlers.get(operator);
  if (handler !== undefined) return handler(operator, left, right, options);
  const other = operand(right, operator, left);
  if (operator.custom) return customBinary(operator, left, other, options);
  const adapted = left.type.adaptOperator(operator, other.type);
  return new Binary(left, other, adapted.operator, adapted.type, adapted.operator.negation, options ?? null);
}

function customBinary(operator: Operator, left: ColumnElement, right: ColumnElement, options: Options): Binary {
  const given = options?.["returnType"] as TypeLike | undefined;
  if (given !== undefined) return new Binary(left, right, operator, toType(given));
  if (operator.comparison) return new Binary(left, right, operator, booleanType);
  return new Binary(left, right, operator, left.type.adaptOperator(operator, right.type).type);
}

/** `left op right` as a truth value, with the operator's negation. */
export function comparison(
  operator: Operator,
  left: ColumnElement,
  right: ColumnElement,
  modifiers: Modifiers | null = null,
): Binary {
  return new Binary(left, right, operator, booleanType, operator.negation, modifiers);
}

function compare(operator: Operator, left: ColumnElement, right: unknown): ColumnElement {
  if (left.type.affinity === "json" && right === null && (operator === eq || operator === ne)) {
    return comparison(operator === eq ? is : isNot, left, constantOf(null) as ColumnElement);
  }
  if (
    isConstant(left.type.coerceToIsTypes, right) ||
    right instanceof Null ||
    right instanceof True ||
    right instanceof False
  ) {
    const constant = right instanceof ColumnElement ? right : (constantOf(right) as ColumnElement);
    if (!(constant instanceof Null) && (operator === eq || operator === ne))
      return comparison(operator, left, constant);
    if (operator === isDistinctFrom || operator === isNotDistinctFrom) return comparison(operator, left, constant);
    if (operator === eq || operator === is) return comparison(is, left, constant);
    if (operator === ne || operator === isNot) return comparison(isNot, left, constant);
    throw constantRefused(operator, right);
  }
  const other = operand(right, operator, left);
  if (left.type.affinity === "tuple" && other instanceof BindParameter && Array.isArray(other.value)) {
    return comparison(operator, left, tupleOf(left, other.value as readonly unknown[]));
  }
  if (other instanceof CollectionAggregate) return new Binary(left, other, operator, booleanType);
  return comparison(operator, left, other);
}

/** Whether a value is one of those that stand for SQL's constants beside a type. */
function isConstant(constants: readonly unknown[], value: unknown): boolean {
  if (value !== null && typeof value !== "boolean") return false;
  return constants.includes(value) || (value !== null && constants.includes(Boolean));
}

function tupleOf(left: ColumnElement, values: readonly unknown[]): ColumnElement {
  const types = (left.type as { types?: readonly ColumnElement["type"][] }).types ?? [];
  return new Tuple(
    values.map((value, index) => {
      const node = resolveNode(value);
      return node === undefined
        ? literalBind(value, types[index] ?? NULLTYPE)
        : asColumnElement(node, "a tuple member");
    }),
  );
}

function compareIn(operator: Operator, left: ColumnElement, right: unknown): ColumnElement {
  const node = resolveNode(right);
  if (node !== undefined) {
    if (node instanceof BindParameter) {
      // Of a list that was no list yet, the type is that of an array.
      const untyped = node.type === NULLTYPE || (!node.expanding && node.type.affinity === "array");
      const bind = untyped ? node.withType(left.type) : node;
      return comparison(
        operator,
        left,
        bind.expandOperator === null ? bind.withExpanding(operator, tupleTypes(left)) : bind,
      );
    }
    if (node instanceof ColumnClause || node instanceof LiteralColumn) {
      throw new ArgumentError(
        `IN expression list, SELECT construct, or bound parameter object expected, got the column ${JSON.stringify(node.key)}`,
        {
          fix: "pass a list, a SELECT, or bindparam(…, { expanding: true }); for arrays, use eq(any(column))",
        },
      );
    }
    const rows = (node as { asRows?: () => ColumnElement }).asRows?.();
    return comparison(operator, left, rows ?? asColumnElement(node, "the right side of IN"));
  }
  refuseUndefined(right, "the right side of IN");
  if (right === null || typeof right !== "object" || !(Symbol.iterator in right)) {
    throw new ArgumentError(
      `IN expression list, SELECT construct, or bound parameter object expected, got ${describe(right)}`,
      {
        fix: `pass a list: .in([${describe(right)}])`,
      },
    );
  }
  // A copy: the program may go on to use its list for something else.
  const values = Array.isArray(right) ? (right.slice() as unknown[]) : [...(right as Iterable<unknown>)];
  const types = tupleTypes(left);
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value === undefined) refuseUndefined(value, `value ${index} of the IN list`);
    if (value !== null && resolveNode(value) !== undefined) {
      const members = values.map((value) => operand(value, operator, left).selfGroup(operators.comma));
      return comparison(operator, left, new Grouping(new ExpressionList(operators.comma, members, NULLTYPE)));
    }
  }
  const type = listType(operator, left, values);
  const bind = new BindParameter(new AnonName(left.bindBase), null, values, type, {
    unique: true,
    expanding: true,
    expandOperator: operator,
    tupleTypes: types,
  });
  return comparison(operator, left, bind);
}

/** The type of all values of an IN list: of mixed numbers, the one that holds them all. */
function listType(operator: Operator, left: ColumnElement, values: readonly unknown[]): SqlType {
  let sort = "";
  let type = left.type;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value === null) continue;
    // Lists beside something without a type are tuples.
    if (Array.isArray(value) && left.type.affinity === "null") return left.type;
    const other = sortOf(value);
    if (sort === "") {
      sort = other;
      type = left.type.coerceComparedValue(operator, value);
    } else if (other !== sort) {
      const wider = left.type.coerceComparedValue(operator, value);
      if (width(wider) > width(type) && width(type) > 0) type = wider;
    }
  }
  return type;
}

/** Values of one sort have one type. */
function sortOf(value: unknown): string {
  if (typeof value !== "number") return typeof value;
  return Number.isInteger(value) ? (Math.abs(value) < 0x8000_0000 ? "integer" : "large") : "fraction";
}

/** How much a numeric type holds; 0 for other types. */
function width(type: SqlType): number {
  if (type.affinity === "integer") return type instanceof BigInteger ? 2 : 1;
  return type.affinity === "numeric" || type.affinity === "float" ? 3 : 0;
}

function tupleTypes(left: ColumnElement): readonly ColumnElement["type"][] | null {
  return left.type.affinity === "tuple"
    ? ((left.type as { types?: readonly ColumnElement["type"][] }).types ?? [])
    : null;
}

function modifiersOf(options: Options, ...names: readonly string[]): Modifiers | null {
  if (options === undefined) return null;
  const modifiers: Record<string, unknown> = {};
  for (const name of names) if (options[name] !== undefined && options[name] !== null) modifiers[name] = options[name];
  return Object.keys(modifiers).length === 0 ? null : modifiers;
}

function flagsOf(left: ColumnElement, options: Options): Modifiers | null {
  const flags = options?.["flags"];
  return flags === undefined || flags === null
    ? null
    : { flags: literalBind(flags, new StringType(), left.bindBase), flagsText: flags };
}

function escapeWildcards(right: unknown, options: Options): { text: unknown; modifiers: Modifiers | null } {
  const modifiers = modifiersOf(options, "escape");
  if (options?.["autoescape"] !== true) return { text: right, modifiers };
  if (typeof right !== "string")
    throw new ArgumentError("String value expected when autoescape=True", {
      fix: "autoescape works on strings only; escape the expression by yourself",
    });
  const escape = (modifiers?.["escape"] as string | undefined) ?? "/";
  const doubled = escape === "%" || escape === "_" ? right : right.replaceAll(escape, escape + escape);
  return { text: doubled.replaceAll("%", `${escape}%`).replaceAll("_", `${escape}_`), modifiers: { escape } };
}

function unary(operator: Operator, element: ColumnElement): ColumnElement {
  switch (operator) {
    case operators.asc:
    case operators.desc:
    case operators.nullsFirst:
    case operators.nullsLast:
      return new Unary(element, { modifier: operator, type: element.type });
    default:
      return new Unary(element, { operator, type: element.type });
  }
}

function group(element: ColumnElement, against: Operator | null): ColumnElement {
  if (
    (against === operators.and || against === operators.or || against === operators.asBoolean) &&
    element.type.affinity === "boolean" &&
    !(element instanceof AsBoolean) &&
    rendersAsValue(element)
  ) {
    return new AsBoolean(element, operators.isTrue);
  }
  if (against === operators.any || against === operators.all) return new Grouping(element);
  return element;
}

/** Values of boolean type that are no conditions by themselves on databases without booleans. */
function rendersAsValue(element: ColumnElement): boolean {
  return !(
    element instanceof Unary ||
    element instanceof Grouping ||
    element instanceof Binary ||
    element instanceof ExpressionList
  );
}

function negate(element: ColumnElement): ColumnElement {
  if (element.type.affinity === "boolean" && rendersAsValue(element) && !(element instanceof AsBoolean))
    return new AsBoolean(element, operators.isFalse);
  return new Unary(element.selfGroup(operators.not), { operator: operators.not, type: booleanType });
}

function between(
  element: ColumnElement,
  low: unknown,
  high: unknown,
  options: { readonly symmetric?: boolean },
): ColumnElement {
  const operator = operators.between;
  const bound = (value: unknown): ColumnElement => {
    const side = operand(value, operator, element);
    // A boolean value is no condition here.
    return side instanceof BindParameter ? side : side.selfGroup(operators.and);
  };
  const bounds = new ExpressionList(operators.and, [bound(low), bound(high)], NULLTYPE);
  return new Binary(
    element,
    new BetweenBounds(bounds),
    operator,
    booleanType,
    operators.notBetween,
    options.symmetric ? { symmetric: true } : null,
  );
}

/** `low AND high`; never parenthesised, unlike a condition. */
class BetweenBounds extends ExpressionList {
  constructor(bounds: ExpressionList) {
    super(bounds.operator, bounds.clauses, bounds.type);
  }
  override selfGroup(): ColumnElement {
    return this;
  }
}

Object.assign(operations, {
  operate,
  unary,
  group,
  negate,
  between,
  label: (element: ColumnElement, name: string | null) => new Label(name, element),
  cast: (element: ColumnElement, type: TypeLike) => new Cast(element, toType(type)),
});
