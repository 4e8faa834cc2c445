/** `lazy: "writeOnly"` and `"dynamic"`: collections that are queried and changed, but never loaded as a whole. */
import {
  type ClauseElement,
  type Condition,
  type Delete,
  delete_,
  func,
  type Insert,
  InvalidRequestError,
  insert,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  LiteralColumn,
  MultipleResultsFound,
  NoResultFound,
  Select,
  type StatementOption,
  type Update,
  update,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { DetachedInstanceError } from "../../base/errors.ts";
import type { Dynamic, WriteOnly } from "../../declarative/relationships.ts";
import { type DynamicAttribute, dynamicCollections } from "../../instrument/dynamic-attribute.ts";
import type { ColumnProperty } from "../../mapping/column-property.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { currentValue } from "../../query/comparators.ts";
import { nodeOf } from "../../query/entity.ts";
import { boundCondition, callableBind, relationshipOrder } from "../../query/relationship-join.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import { selectEntitiesStep } from "../execute.ts";
import type { LoadingSession } from "../session.ts";

/** A collection that is only written: `add`, `remove`, and statements about its objects. */
export class WriteOnlyCollection<out T extends object = object> implements WriteOnly<T> {
  readonly #attribute: DynamicAttribute;
  readonly #state: InstanceState;

  constructor(attribute: DynamicAttribute, state: InstanceState) {
    this.#attribute = attribute;
    this.#state = state;
  }

  /** Adds an object; it is written at the next flush. */
  add(object: T): void {
    this.#attribute.add(this.#state, object);
  }

  /** Adds several objects. */
  addAll(objects: Iterable<T>): void {
    for (const object of objects) this.add(object);
  }

  /** Takes an object out; its reference is removed at the next flush. */
  remove(object: T): void {
    this.#attribute.discard(this.#state, object);
  }

  /** `SELECT` of the collection's objects, to be executed by the session. */
  select(): Select<[T]> {
    return collectionSelect(this.#property, this.#persistent("select()")) as unknown as Select<[T]>;
  }

  /** `INSERT` of rows that belong to the collection. Not for many-to-many collections. */
  insert(): Insert<object, []> {
    const state = this.#persistent("insert()");
    const property = this.#property;
    if (property.secondary !== null)
      throw new InvalidRequestError("insert() is not supported for many-to-many collections", {
        fix: "insert the objects, and the rows of the table between",
      });
    const values: Record<string, unknown> = {};
    for (const [local, remote] of property.localRemotePairs) {
      const { key } = property.mapper.propertyOf(remote as ColumnProperty["expression"]);
      values[property.mapper.props.get(key) === undefined ? (remote as { key: string }).key : key] = callableBind(
        (remote as ColumnProperty["expression"]).type,
        () => currentValue(state, local as ColumnProperty["expression"]),
      );
    }
    return insert(property.mapper.class as never).values(values as never) as unknown as Insert<object, []>;
  }

  /** `UPDATE` of the collection's rows. */
  update(): Update<object, []> {
    const state = this.#persistent("update()");
    return update(this.#property.mapper.class as never).where(
      membership(this.#property, state) as never,
    ) as unknown as Update<object, []>;
  }

  /** `DELETE` of the collection's rows. */
  delete(): Delete<object, []> {
    const state = this.#persistent("delete()");
    return delete_(this.#property.mapper.class as never).where(
      membership(this.#property, state) as never,
    ) as unknown as Delete<object, []>;
  }

  get #property(): RelationshipProperty {
    return this.#attribute.property as RelationshipProperty;
  }

  #persistent(what: string): InstanceState {
    if (this.#state.identityHash === null) {
      throw new DetachedInstanceError(
        `Parent instance ${this.#state} is not persistent; ${what} of its collection '${this.#attribute.key}' has no rows to speak of`,
        { fix: "flush the session first" },
      );
    }
    return this.#state;
  }
}

/** A write-only collection that can also be iterated and queried. Synchronous sessions only. */
export class DynamicCollection<out T extends object = object> extends WriteOnlyCollection<T> implements Dynamic<T> {
  readonly #owner: InstanceState;
  readonly #source: DynamicAttribute;
  readonly #statement: Select | null;

  constructor(attribute: DynamicAttribute, state: InstanceState, statement: Select | null = null) {
    super(attribute, state);
    this.#owner = state;
    this.#source = attribute;
    this.#statement = statement;
  }

  append(object: T): void {
    this.add(object);
  }

  /** The collection with further conditions. */
  filter(...conditions: readonly Condition[]): DynamicCollection<T> {
    return this.#with((select) => select.where(...conditions));
  }

  where(...conditions: readonly Condition[]): DynamicCollection<T> {
    return this.filter(...conditions);
  }

  filterBy(values: Readonly<Record<string, unknown>>): DynamicCollection<T> {
    return this.#with((select) => select.filterBy(values));
  }

  orderBy(...clauses: readonly unknown[]): DynamicCollection<T> {
    return this.#with((select) => select.orderBy(...clauses));
  }

  limit(count: number): DynamicCollection<T> {
    return this.#with((select) => select.limit(count));
  }

  offset(count: number): DynamicCollection<T> {
    return this.#with((select) => select.offset(count));
  }

  /** The objects, loaded now. */
  all(): T[] {
    const { session, identityHash } = this.#owner;
    if (identityHash === null || session === null)
      return [...(this.#owner.pending?.get(this.#source.key)?.added ?? [])] as T[];
    return session.runImplicit(() => this.#load(session as LoadingSession), {
      state: this.#owner,
      key: this.#source.key,
    }) as T[];
  }

  first(): T | null {
    return this.limit(1).all()[0] ?? null;
  }

  /** @throws NoResultFound, MultipleResultsFound */
  one(): T {
    const found = this.oneOrNone();
    if (found === null) throw new NoResultFound("No row was found when one was required");
    return found;
  }

  /** @throws MultipleResultsFound */
  oneOrNone(): T | null {
    const objects = this.all();
    if (objects.length > 1) throw new MultipleResultsFound("Multiple rows were found when exactly one was required");
    return objects[0] ?? null;
  }

  /** The object at a position; undefined where there is none. */
  at(index: number): T | undefined {
    return index < 0 ? this.all().at(index) : this.slice(index, index + 1)[0];
  }

  /** The objects from `start` to `stop`. */
  slice(start: number, stop: number): T[] {
    return this.#with((select) => select.slice(start, stop)).all();
  }

  /** The collection with loader options. */
  options(...options: readonly StatementOption[]): DynamicCollection<T> {
    return this.#with((select) => select.options(...options));
  }

  join(target: unknown, ...rest: readonly unknown[]): DynamicCollection<T> {
    return this.#with((select) => (select.join as (...args: unknown[]) => Select).call(select, target, ...rest));
  }

  count(): number {
    const { session } = this.#owner;
    if (session === null || this.#owner.identityHash === null) return this.all().length;
    const statement = new Select([func.count(new LiteralColumn("*"))]).selectFrom(this.#current().subquery());
    const step = function* (loading: LoadingSession): Step<unknown> {
      yield* loading.autoflushStep();
      return (yield* loading.executeCoreStep(statement, undefined, undefined, null)).scalar();
    };
    return session.runImplicit(() => step(session as LoadingSession), {
      state: this.#owner,
      key: this.#source.key,
    }) as number;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.all()[Symbol.iterator]();
  }

  *#load(session: LoadingSession): Step<object[]> {
    yield* session.autoflushStep();
    return yield* selectEntitiesStep(session, this.#current(), undefined, {
      purpose: { kind: "entity" },
      mapper: (this.#source.property as RelationshipProperty).mapper,
    });
  }

  #current(): Select {
    return (
      this.#statement ??
      collectionSelect(this.#source.property as RelationshipProperty, this.#owner).setLabelStyle(
        LABEL_STYLE_TABLENAME_PLUS_COL,
      )
    );
  }

  #with(change: (select: Select) => Select): DynamicCollection<T> {
    return new DynamicCollection<T>(this.#source, this.#owner, change(this.#current()));
  }
}

function membership(property: RelationshipProperty, state: InstanceState): ClauseElement {
  return boundCondition(property, "source", (column) => callableBind(column.type, () => currentValue(state, column)))
    .condition;
}

function collectionSelect(property: RelationshipProperty, state: InstanceState): Select {
  const target: Mapper = property.mapper;
  let select = new Select([nodeOf(target)]).where(membership(property, state) as never);
  if (property.secondary !== null) select = select.selectFrom(nodeOf(target), property.secondary);
  const order = relationshipOrder(property, target, null);
  return order.length === 0 ? select : select.orderBy(...order);
}

dynamicCollections.make = (attribute, state) =>
  (attribute.property as RelationshipProperty).lazy === "writeOnly"
    ? new WriteOnlyCollection(attribute, state)
    : new DynamicCollection(attribute, state);
