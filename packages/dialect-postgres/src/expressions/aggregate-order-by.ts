/** ORDER BY inside of an aggregate, written as one of its arguments. */
import {
  ArgumentError,
  asColumnElement,
  byElements,
  ClauseList,
  ColumnElement,
  type Compiler,
  defineKind,
  type Fields,
  Grouping,
  literalElement,
  type Operator,
  resolveNode,
} from "@athanor/core";

/** `a ORDER BY b` */
export class OrderedArgument<T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { target: "child", orderBy: "child" };
  readonly target: ColumnElement;
  readonly orderBy: ClauseList;

  constructor(target: ColumnElement, orderBy: readonly unknown[]) {
    super(target.type);
    if (orderBy.length === 0) throw new ArgumentError("at least one ORDER BY element is required");
    this.target = target;
    this.orderBy = new ClauseList(byElements(orderBy, "ORDER BY"));
  }

  override selfGroup(against: Operator | null): ColumnElement {
    return against === null ? new Grouping(this) : this;
  }
}
defineKind(OrderedArgument, "pgOrderedArgument");

/** `string_agg(a, ',' ORDER BY b)` is `func.string_agg(a, pg.aggregateOrderBy(literal(","), b))`. */
export function aggregateOrderBy<T, I>(
  target: ColumnElement<T, I> | string | number,
  ...orderBy: readonly unknown[]
): OrderedArgument<T, I> {
  const node = resolveNode(target);
  const element =
    node === undefined ? literalElement(target) : asColumnElement(node, "the target of aggregateOrderBy()");
  return new OrderedArgument<T, I>(element, orderBy);
}

/** The rendering, for the table of visitors. */
export function visitOrderedArgument(compiler: Compiler, argument: OrderedArgument): string {
  return `${compiler.visit(argument.target)} ORDER BY ${compiler.visit(argument.orderBy)}`;
}
