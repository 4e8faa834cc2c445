/** What a database can do, as far as the suite needs to know before it asks. */
import type { Dialect, IsolationLevel } from "@athanor/core";

/** Facts about a database that a dialect author declares; what is false is skipped, and counted. */
export interface Requirements {
  /** `INSERT … RETURNING`, or what the database has in its place. */
  readonly insertReturning: boolean;
  readonly updateReturning: boolean;
  readonly deleteReturning: boolean;
  /** Keys of several inserted rows come back in one statement, in the order of the parameters. */
  readonly insertManyReturning: boolean;
  /** `INSERT` of several rows in one statement. */
  readonly multiRowInsert: boolean;
  /** A row of nothing but defaults can be inserted. */
  readonly emptyInsert: boolean;
  /** `UPDATE … FROM`, or an UPDATE of several tables. */
  readonly updateFrom: boolean;
  /** `DELETE … USING`, or a DELETE over several tables. */
  readonly deleteUsing: boolean;
  readonly offset: boolean;
  /** LIMIT and OFFSET may be expressions, not only numbers. */
  readonly limitExpressions: boolean;
  /** OFFSET without LIMIT. */
  readonly offsetAlone: boolean;
  /** `FETCH FIRST … ROWS ONLY` */
  readonly fetch: boolean;
  readonly fetchTies: boolean;
  readonly nullsOrdering: boolean;
  readonly ctes: boolean;
  readonly recursiveCtes: boolean;
  readonly windowFunctions: boolean;
  readonly intersect: boolean;
  readonly except: boolean;
  /** LIMIT and ORDER BY inside the members of a set operation. */
  readonly limitInSetMembers: boolean;
  readonly fullJoin: boolean;
  readonly lateral: boolean;
  /** `(a, b) IN ((1, 2), …)` */
  readonly tupleIn: boolean;
  /** `VALUES` as a table. */
  readonly valuesTable: boolean;
  readonly forUpdate: boolean;
  readonly regexp: boolean;
  /** Conditions as columns: `SELECT a > b`. */
  readonly booleanExpressions: boolean;
  readonly checkConstraints: boolean;
  readonly foreignKeys: boolean;
  readonly identityColumns: boolean;
  /** Integer primary keys number themselves; otherwise the suite declares them with `identity()`. */
  readonly numberedKeys: boolean;
  readonly computedColumns: boolean;
  readonly sequences: boolean;
  readonly comments: boolean;
  readonly views: boolean;
  /** A schema beside the default one that the suite may use; null: none. */
  readonly schema: string | null;
  readonly savepoints: boolean;
  readonly twoPhase: boolean;
  /** Levels that a connection can be set to. */
  readonly isolationLevels: readonly IsolationLevel[];
  readonly autocommit: boolean;
  /** CREATE and DROP are undone by ROLLBACK. */
  readonly transactionalDdl: boolean;
  readonly json: boolean;
  /** A JSON null is told from NULL. */
  readonly jsonNull: boolean;
  readonly arrays: boolean;
  /** `''` is a value of its own, not NULL. */
  readonly emptyStrings: boolean;
  /** Digits that NUMERIC keeps exactly. */
  readonly numericDigits: number;
  /** Dates and times keep fractions of seconds. */
  readonly fractionalSeconds: boolean;
  /** Characters beyond the Basic Multilingual Plane. */
  readonly supplementaryCharacters: boolean;
  /** Characters that a column of `t.text` takes at least. */
  readonly longText: number;
  /** Rows can be read piece by piece, on a connection that is usable afterwards. */
  readonly streaming: boolean;
  readonly reflection: boolean;
  /** Errors name the column that was missing, the check that failed, and of a value that is there already the constraint or the column. */
  readonly errorDetails: boolean;
  /** `REPEATABLE READ` keeps what it has seen, while another connection writes. */
  readonly repeatableReads: boolean;
  /** Transactions that refuse to write: the execution option `readOnly`. */
  readonly readOnly: boolean;
  /** Signals and time limits end a statement on the server; needs {@link slowStatement}. */
  readonly cancellation: boolean;
  /** A SELECT that takes some ten seconds; null where the database has none. */
  readonly slowStatement: string | null;
}

/** What a dialect's own capabilities say; the rest is what most databases have. */
export function requirementsOf(dialect: Dialect): Requirements {
  const { capabilities } = dialect;
  return {
    insertReturning: capabilities.insertReturning,
    updateReturning: capabilities.updateReturning,
    deleteReturning: capabilities.deleteReturning,
    insertManyReturning: capabilities.insertManyReturning,
    multiRowInsert: capabilities.multiRowInsert,
    emptyInsert: true,
    updateFrom: true,
    deleteUsing: true,
    offset: true,
    limitExpressions: true,
    offsetAlone: true,
    fetch: true,
    fetchTies: false,
    nullsOrdering: true,
    ctes: true,
    recursiveCtes: true,
    windowFunctions: true,
    intersect: true,
    except: true,
    limitInSetMembers: true,
    fullJoin: true,
    lateral: true,
    tupleIn: true,
    valuesTable: true,
    forUpdate: true,
    regexp: true,
    booleanExpressions: true,
    checkConstraints: true,
    foreignKeys: true,
    identityColumns: capabilities.identityColumns,
    numberedKeys: true,
    computedColumns: true,
    sequences: capabilities.sequences,
    comments: true,
    views: true,
    schema: null,
    savepoints: true,
    twoPhase: false,
    isolationLevels: ["READ COMMITTED", "SERIALIZABLE"],
    autocommit: true,
    transactionalDdl: false,
    json: true,
    jsonNull: true,
    arrays: false,
    emptyStrings: true,
    numericDigits: 38,
    fractionalSeconds: true,
    supplementaryCharacters: true,
    longText: 100_000,
    streaming: true,
    reflection: true,
    errorDetails: true,
    repeatableReads: false,
    readOnly: false,
    cancellation: false,
    slowStatement: null,
  };
}

/** A requirement that is either met or not. */
export type RequirementName = {
  [K in keyof Requirements]: Requirements[K] extends boolean ? K : never;
}[keyof Requirements];
