/** Concrete inheritance under a `concreteBase`: the class is selected from a UNION of all tables below it. */
import {
  Cast,
  type ColumnElement,
  CompoundSelect,
  columnsOf,
  type FromClause,
  Label,
  LiteralColumn,
  type Name,
  null_,
  outerjoin,
  Select,
  type SelectBase,
  Subquery,
} from "@athanor/core";
import type { Mapper } from "./mapper.ts";

/** The UNION; it knows which of its columns stands for a column of one of the tables. */
export class ConcreteUnion extends Subquery {
  override correspondingColumn(column: ColumnElement, requireEmbedded = false): ColumnElement | null {
    const { table, key } = column as { readonly table?: FromClause | null; readonly key: string | null };
    if (key !== null && table !== null && table !== undefined && (this.tables as readonly unknown[]).includes(table)) {
      const own = columnsOf(this.c)[this.keys.indexOf(key)];
      if (own !== undefined) return own;
    }
    return super.correspondingColumn(column, requireEmbedded);
  }

  readonly tables: readonly FromClause[];
  /** The keys of the tables' columns that its own stand for, in their order. */
  readonly keys: readonly string[];

  constructor(statement: SelectBase, name: Name, tables: readonly FromClause[], keys: readonly string[]) {
    super(statement, name);
    this.tables = tables;
    this.keys = keys;
  }

  /** The same under another name. */
  renamed(name: Name): ConcreteUnion {
    return new ConcreteUnion(this.element as SelectBase, name, this.tables, this.keys);
  }
}

/** Whether a mapper is selected from a union. */
function usesUnion(mapper: Mapper): boolean {
  if (!mapper.concrete) return false;
  for (const each of mapper.iterateToRoot()) if (each.options.concreteBase === true) return true;
  return false;
}

/** Subclasses whose columns come along with a class: `withPolymorphic` of its mapping, `polymorphicLoad: "inline"` of theirs. */
export function inlineMappers(mapper: Mapper): readonly Mapper[] {
  const given = mapper.options.withPolymorphic;
  const below = mapper.selfAndDescendants.slice(1);
  if (given === "*" || (mapper.concrete && mapper.selectable !== mapper.persistSelectable)) return below;
  const wanted = (each: Mapper): boolean =>
    each.polymorphicLoad === "inline" ||
    (given?.some(
      (type) => each.class === type || each.class.prototype instanceof (type as unknown as new () => object),
    ) ??
      false);
  return below.filter(wanted);
}

/** Gives the mappers of joined hierarchies the tables of the subclasses that come along. */
function setUpInlineJoins(mappers: readonly Mapper[]): void {
  const affected = new Set(mappers.flatMap((mapper) => [...mapper.iterateToRoot()]));
  for (const mapper of affected) {
    if (mapper.concrete) continue;
    let from = mapper.persistSelectable;
    for (const each of inlineMappers(mapper)) {
      if (!each.single && each.inheritCondition !== null)
        from = outerjoin(from, each.localTable, each.inheritCondition);
    }
    if (from !== mapper.persistSelectable) mapper.selectable = from;
  }
}

/** Gives the mappers of concrete hierarchies their unions, others their joins; called when mappers are configured. */
export function setUpConcreteUnions(mappers: readonly Mapper[]): void {
  setUpInlineJoins(mappers);
  const affected = new Set<Mapper>();
  for (const mapper of mappers) if (usesUnion(mapper)) for (const each of mapper.iterateToRoot()) affected.add(each);
  for (const mapper of affected) {
    const union = makeUnion(mapper.selfAndDescendants.filter((each) => each.concrete));
    mapper.selectable = union;
    mapper.polymorphicOn = columnsOf(union.c).find((column) => column.key === "type") ?? null;
  }
}

function makeUnion(mappers: readonly Mapper[]): ConcreteUnion {
  const columns = new Map<string, ColumnElement>();
  for (const mapper of mappers)
    for (const column of columnsOf(mapper.localTable.c))
      if (column.key !== null && !columns.has(column.key)) columns.set(column.key, column);
  const selects = mappers.map((mapper) => {
    const own = new Map(columnsOf(mapper.localTable.c).map((column) => [column.key, column]));
    const list = [...columns].map(
      ([key, model]): ColumnElement =>
        own.get(key) ??
        (new Label(String((model as { name?: unknown }).name ?? key), new Cast(null_(), model.type)) as ColumnElement),
    );
    const identity = new LiteralColumn(
      `'${String(mapper.polymorphicIdentity).replaceAll("'", "''")}'`,
    ) as unknown as ColumnElement;
    return new Select([...list, new Label("type", identity)]).selectFrom(mapper.localTable);
  });
  const tables = mappers.map((mapper) => mapper.localTable);
  const only =
    selects.length === 1
      ? (selects[0] as SelectBase)
      : (new CompoundSelect("UNION ALL", selects) as unknown as SelectBase);
  return new ConcreteUnion(only, "pjoin", tables, [...columns.keys()]);
}
