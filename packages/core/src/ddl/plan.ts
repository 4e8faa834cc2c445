/**
 * Which statements `createAll()`, `dropAll()`, `create()` and `drop()` consist of, and in which order. A plan is carried out
 * as a step on a {@link DdlConnection}: engines execute the statements, {@link plannedStatements} collects them.
 */
import { call, runSync, type Step } from "@athanor/driver";
import { CircularDependencyError } from "../errors/errors.ts";
import type { DdlEventConnection, DdlEventOptions, SchemaEventMap, SchemaEvents } from "../schema/events.ts";
import type { ForeignKeyConstraint } from "../schema/foreign-key-constraint.ts";
import { MetaData } from "../schema/metadata.ts";
import type { CheckFirst, CheckKind, DdlOperation } from "../schema/ports.ts";
import { Sequence } from "../schema/sequence.ts";
import { namesOf, type SortedTable, sortTablesAndConstraints } from "../schema/sort.ts";
import { Table } from "../schema/table.ts";
import type { Index } from "../schema/table-index.ts";
import { type NamedType, namedTypesIn } from "../schema/type-constraints.ts";
import { SqlType } from "../types/type.ts";
import { warn } from "../util/warnings.ts";
import { setColumnComment, setConstraintComment, setTableComment } from "./comment.ts";
import { addConstraint, createIndex, createSequence, createTable } from "./create.ts";
import type { DdlDialect, NamedTypeDdl } from "./dialect-port.ts";
import { dropConstraint, dropIndex, dropSequence, dropTable } from "./drop.ts";
import type { DdlElement } from "./element.ts";
import { requireShortEnough } from "./identifier.ts";

/** What carries out a plan. */
export interface DdlConnection {
  readonly dialect: DdlDialect;
  /** What listeners of events get. */
  readonly forListeners: DdlEventConnection;
  /** The schema that stands for another under a translation. */
  effectiveSchema(schema: string | null): string | null;
  execute(statement: DdlElement): Step<unknown>;
  /** Whether something is there; asked only for the kinds that are to be checked. */
  exists(
    kind: CheckKind,
    name: string,
    schema: string | null,
    tableName?: string,
    isTemporary?: boolean,
  ): Step<boolean>;
}

/** A prefix that makes a table a temporary one. */
const saysTemporary = (prefix: string): boolean => /^(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?$/i.test(prefix);

type DdlEvent = "beforeCreate" | "afterCreate" | "beforeDrop" | "afterDrop";

/** A plan being carried out. */
class DdlRun {
  readonly connection: DdlConnection;
  readonly dialect: DdlDialect;
  readonly checkfirst: CheckFirst;
  readonly create: boolean;
  /** Types that were created or dropped in this run. */
  readonly #types = new Set<string>();

  constructor(connection: DdlConnection, operation: DdlOperation) {
    this.connection = connection;
    this.dialect = connection.dialect;
    this.checkfirst = operation.checkfirst;
    this.create = operation.action === "create";
  }

  checks(kind: CheckKind): boolean {
    return typeof this.checkfirst === "boolean" ? this.checkfirst : this.checkfirst.includes(kind);
  }

  *fire<Target>(
    target: Target & { readonly dispatch: SchemaEvents<Target> },
    moment: "before" | "after",
    rest: Partial<DdlEventOptions> = {},
  ): Step<void> {
    const name = `${moment}${this.create ? "Create" : "Drop"}` as DdlEvent;
    const list = target.dispatch.of(name);
    const options: DdlEventOptions = { checkfirst: this.checkfirst, isMetadataOperation: false, ...rest };
    if (!list.empty)
      yield* list.run(
        ...([target, this.connection.forListeners, options] as Parameters<SchemaEventMap<Target>[DdlEvent]>),
      );
  }

  /** Whether a thing is to be created, or dropped, as far as its presence goes. */
  *isDue(
    kind: CheckKind,
    name: string,
    schema: string | null,
    tableName?: string,
    isTemporary?: boolean,
  ): Step<boolean> {
    if (!this.checks(kind)) return true;
    const place = this.connection.effectiveSchema(schema);
    const exists = yield* this.connection.exists(kind, name, place, tableName, isTemporary);
    return exists !== this.create;
  }

  *isTableDue(table: Table): Step<boolean> {
    const limit = this.dialect.capabilities.maxIdentifierLength;
    requireShortEnough(table.name, limit);
    if (table.schema !== null) requireShortEnough(table.schema, limit);
    const kind = table.isView ? "views" : "tables";
    return yield* this.isDue(kind, table.name, table.schema, undefined, table.prefixes.some(saysTemporary));
  }

  *isSequenceDue(sequence: Sequence): Step<boolean> {
    const { sequences, optionalSequences } = this.dialect.capabilities;
    if (!sequences || (optionalSequences && sequence.optional)) return false;
    return yield* this.isDue("sequences", sequence.name, sequence.schema);
  }

  /** Creates or drops a type that is an object of the database, once. One that comes with tables may say that it does not. */
  *type(type: NamedType, isAskedFor = false): Step<void> {
    const found = this.#typeDdl(type);
    if (found === null || !(type.createType || isAskedFor)) return;
    const key = JSON.stringify([found.schema, found.name]);
    if (this.#types.has(key)) return;
    this.#types.add(key);
    if (yield* this.isDue("types", found.name, found.schema))
      yield* this.connection.execute(this.create ? found.create : found.drop);
  }

  #typeDdl(type: NamedType): NamedTypeDdl | null {
    const [adapted] = namedTypesIn(this.dialect.adaptType(type));
    return adapted === undefined ? null : (this.dialect.namedTypeDdl?.(adapted) ?? null);
  }

  *types(types: Iterable<NamedType>): Step<void> {
    if (this.dialect.namedTypeDdl === undefined) return;
    for (const type of types) yield* this.type(type);
  }

  *sequence(sequence: Sequence): Step<void> {
    yield* this.fire<Sequence>(sequence, "before");
    yield* this.connection.execute(this.create ? createSequence(sequence) : dropSequence(sequence));
    yield* this.fire<Sequence>(sequence, "after");
  }

  *index(index: Index): Step<void> {
    if (!index.isCreatedOn(this.dialect)) return;
    yield* this.fire<Index>(index, "before");
    yield* this.connection.execute(this.create ? createIndex(index) : dropIndex(index));
    yield* this.fire<Index>(index, "after");
  }

  *foreignKey(constraint: ForeignKeyConstraint): Step<void> {
    if (!this.dialect.capabilities.alter) return;
    yield* this.fire(constraint as never, "before");
    yield* this.connection.execute(this.create ? addConstraint(constraint) : dropConstraint(constraint));
    yield* this.fire(constraint as never, "after");
  }
}

/** Carries out what was asked for. */
export function* runDdl(connection: DdlConnection, operation: DdlOperation): Step<void> {
  const run = new DdlRun(connection, operation);
  const { target } = operation;
  if (target instanceof MetaData)
    yield* run.create ? createAll(run, target, operation.tables) : dropAll(run, target, operation.tables);
  else if (target instanceof Table) {
    if (yield* run.isTableDue(target))
      yield* run.create ? createOne(run, target, null, false) : dropOne(run, target, new Set(), false);
  } else if (target instanceof SqlType) {
    yield* run.type(target, true);
  } else if (target instanceof Sequence) {
    if (yield* run.isSequenceDue(target)) yield* run.sequence(target);
  } else if (yield* run.isDue("indexes", target.name ?? "", target.table?.schema ?? null, target.table?.name))
    yield* run.index(target);
}

function* dueTables(run: DdlRun, tables: readonly Table[]): Step<Table[]> {
  const due: Table[] = [];
  for (const table of tables) if (yield* run.isTableDue(table)) due.push(table);
  return due;
}

function* createAll(run: DdlRun, metadata: MetaData, given: readonly Table[] | null): Step<void> {
  const tables = yield* dueTables(run, given ?? [...metadata.tables.values()]);
  const sorted = sortTablesAndConstraints(tables, { extraDependencies: parentage(run, tables) });
  const sequences: Sequence[] = [];
  for (const sequence of metadata.sequences.values())
    if (sequence.column === null && (yield* run.isSequenceDue(sequence))) sequences.push(sequence);
  const about = { tables: tablesOf(sorted), isMetadataOperation: true };
  yield* run.fire<MetaData>(metadata, "before", about);
  yield* run.types(metadata.namedTypes);
  for (const sequence of sequences) yield* run.sequence(sequence);
  for (const [table, constraints] of sorted) {
    if (table !== null) yield* createOne(run, table, constraints, true);
    else for (const constraint of constraints) yield* run.foreignKey(constraint);
  }
  yield* run.fire<MetaData>(metadata, "after", about);
}

/** Tables with those that the dialect wants before them. */
function parentage({ dialect }: DdlRun, tables: readonly Table[]): [parent: Table, table: Table][] {
  return tables.flatMap((table) =>
    (dialect.tableParents?.(table) ?? []).flatMap((given): [Table, Table][] => {
      const { name, schema } =
        typeof given === "string" ? { name: given, schema: table.schema } : (given as Pick<Table, "name" | "schema">);
      const parent = tables.find((other) => other === given || (other.name === name && other.schema === schema));
      return parent === undefined || parent === table ? [] : [[parent, table]];
    }),
  );
}

/** What refers to a parent has to go before its children too: a partition cannot be dropped while a key refers to the whole. */
function withReferrers(edges: readonly [parent: Table, table: Table][], tables: readonly Table[]): [Table, Table][] {
  return [
    ...edges,
    ...edges.flatMap(([, child]) => {
      const above = ancestors(child, edges);
      const refers = (table: Table): boolean =>
        table !== child && table.foreignKeyConstraints.some(({ referredTable }) => above.has(referredTable));
      return tables.filter(refers).map((table): [Table, Table] => [child, table]);
    }),
  ];
}

function ancestors(child: Table, edges: readonly [parent: Table, table: Table][]): ReadonlySet<Table> {
  const found = new Set<Table>([child]);
  for (const each of found) for (const [parent, table] of edges) if (table === each) found.add(parent);
  found.delete(child);
  return found;
}

function tablesOf(sorted: readonly SortedTable[]): Table[] {
  return sorted.flatMap(([table]) => (table === null ? [] : [table]));
}

function* createOne(
  run: DdlRun,
  table: Table,
  constraints: readonly ForeignKeyConstraint[] | null,
  isMetadataOperation: boolean,
): Step<void> {
  yield* run.fire<Table>(table, "before", { isMetadataOperation });
  yield* run.types(table.columnList.flatMap((column) => namedTypesIn(column.type)));
  for (const { default: value } of table.columnList)
    if (value instanceof Sequence && (yield* run.isSequenceDue(value))) yield* run.sequence(value);
  const includeForeignKeyConstraints = run.dialect.capabilities.alter ? constraints : null;
  yield* run.connection.execute(
    (table.creator as DdlElement | null) ?? createTable(table, { includeForeignKeyConstraints }),
  );
  for (const index of table.indexes) yield* run.index(index);
  yield* comments(run, table);
  yield* run.fire<Table>(table, "after", { isMetadataOperation });
}

function* comments(run: DdlRun, table: Table): Step<void> {
  const { comments: supported, inlineComments, constraintComments = false } = run.dialect.capabilities;
  if (!supported || inlineComments) return;
  if (table.comment !== null) yield* run.connection.execute(setTableComment(table));
  for (const column of table.columnList)
    if (column.comment !== null) yield* run.connection.execute(setColumnComment(column));
  if (!constraintComments) return;
  for (const constraint of table.sortedConstraints)
    if (constraint.comment !== null) yield* run.connection.execute(setConstraintComment(constraint));
}

function* dropAll(run: DdlRun, metadata: MetaData, given: readonly Table[] | null): Step<void> {
  const sorted = sortForDrop(run, yield* dueTables(run, given ?? [...metadata.tables.values()]));
  const sequences: Sequence[] = [];
  for (const sequence of metadata.sequences.values()) if (yield* run.isSequenceDue(sequence)) sequences.push(sequence);
  const about = { tables: tablesOf(sorted), isMetadataOperation: true };
  yield* run.fire<MetaData>(metadata, "before", about);
  const later = new Set(sequences);
  for (const [table, constraints] of sorted) {
    if (table !== null) yield* dropOne(run, table, later, true);
    else for (const constraint of constraints) yield* run.foreignKey(constraint);
  }
  for (const sequence of sequences) yield* run.sequence(sequence);
  yield* run.types(metadata.namedTypes);
  yield* run.fire<MetaData>(metadata, "after", about);
}

function* dropOne(run: DdlRun, table: Table, later: ReadonlySet<Sequence>, isMetadataOperation: boolean): Step<void> {
  yield* run.fire<Table>(table, "before", { isMetadataOperation });
  yield* run.connection.execute((table.dropper as DdlElement | null) ?? dropTable(table));
  for (const { default: value } of table.columnList)
    if (value instanceof Sequence && !later.has(value) && (yield* run.isSequenceDue(value))) yield* run.sequence(value);
  yield* run.fire<Table>(table, "after", { isMetadataOperation });
}

function sortForDrop(run: DdlRun, tables: readonly Table[]): SortedTable[] {
  const { alter } = run.dialect.capabilities;
  try {
    return sortTablesAndConstraints(tables, {
      filter: (constraint) => (!alter || constraint.name === null ? false : null),
      extraDependencies: withReferrers(parentage(run, tables), tables),
    }).reverse();
  } catch (error) {
    if (!(error instanceof CircularDependencyError)) throw error;
    const reason = `Can't sort tables for DROP; an unresolvable foreign key dependency exists between tables: ${namesOf(error.cycle)}`;
    if (alter) {
      throw new CircularDependencyError(
        `${reason}.  Please ensure that the ForeignKey and ForeignKeyConstraint objects involved in the cycle have names so that they can be dropped using DROP CONSTRAINT.`,
        error.cycle,
      );
    }
    warn(
      `${reason}; and backend does not support ALTER.  To restore at least a partial sort, apply useAlter: true to ForeignKey and ForeignKeyConstraint objects ` +
        "involved in the cycle to mark these as known cycles that will be ignored.",
    );
    return tables.map((table): SortedTable => [table, []]);
  }
}

/** Collects statements instead of executing them; nothing exists. */
class CollectingConnection implements DdlConnection {
  readonly dialect: DdlDialect;
  readonly statements: DdlElement[] = [];
  readonly forListeners: DdlEventConnection;

  constructor(dialect: DdlDialect) {
    this.dialect = dialect;
    this.forListeners = { dialect, execute: (statement: never) => void this.statements.push(statement) };
  }

  effectiveSchema(schema: string | null): string | null {
    return schema;
  }

  execute(statement: DdlElement): Step<unknown> {
    this.statements.push(statement);
    return call(undefined);
  }

  exists(): Step<boolean> {
    return call(false);
  }
}

/** The statements of an operation on a dialect, in order, without a database: nothing is looked up first. */
export function plannedStatements(operation: Omit<DdlOperation, "checkfirst">, dialect: DdlDialect): DdlElement[] {
  const connection = new CollectingConnection(dialect);
  runSync(runDdl(connection, { ...operation, checkfirst: false }));
  return connection.statements;
}
