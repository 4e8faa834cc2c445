/** What planning and rendering DDL asks of a dialect. Implemented by ../dialect. */
import type { Table } from "../schema/table.ts";
import type { NamedType } from "../schema/type-constraints.ts";
import type { TypeDialect } from "../types/type.ts";
import type { DdlElement } from "./element.ts";

/** Facts about a database that DDL depends on. */
export interface DdlCapabilities {
  /** ALTER TABLE can add and drop constraints. */
  readonly alter: boolean;
  /** Tables and columns have comments. */
  readonly comments: boolean;
  /** Comments are part of CREATE TABLE. */
  readonly inlineComments: boolean;
  /** Constraints have comments. Default false. */
  readonly constraintComments?: boolean;
  readonly sequences: boolean;
  /** Sequences marked `optional` are left to the database's own key generation. */
  readonly optionalSequences: boolean;
  readonly identityColumns: boolean;
  /** Longest identifier. */
  readonly maxIdentifierLength: number;
  /** Longest name of an index, where it differs. */
  readonly maxIndexNameLength?: number;
  /** Longest name of a constraint, where it differs. */
  readonly maxConstraintNameLength?: number;
  /** A boolean type with `createConstraint` gets its CHECK where booleans are numbers. Default true. */
  readonly booleanCheck?: boolean;
}

/** How a type that is an object of the database is created and dropped. */
export interface NamedTypeDdl {
  readonly name: string;
  readonly schema: string | null;
  readonly create: DdlElement;
  readonly drop: DdlElement;
}

/** The dialect as DDL sees it. */
export interface DdlDialect extends TypeDialect {
  readonly capabilities: DdlCapabilities;
  /** The statements for a type of the dialect that is an object of the database; null for all others. */
  namedTypeDdl?(type: NamedType): NamedTypeDdl | null;
  /**
   * Tables, by name in the table's own schema or as objects, that must be there before this one, although no foreign key
   * says so: what it inherits from, or is a partition of.
   */
  tableParents?(table: Table): readonly unknown[];
}
