/** Fills a new mapper: its place in the hierarchy, its tables, the properties of its columns. Called by the mapper's constructor only. */
import {
  AmbiguousForeignKeysError,
  ArgumentError,
  Binary,
  CLAUSE_ELEMENT,
  Column,
  ColumnClause,
  ColumnElement,
  childrenOf,
  columnByKey,
  columnsOf,
  describe,
  type FromClause,
  InvalidRequestError,
  iterate,
  Join,
  joinCondition,
  NoForeignKeysError,
  replacementTraverse,
  resolveNode,
  Table,
  warn,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { MapperProperty } from "../base/property.ts";
import { ScalarAttribute } from "../instrument/scalar-attribute.ts";
import { ColumnProperty, type ColumnPropertyOptions } from "./column-property.ts";
import { CompositeProperty } from "./composite.ts";
import { LateProperty } from "./late-property.ts";
import type { MapperParts, ValidatorGiven } from "./mapper-options.ts";

type Mapper = OrmClasses["mapper"];

/** Fills a mapper. @internal */
export function setUpMapper(mapper: Mapper, parts: MapperParts): void {
  setUpTables(mapper, parts.table);
  setUpProperties(mapper, parts);
  setUpComposites(mapper);
  setUpPrimaryKey(mapper);
  setUpVersion(mapper);
  setUpPolymorphic(mapper);
  setUpAttributes(mapper);
  for (const [key, given] of Object.entries(parts.options.validates ?? {})) setValidator(mapper, key, given);
  mapper.inherits?.subclasses.push(mapper);
}

/** Registers a validator. */
export function setValidator(mapper: Mapper, key: string, given: ValidatorGiven): void {
  const options = typeof given === "function" ? { validate: given } : given;
  const validate = options.validate as (value: unknown, key: string, target: object, isRemove: boolean) => unknown;
  mapper.validators.set(key, {
    validate: (target, name, value, isRemove) => validate(value, name, target, isRemove),
    includeRemoves: "includeRemoves" in options ? (options.includeRemoves ?? false) : false,
    includeBackrefs: "includeBackrefs" in options ? (options.includeBackrefs ?? true) : true,
  });
  for (const below of mapper.subclasses) if (!below.validators.has(key)) setValidator(below, key, given);
}

function setUpTables(mapper: Mapper, table: FromClause | null): void {
  const { inherits } = mapper;
  if (table === null) {
    if (inherits === null) throw new ArgumentError(`Mapper for class ${mapper.class.name} has no table`);
    mapper.localTable = inherits.localTable;
    mapper.persistSelectable = inherits.persistSelectable;
    mapper.tables.push(...inherits.tables);
    return;
  }
  mapper.localTable = table;
  mapper.persistSelectable = table;
  if (inherits !== null && !mapper.concrete) {
    const condition = givenCondition(mapper, table) ?? inheritCondition(inherits.localTable, table);
    mapper.inheritCondition = condition;
    mapper.persistSelectable = new Join(inherits.persistSelectable, table, condition);
    mapper.tables.push(...inherits.tables);
    mapper.inheritSyncPairs.push(...inheritedKeys(mapper, condition, table));
  }
  for (const found of tablesOf(table)) if (!mapper.tables.includes(found)) mapper.tables.push(found);
}

/** The condition by foreign keys that joins the table of a subclass to its parent's. */
function inheritCondition(parent: FromClause, own: FromClause): ColumnElement<boolean> {
  try {
    return joinCondition(parent, own);
  } catch (error) {
    if (!(error instanceof NoForeignKeysError || error instanceof AmbiguousForeignKeysError)) throw error;
    const isMissing = error instanceof NoForeignKeysError;
    const ErrorClass = isMissing ? NoForeignKeysError : AmbiguousForeignKeysError;
    throw new ErrorClass(
      `Can't determine the inherit condition between inherited table '${parent.description}' and inheriting table '${own.description}'; tables have ${isMissing ? "no foreign key relationships established" : "more than one foreign key relationship established between them"}`,
      {
        cause: error,
        fix: `give a column of '${own.description}' a foreign key to '${parent.description}', or pass the mapper option inheritCondition`,
      },
    );
  }
}

/** The option inheritCondition in terms of the tables' own columns. */
function givenCondition({ class: type, options }: Mapper, own: FromClause): ColumnElement<boolean> | null {
  const given = options.inheritCondition;
  if (given === undefined) return null;
  const node = resolveNode(typeof given === "function" && resolveNode(given) === undefined ? given(own.c) : given);
  if (!(node instanceof ColumnElement))
    throw new ArgumentError(`the option inheritCondition of ${type.name} is no condition but ${describe(node)}`);
  return replacementTraverse(node, (part) => (part instanceof ColumnClause ? part.canonical : undefined));
}

function tablesOf(from: FromClause): Table[] {
  return [...iterate(from)].filter((node): node is Table => node instanceof Table);
}

/** The columns of a subclass's table that take over values of its parent's, the parent's first. */
function inheritedKeys(mapper: Mapper, condition: ColumnElement, own: FromClause): [Column, Column][] {
  const pairs = equatedPairs(condition, own);
  const given = mapper.options.inheritForeignKeys;
  if (given === undefined) return pairs;
  const made: unknown = typeof given === "function" && !(CLAUSE_ELEMENT in given) ? (given as () => unknown)() : given;
  const keys = (Array.isArray(made) ? made : [made]).map((each) => {
    const node = typeof each === "string" ? columnByKey(own.c, each) : resolveNode(each);
    if (node instanceof ColumnClause) return node.canonical;
    throw new ArgumentError(
      `inheritForeignKeys of ${mapper.class.name}: ${String(each)} is no column of ${own.description}`,
    );
  });
  return pairs.flatMap(([a, b]): [Column, Column][] =>
    keys.includes(b) ? [[a, b]] : keys.includes(a) ? [[b, a]] : [],
  );
}

/** The columns that a condition equates, the parent's first. */
function equatedPairs(condition: ColumnElement, own: FromClause): [Column, Column][] {
  const pairs: [Column, Column][] = [];
  for (const node of iterate(condition)) {
    if (!(node instanceof Binary) || node.operator.name !== "eq") continue;
    const [left, right] = childrenOf(node);
    if (!(left instanceof ColumnClause) || !(right instanceof ColumnClause)) continue;
    const [a, b] = [left.canonical as Column, right.canonical as Column];
    pairs.push(b.table === own ? [a, b] : [b, a]);
  }
  return pairs;
}

function setUpProperties(mapper: Mapper, parts: MapperParts): void {
  const { inherits, concrete } = mapper;
  if (inherits !== null && !concrete) {
    for (const [key, property] of inherits.props) mapper.props.set(key, property);
    for (const [column, property] of inherits.columnToProperty) mapper.columnToProperty.set(column, property);
    for (const [key, validator] of inherits.validators) mapper.validators.set(key, validator);
  }
  // Columns of the table that were given with options keep their place among the table's columns.
  const own = parts.table === null ? [] : columnsOf(parts.table.c);
  const wrapped = new Map<ColumnElement, ColumnProperty>();
  const renamed = new Map<ColumnElement, string>();
  for (const [key, given] of parts.properties) {
    const property =
      typeof given === "function" ? new LateProperty(given) : given.parent === null ? given : given.copy();
    const column = property instanceof ColumnProperty ? property.column : null;
    const isRenamed = column !== null && own.includes(column) && (property as ColumnProperty).columns.length === 1;
    if (column !== null && (column.key === key || isRenamed) && !wrapped.has(column)) {
      wrapped.set(column, property as ColumnProperty);
      if (column.key !== key) renamed.set(column, key);
    } else addProperty(mapper, key, property);
  }
  if (parts.table === null) {
    for (const column of columnsOf(mapper.localTable.c)) {
      if (parts.columns.includes(column.key as string) || wrapped.has(column))
        addProperty(
          mapper,
          column.key as string,
          wrapped.get(column) ?? new ColumnProperty([column], optionsOf(column)),
        );
    }
    return;
  }
  const { includeProperties, excludeProperties } = parts.options;
  for (const column of columnsOf(parts.table.c)) {
    if (mapper.columnToProperty.has(column)) continue;
    const other = renamed.get(column);
    if (other !== undefined) {
      addProperty(mapper, other, wrapped.get(column) as ColumnProperty);
      continue;
    }
    const key = column.key as string;
    if (includeProperties !== undefined && !names(includeProperties, column)) continue;
    if (excludeProperties !== undefined && names(excludeProperties, column)) continue;
    const same = mapper.props.get(key);
    if (same instanceof ColumnProperty && same.parent === mapper && same.column !== null)
      throw new InvalidRequestError(
        `Implicitly combining column ${same.column.description} with column ${String(column)} under attribute '${key}'.`,
        {
          fix: `name them in the shape: columns of equal values as one attribute, ${key}: columnProperty(a.c.${key}, b.c.${key}), others under keys of their own`,
        },
      );
    addProperty(mapper, key, wrapped.get(column) ?? new ColumnProperty([column], optionsOf(column)));
  }
}

/** Options of composites are those of their columns. */
function setUpComposites(mapper: Mapper): void {
  for (const composite of mapper.props.values()) {
    if (!(composite instanceof CompositeProperty) || composite.parent !== mapper) continue;
    const { deferred, group, raiseload, activeHistory } = composite.options;
    if (deferred === undefined && activeHistory === undefined) continue;
    for (const key of composite.keys) {
      const property = mapper.props.get(key);
      if (!(property instanceof ColumnProperty)) continue;
      const options = { ...property.options, ...(deferred === undefined ? {} : { deferred, group, raiseload }) };
      addProperty(
        mapper,
        key,
        new ColumnProperty(property.columns, activeHistory === undefined ? options : { ...options, activeHistory }),
      );
    }
  }
}

/** Whether `includeProperties` or `excludeProperties` name a column, by its key or itself. */
function names(given: readonly (string | object)[], column: ColumnElement): boolean {
  return given.some((each) =>
    typeof each === "string"
      ? each === column.key
      : (resolveNode(each) as ColumnElement | undefined)?.canonical === column.canonical,
  );
}

/** What a column says about its mapping. @internal */
export function optionsOf(column: ColumnElement): ColumnPropertyOptions {
  if (!(column instanceof Column)) return {};
  const { deferred, deferredGroup, deferredRaiseload, activeHistory } = column.mapping;
  return {
    deferred,
    group: deferredGroup,
    raiseload: deferredRaiseload,
    activeHistory,
    doc: column.doc,
    info: column.info,
  };
}

/** Adds a property under a key, and joins it with an inherited one of that key. @internal */
export function addProperty(mapper: Mapper, key: string, given: MapperProperty): void {
  let property = given;
  const known = mapper.props.get(key);
  if (
    property instanceof ColumnProperty &&
    known instanceof ColumnProperty &&
    known.parent !== mapper &&
    property.column !== null &&
    known.column !== null
  ) {
    property = new ColumnProperty([...property.columns, ...known.columns], property.options);
  }
  property.key = key;
  property.parent = mapper;
  mapper.props.set(key, property);
  if (property instanceof ColumnProperty)
    for (const column of property.columns) mapper.columnToProperty.set(column, property);
  mapper.forget();
}

function setUpPrimaryKey(mapper: Mapper): void {
  const { inherits } = mapper;
  if (inherits !== null && !mapper.concrete) {
    mapper.primaryKey = inherits.primaryKey;
    return;
  }
  const given = mapper.options.primaryKey;
  mapper.primaryKey =
    given === undefined
      ? (mapper.persistSelectable.primaryKeyColumns as readonly Column[])
      : given.map((each) => columnOf(mapper, each, "primaryKey"));
  if (mapper.primaryKey.length === 0) {
    throw new ArgumentError(
      `Mapper ${mapper} could not assemble any primary key columns for mapped table '${mapper.localTable.description}'`,
      {
        fix: "mark a column with { primaryKey: true }, or name the columns that identify rows with the mapper option primaryKey",
      },
    );
  }
}

/** The column that an option names: by attribute key, by name, or as a column or attribute. */
export function columnOf(mapper: Mapper, given: unknown, option: string): Column {
  if (typeof given === "string") {
    const property = mapper.props.get(given);
    if (property instanceof ColumnProperty && property.column !== null) return property.column;
    for (const column of mapper.columnToProperty.keys())
      if (column instanceof Column && column.name === given) return column;
  } else {
    const node = resolveNode(
      typeof given === "function" && resolveNode(given) === undefined ? (given as () => unknown)() : given,
    );
    if (node instanceof ColumnClause) return node.canonical as Column;
  }
  throw new ArgumentError(
    `the option ${option} of ${mapper.class.name} names no column of its table: ${String(given)}`,
  );
}

function setUpVersion(mapper: Mapper): void {
  const given = mapper.options.versionIdCol;
  const { inherits } = mapper;
  if (given !== undefined && given !== null) mapper.versionIdCol = columnOf(mapper, given, "versionIdCol");
  else if (inherits !== null && !mapper.concrete) mapper.versionIdCol = inherits.versionIdCol;
  if (mapper.versionIdCol !== null) mapper.versionIdProperty = mapper.columnToProperty.get(mapper.versionIdCol) ?? null;
}

function setUpPolymorphic(mapper: Mapper): void {
  const { inherits, options } = mapper;
  const given = options.polymorphicOn;
  if (given !== undefined && given !== null) {
    if (typeof given === "string") {
      const property = mapper.props.get(given);
      if (!(property instanceof ColumnProperty))
        throw new ArgumentError(
          `Can't determine polymorphic_on value '${given}' - no attribute is mapped to this name.`,
        );
      mapper.polymorphicOn = property.expression;
      mapper.polymorphicKey = given;
    } else {
      const node = resolveNode(typeof given === "function" ? given() : given) as ColumnElement;
      mapper.polymorphicOn = node.canonical;
      mapper.polymorphicKey = mapper.keyOf(node);
    }
  } else if (inherits !== null && !mapper.concrete) {
    mapper.polymorphicOn = inherits.polymorphicOn;
    mapper.polymorphicKey = inherits.polymorphicKey;
  }
  if (options.polymorphicIdentity !== undefined && options.polymorphicIdentity !== null) {
    const known = mapper.polymorphicMap.get(options.polymorphicIdentity);
    if (known !== undefined && known !== mapper)
      warn(
        `Reassigning polymorphic association for identity ${JSON.stringify(options.polymorphicIdentity)} from ${known} to ${mapper}: Check for duplicate use of ${JSON.stringify(options.polymorphicIdentity)} as value for polymorphic_identity.`,
      );
    mapper.polymorphicMap.set(options.polymorphicIdentity, mapper);
  } else if (
    inherits !== null &&
    !mapper.concrete &&
    options.polymorphicAbstract !== true &&
    mapper.baseMapper.polymorphicOn !== null
  ) {
    warn(
      `${mapper} does not indicate a 'polymorphicIdentity', yet is part of an inheritance hierarchy that has a 'polymorphicOn' column of '${mapper.baseMapper.polymorphicKey ?? ""}'.  If this is an intermediary class that should not be instantiated, the class may either be left unmapped, or may include the 'polymorphicAbstract: true' option in its mapping.`,
    );
  }
}

function setUpAttributes(mapper: Mapper): void {
  for (const [key, property] of mapper.props) {
    if (!(property instanceof ColumnProperty)) continue;
    if (property.parent === mapper) makeAttribute(mapper, property);
    else {
      const inherited = mapper.inherits?.attributes.get(key);
      if (inherited !== undefined) mapper.attributes.set(key, inherited);
    }
  }
}

/** Makes the attribute of a column property. @internal */
export function makeAttribute(mapper: Mapper, property: ColumnProperty): void {
  const { expression } = property;
  const isKey =
    mapper.primaryKey.includes(expression as Column) || (expression instanceof Column && expression.primaryKey);
  const attribute = new ScalarAttribute(property.key, property, mapper, {
    activeHistory:
      property.activeHistory || isKey || (mapper.versionIdCol !== null && mapper.versionIdCol === expression),
  });
  attribute.type = expression.type;
  attribute.accept = property.hook?.accept ?? null;
  mapper.attributes.set(property.key, attribute);
}
