/** The loader options by name: `selectinload(User.$.addresses)` and the rest. Each starts a chain. */
import {
  type ColumnPath,
  type ContainsEagerOptions,
  type DeferOptions,
  entityOf,
  type JoinedLoadOptions,
  LoaderOption,
  type RaiseLoadOptions,
  type RecursiveLoadOptions,
  type RelationshipPath,
} from "./option.ts";

const start = <T>(): LoaderOption<T> => new LoaderOption<T>([], []);

/** Loads a relationship by LEFT OUTER JOIN in the same statement. Collections need `result.unique()`. */
export function joinedload<E, T>(
  attribute: RelationshipPath<E, T> | "*",
  options?: JoinedLoadOptions,
): LoaderOption<T> {
  return start<E>().joinedload(attribute, options);
}

/**
 * Loads a relationship by one more statement: `SELECT … WHERE key IN (…)`, 500 keys at a time.
 * `.orderBy(…)` and `.limit(n)` load the first objects of each collection only: {@link LoaderOption.limit}.
 */
export function selectinload<E, T>(
  attribute: RelationshipPath<E, T> | "*",
  options?: RecursiveLoadOptions,
): LoaderOption<T> {
  return start<E>().selectinload(attribute, options);
}

/** Loads a relationship by one more statement that contains the first one as a subquery. */
export function subqueryload<E, T>(attribute: RelationshipPath<E, T> | "*"): LoaderOption<T> {
  return start<E>().subqueryload(attribute);
}

/** Loads a relationship when it is accessed; the default. */
export function lazyload<E, T>(attribute: RelationshipPath<E, T> | "*"): LoaderOption<T> {
  return start<E>().lazyload(attribute);
}

/** Loads a relationship at once, by one statement per object. */
export function immediateload<E, T>(
  attribute: RelationshipPath<E, T> | "*",
  options?: RecursiveLoadOptions,
): LoaderOption<T> {
  return start<E>().immediateload(attribute, options);
}

/** Access to the relationship raises where it is not loaded; `"*"` for all relationships not named by other options. */
export function raiseload<E, T>(attribute: RelationshipPath<E, T> | "*", options?: RaiseLoadOptions): LoaderOption<T> {
  return start<E>().raiseload(attribute, options);
}

/** Leaves the relationship empty. Deprecated: the emptiness is not true. */
export function noload<E, T>(attribute: RelationshipPath<E, T> | "*"): LoaderOption<T> {
  return start<E>().noload(attribute);
}

/** Keeps a relationship's own strategy, to say something about what lies behind it. */
export function defaultload<E, T>(attribute: RelationshipPath<E, T>): LoaderOption<T> {
  return start<E>().defaultload(attribute);
}

/** Fills a relationship from rows that the statement joins by itself. */
export function containsEager<E, T>(
  attribute: RelationshipPath<E, T>,
  options?: ContainsEagerOptions,
): LoaderOption<T> {
  return start<E>().containsEager(attribute, options);
}

/** Loads only these columns of an entity, and its primary key. */
export function loadOnly<E>(...attributes: readonly (ColumnPath<E> | DeferOptions)[]): LoaderOption<E> {
  return start<E>().loadOnly(...attributes);
}

/** Leaves a column out until it is accessed; `"*"` for all columns. */
export function defer<E>(attribute: ColumnPath<E> | "*", options?: DeferOptions): LoaderOption<E> {
  return start<E>().defer(attribute, options);
}

/** Loads a column that is mapped as deferred. */
export function undefer<E>(attribute: ColumnPath<E> | "*"): LoaderOption<E> {
  return start<E>().undefer(attribute);
}

/** Loads the columns of a deferred group. */
export function undeferGroup(name: string): LoaderOption {
  return start().undeferGroup(name);
}

/**
 * The expression of a `queryExpression()` attribute in this statement.
 *
 * @example select(User).options(withExpression(User.$.rank, User.$.points.div(10)))
 */
export function withExpression<E>(attribute: ColumnPath<E>, expression: unknown): LoaderOption<E> {
  return start<E>().withExpression(attribute, expression);
}

/** Loads the columns of subclasses by one more statement per subclass. */
export function selectinPolymorphic(base: object, classes: readonly object[]): LoaderOption {
  return new LoaderOption([], [], entityOf.resolve(base, "selectinPolymorphic()")).selectinPolymorphic(classes);
}

/** {@link load} under SQLAlchemy's name; also with `new`. */
export const Load: typeof load & {
  new <T>(entity: abstract new (...args: never[]) => T): LoaderOption<T>;
  new (entity: object): LoaderOption;
} = function Load(entity: object): LoaderOption {
  return load(entity);
} as never;

/** Starts options for one entity: `load(User).loadOnly(User.$.name).selectinload(User.$.addresses)`. */
export function load<T>(entity: abstract new (...args: never[]) => T): LoaderOption<T>;
export function load(entity: object): LoaderOption;
export function load(entity: object): LoaderOption {
  return new LoaderOption([], [], entityOf.resolve(entity, "load()"));
}
