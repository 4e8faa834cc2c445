/** Tables in the order in which they can be created: behind those that their foreign keys refer to. */
import { CircularDependencyError } from "../errors/errors.ts";
import { type Edge, topologicalOrder } from "../util/topological.ts";
import { warn } from "../util/warnings.ts";
import type { ForeignKeyConstraint } from "./foreign-key-constraint.ts";
import type { Table } from "./table.ts";

/**
 * Says of a foreign key how it counts: `true`: it is added behind the tables in any case; `false`: it must be part of its
 * table; `null`: of its table unless there is a circle.
 */
export type ForeignKeyFilter = (constraint: ForeignKeyConstraint) => boolean | null;

/** Options of {@link sortTablesAndConstraints}. */
export interface SortOptions {
  readonly filter?: ForeignKeyFilter;
  /** Pairs of tables of which the second needs the first. */
  readonly extraDependencies?: readonly Edge<Table>[];
  /** Circles only give a warning; their foreign keys are not looked at. */
  readonly warnForCycles?: boolean;
}

/** A table with the foreign keys that are part of it; `null` with those that are added at the end. */
export type SortedTable = readonly [table: Table | null, constraints: readonly ForeignKeyConstraint[]];

/** The dependencies between tables. */
class Dependencies {
  readonly fixed: Edge<Table>[] = [];
  /** Foreign keys that are to be added at the end. */
  readonly remaining = new Set<ForeignKeyConstraint>();
  readonly #tables: readonly Table[];
  readonly #filter: ForeignKeyFilter | undefined;
  #mutable: Edge<Table>[] = [];

  constructor(tables: readonly Table[], options: SortOptions) {
    this.#tables = tables;
    this.#filter = options.filter;
    this.fixed.push(...(options.extraDependencies ?? []));
    for (const table of tables) this.#collect(table);
  }

  get edges(): Edge<Table>[] {
    return [...this.fixed, ...this.#mutable];
  }

  /** Leaves out the foreign keys of tables in a circle; false where this changes nothing. */
  cut(cycle: ReadonlySet<Table>): boolean {
    const before = this.#mutable.length;
    for (const table of this.#tables) {
      if (!cycle.has(table) || !this.#mutable.some(([, dependent]) => dependent === table)) continue;
      const removable = table.foreignKeyConstraints.filter(
        (constraint) => this.#filter === undefined || this.#filter(constraint) !== false,
      );
      for (const constraint of removable) {
        this.remaining.add(constraint);
        const { referredTable } = constraint;
        if (referredTable !== table)
          this.#mutable = this.#mutable.filter(([first, second]) => first !== referredTable || second !== table);
      }
    }
    return this.#mutable.length < before;
  }

  #collect(table: Table): void {
    for (const constraint of table.foreignKeyConstraints) {
      if (constraint.useAlter || this.#filter?.(constraint) === true) {
        this.remaining.add(constraint);
        continue;
      }
      const { referredTable } = constraint;
      if (referredTable !== table) this.#mutable.push([referredTable, table]);
    }
    for (const source of table.creator?.sourceTables ?? [])
      if (source.metadata === table.metadata) this.fixed.push([source, table]);
    for (const parent of table.extraDependencies) this.fixed.push([parent, table]);
  }
}

/**
 * Tables with the foreign keys that can be created together with them, and at the end the other foreign keys.
 *
 * @throws CircularDependencyError where a circle cannot be cut.
 */
export function sortTablesAndConstraints(tables: Iterable<Table>, options: SortOptions = {}): SortedTable[] {
  const list = [...tables];
  const dependencies = new Dependencies(list, options);
  let { order, cycle } = topologicalOrder(dependencies.edges, list);
  if (cycle !== null) {
    if (options.warnForCycles === true) {
      warn(
        `Cannot correctly sort tables; there are unresolvable cycles between tables "${namesOf(cycle)}", which is usually caused by mutually dependent foreign key constraints.  ` +
          "Foreign key constraints involving these tables will not be considered; this warning may raise an error in a future release.",
      );
    }
    dependencies.cut(cycle);
    ({ order, cycle } = topologicalOrder(dependencies.edges, list));
    if (cycle !== null)
      throw new CircularDependencyError(`Circular dependency detected: ${namesOf(cycle)}`, [...cycle]);
  }
  const { remaining } = dependencies;
  return [
    ...order.map(
      (table): SortedTable => [table, table.foreignKeyConstraints.filter((constraint) => !remaining.has(constraint))],
    ),
    [null, [...remaining]],
  ];
}

/** Tables in the order in which they can be created; circles give a warning. */
export function sortTables(tables: Iterable<Table>, options: Omit<SortOptions, "warnForCycles"> = {}): Table[] {
  return sortTablesAndConstraints(tables, { ...options, warnForCycles: true }).flatMap(([table]) =>
    table === null ? [] : [table],
  );
}

/** Names of tables for a message. */
export function namesOf(tables: Iterable<unknown>): string {
  return [...tables]
    .map((table) => (table as Table).fullname)
    .sort()
    .join(", ");
}
