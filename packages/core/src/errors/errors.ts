/** Errors about statements, results and databases. The base classes come from @athanor/driver. */
import { ArgumentError, AthanorError, type ErrorDetails, InvalidRequestError, nameErrors } from "@athanor/driver";

export {
  ArgumentError,
  AthanorError,
  CancelledError,
  DisconnectionError,
  type ErrorDetails,
  InvalidRequestError,
  ResourceClosedError,
  SynchronousAccessError,
  TimeoutError,
} from "@athanor/driver";

/** `execute()` was given something that is no statement: a string, null, a plain object. */
export class ObjectNotExecutableError extends ArgumentError {}

/** A statement cannot be rendered. */
export class CompileError extends AthanorError {}

/** The dialect has no rendering for an element. */
export class UnsupportedCompilationError extends CompileError {}

/** An operator that the type of its operand does not have. */
export class UnsupportedOperatorError extends CompileError {}

/** An identifier is longer than the database allows. */
export class IdentifierError extends AthanorError {}

/** No table, view or sequence of that name could be found. */
export class NoSuchTableError extends InvalidRequestError {}

/** A foreign key names something that does not exist. */
export class NoReferenceError extends InvalidRequestError {}

/** A foreign key names a table that is not in the MetaData. */
export class NoReferencedTableError extends NoReferenceError {}

/** A foreign key names a column that its table does not have. */
export class NoReferencedColumnError extends NoReferenceError {}

/** No foreign key joins the two sides. */
export class NoForeignKeysError extends ArgumentError {}

/** A name that several of the statement's tables or classes have. */
export class AmbiguousColumnError extends InvalidRequestError {}

/** More than one foreign key joins the two sides. */
export class AmbiguousForeignKeysError extends ArgumentError {}

/** Tables depend on each other in a circle that cannot be broken. */
export class CircularDependencyError extends AthanorError {
  readonly cycle: readonly unknown[];

  constructor(message: string, cycle: readonly unknown[], details?: ErrorDetails) {
    super(message, details);
    this.cycle = cycle;
  }
}

/** Two columns of a table have the same name or key. */
export class DuplicateColumnError extends ArgumentError {}

/** A constraint or an index names a column that its table does not have. */
export class ConstraintColumnNotFoundError extends ArgumentError {}

/** A column was asked for that the row or the selectable does not have. */
export class NoSuchColumnError extends InvalidRequestError {}

/** A row was required and there was none. */
export class NoResultFound extends InvalidRequestError {}

/** A transaction failed and must be rolled back before the connection or session can go on. */
export class PendingRollbackError extends InvalidRequestError {}

/** One row was required and there were several. */
export class MultipleResultsFound extends InvalidRequestError {}

/** No dialect or driver of that name can be loaded. */
export class NoSuchModuleError extends ArgumentError {}

nameErrors({
  AmbiguousColumnError,
  ObjectNotExecutableError,
  CompileError,
  UnsupportedCompilationError,
  UnsupportedOperatorError,
  IdentifierError,
  NoSuchTableError,
  NoReferenceError,
  NoReferencedTableError,
  NoReferencedColumnError,
  NoForeignKeysError,
  AmbiguousForeignKeysError,
  CircularDependencyError,
  DuplicateColumnError,
  ConstraintColumnNotFoundError,
  NoSuchColumnError,
  NoResultFound,
  PendingRollbackError,
  MultipleResultsFound,
  NoSuchModuleError,
});

/** A result was asked for rows after it was closed, or never had any. */
export { ResourceClosedError as ResultClosedError } from "@athanor/driver";
