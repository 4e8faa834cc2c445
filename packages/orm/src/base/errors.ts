/** Errors of the ORM, under SQLAlchemy's names. Their base classes come from the core. */

import { ArgumentError, AthanorError, InvalidRequestError } from "@athanor/core";
import { nameErrors } from "@athanor/driver";

/** A mapped class is used in a way its mapping does not allow. */
export class MappedError extends InvalidRequestError {}

/** A class was given that is not mapped. */
export class UnmappedClassError extends InvalidRequestError {}

/** An object was given whose class is not mapped. */
export class UnmappedInstanceError extends InvalidRequestError {}

/** A column is not mapped by the mapper that was asked. */
export class UnmappedColumnError extends InvalidRequestError {}

/** An object without a session was asked to load something. */
export class DetachedInstanceError extends AthanorError {}

/** The row of an object is gone. */
export class ObjectDeletedError extends InvalidRequestError {}

/** An object could not be dereferenced. */
export class ObjectDereferencedError extends AthanorError {}

/** An UPDATE or DELETE did not match the rows that it had to. */
export class StaleDataError extends AthanorError {}

/** The unit of work cannot write what it was given. */
export class FlushError extends AthanorError {}

/** A rule of the mapping was broken by what was to be flushed: Python's AssertionError in SQLAlchemy. */
export class AssertionError extends FlushError {}

/** The session's transaction failed and was not rolled back yet: the core's class. */
export { PendingRollbackError } from "@athanor/core";

/** No strategy loads an attribute in the way that was asked for. */
export class LoaderStrategyException extends InvalidRequestError {}

/** An attribute was touched that has to be loaded, in a session that never loads implicitly. */
export class MissingAwait extends InvalidRequestError {}

/** The arguments of a mapping contradict each other or the tables. */
export class MappingError extends ArgumentError {}

/** No engine is known for what a session was asked to do. */
export class UnboundExecutionError extends InvalidRequestError {}

/** A session was used while another operation of it was under way. */
export class IllegalStateChangeError extends InvalidRequestError {}

nameErrors({
  MappedError,
  UnmappedClassError,
  UnmappedInstanceError,
  UnmappedColumnError,
  DetachedInstanceError,
  ObjectDeletedError,
  ObjectDereferencedError,
  StaleDataError,
  FlushError,
  AssertionError,
  LoaderStrategyException,
  MissingAwait,
  MappingError,
  UnboundExecutionError,
  IllegalStateChangeError,
});
