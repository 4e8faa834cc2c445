/** `select(User).fromStatement(text("SELECT …"))`: entities from the rows of any statement, matched by column names. */
import {
  ArgumentError,
  appendOptionKeys,
  type CacheKeyBuilder,
  ClauseElement,
  type ColumnElement,
  type Compiler,
  compiles,
  defineKind,
  type Fields,
  type NamedColumn,
  type Node,
  ReturnsRows,
  resolveNode,
  type Select,
} from "@athanor/core";
import { lowerColumns } from "./lowering.ts";
import { LOAD_PLAN } from "./plan.ts";

/** A statement whose rows are read as the entities and columns of a SELECT. */
export class FromStatement<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends ReturnsRows<V, O, E> {
  static override readonly fields: Fields = { element: "child", rawColumns: "children" };
  readonly rawColumns: readonly Node[];
  readonly element: Node;

  constructor(rawColumns: readonly Node[], element: Node) {
    super();
    this.rawColumns = rawColumns;
    this.element = element;
  }

  override get namedColumns(): readonly NamedColumn[] {
    return (this.element as ReturnsRows).namedColumns;
  }

  override get columnKeys(): readonly (string | null)[] {
    return (this.element as ReturnsRows).columnKeys;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(FS");
    for (const column of this.rawColumns) column.appendCacheKey(key);
    this.element.appendCacheKey(key);
    appendOptionKeys(key, this.givenOptions);
    key.add(")");
  }
}
defineKind(FromStatement, "fromStatement");

let rendered = false;

/** The entities and columns of `columns`, read from the rows of another statement. */
export function fromStatement(columns: Select, statement: unknown): FromStatement {
  const node = resolveNode(statement);
  if (!(node instanceof ClauseElement))
    throw new ArgumentError("fromStatement() takes a statement: text(…), select(…), union(…)");
  if (!rendered) {
    // Only now: a custom rendering costs every compilation a look-up.
    rendered = true;
    compiles(FromStatement, visitFromStatement);
  }
  // What the SELECT was told of loading and execution holds for the rows that take its place.
  return new FromStatement(columns.rawColumns, node)
    .options(...columns.givenOptions)
    .executionOptions(columns.givenExecutionOptions);
}

/** Renders the statement and notes how its rows are read. */
export function visitFromStatement(compiler: Compiler, statement: FromStatement): string {
  const { columns, plan } = lowerColumns(statement.rawColumns, statement, []);
  const text = compiler.visit(statement.element);
  const results = compiler.resultColumns;
  if (results === null) {
    for (const column of columns as readonly ColumnElement[]) {
      compiler.addResultColumn({
        name: String((column as { name?: unknown }).name),
        key: String((column as { name?: unknown }).name),
        type: compiler.dialect.adaptType(column.type),
        elements: new Set([column, column.canonical]),
      });
    }
    compiler.positionalResult = false;
    for (const entity of plan.entities) entity.eagers.length = 0;
    compiler.attachments.set(LOAD_PLAN, { ...plan, byName: true });
    return text;
  }
  for (const item of plan.entities) {
    for (const [column, slot] of item.slots) {
      slot.index = results.findIndex((result) => result.elements.has(column) || result.elements.has(column.canonical));
      if (slot.index < 0 && item.parent === null)
        slot.index = results.findIndex((result) => result.name === (column as { name?: unknown }).name);
      if (slot.index < 0) item.slots.delete(column);
    }
  }
  // containsEager() of columns that the statement does not have.
  for (const entity of plan.entities) {
    const found = entity.eagers.filter(({ plan: child }) =>
      child.mapper.primaryKeyProperties.every((property) => child.slotOf(property) !== undefined),
    );
    entity.eagers.splice(0, entity.eagers.length, ...found);
  }
  compiler.attachments.set(LOAD_PLAN, plan);
  return text;
}
