/** Operators and expressions as SQL Server writes them. */
import {
  type AggregateOrderBy,
  type Binary,
  Binary as BinaryElement,
  BindParameter,
  type Collation,
  CompileError,
  type Compiler,
  type Extract,
  type FrameBounds,
  infix,
  type NextValue,
  type TryCast,
  type Visitor,
  visitFrameBounds,
} from "@athanor/core";

const intersects = (compiler: Compiler, binary: Binary): string =>
  `EXISTS (SELECT ${compiler.visit(binary.left)} INTERSECT SELECT ${compiler.visit(binary.right)})`;

const dateParts: Readonly<Record<string, string>> = {
  dow: "weekday",
  doy: "dayofyear",
  milliseconds: "millisecond",
  microseconds: "microsecond",
};

const contains = (compiler: Compiler, binary: Binary): string =>
  `CONTAINS (${compiler.visit(binary.left)}, ${compiler.visit(binary.right)})`;

/** Frame bounds cannot be parameters: plain numbers are written into the text at execution. */
function visitFrame(compiler: Compiler, bounds: FrameBounds): string {
  const inline = (bound: FrameBounds["lower"]): FrameBounds["lower"] =>
    bound instanceof BindParameter && bound.bindKey === null ? bound.withLiteralExecute() : bound;
  return visitFrameBounds(
    compiler,
    Object.assign(Object.create(Object.getPrototypeOf(bounds) as object) as FrameBounds, bounds, {
      lower: inline(bounds.lower),
      upper: inline(bounds.upper),
    }),
  );
}

/** Names of collations cannot be quoted; only what a name can be is let through. */
function visitCollation(compiler: Compiler, { collation, schema }: Collation): string {
  if (!/^[\w ]+$/.test(collation)) throw new CompileError(`${JSON.stringify(collation)} is no name of a collation`);
  return schema ? `${compiler.identifier(schema)}.${collation}` : collation;
}

/** `string_agg(a, ',') WITHIN GROUP (ORDER BY …)` */
function visitAggregateOrder(compiler: Compiler, aggregate: AggregateOrderBy): string {
  return `${compiler.visit(aggregate.element)} WITHIN GROUP (ORDER BY ${compiler.visit(aggregate.orderBy)})`;
}

/** `a = b`, a parameter on the right. */
function visitEquals(compiler: Compiler, binary: Binary): string {
  const { left, right, operator, type } = binary;
  const swaps = left instanceof BindParameter && !(right instanceof BindParameter);
  return infix(compiler, swaps ? new BinaryElement(right, left, operator, type) : binary, operator.symbol);
}

/** Visitors of expressions. */
export const expressionVisitors: Readonly<Record<string, Visitor>> = {
  "op:eq": visitEquals,
  "op:concat": (compiler, binary: Binary) => infix(compiler, binary, "+"),
  concatPattern: ((_compiler: Compiler, parts: readonly string[]) => parts.join(" + ")) as unknown as Visitor,
  "op:isDistinctFrom": (compiler, binary: Binary) => `NOT ${intersects(compiler, binary)}`,
  "op:isNotDistinctFrom": intersects,
  "op:match": contains,
  "op:notMatch": (compiler, binary: Binary) => `NOT ${contains(compiler, binary)}`,
  extract: (compiler, extract: Extract) =>
    `DATEPART(${dateParts[extract.field] ?? extract.field}, ${compiler.visit(extract.element)})`,
  tryCast: (compiler, cast: TryCast) => `TRY_CAST (${compiler.visit(cast.element)} AS ${compiler.typeText(cast.type)})`,
  collation: visitCollation,
  frameBounds: visitFrame,
  aggregateOrderBy: visitAggregateOrder,
  nextValue(compiler, next: NextValue) {
    const { sequence } = next;
    const schema = compiler.effectiveSchema(sequence.schema);
    const name = compiler.identifier(sequence.name, sequence.quote);
    return `NEXT VALUE FOR ${schema === null || schema === "" ? name : `${compiler.schemaName(schema)}.${name}`}`;
  },
};
