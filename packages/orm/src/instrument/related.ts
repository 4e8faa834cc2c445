/**
 * What happens when an object is put under, or taken from, a relationship: type check, validators, the save-update
 * cascade, delete-orphan bookkeeping, the other side. Called by object and collection attributes alike.
 */
import { ArgumentError, InvalidRequestError } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import { UnmappedInstanceError } from "../base/errors.ts";
import { loaders } from "../base/loading.ts";
import { NO_VALUE, NOT_LOADED, PASSIVE_NO_FETCH, type Passive } from "../base/symbols.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { Parents } from "../state/parents.ts";
import { stateOrNull } from "../state/registry.ts";
import { Attribute } from "./attribute.ts";
import type { Initiator } from "./events.ts";

type RelationshipProperty = OrmClasses["relationship"];

/** The state of an object that is to be related. @throws UnmappedInstanceError, ArgumentError for objects of the wrong class. */
export function relatedState(attribute: RelatedAttribute, value: unknown): InstanceState {
  const state = stateOrNull(value);
  if (state === null) {
    const name = typeof value === "object" && value !== null ? (value.constructor?.name ?? "object") : typeof value;
    throw new UnmappedInstanceError(`Class '${name}' is not mapped`, {
      fix: `${attribute} takes objects of class ${attribute.relationship.mapper.class.name}`,
    });
  }
  return state;
}

/** An attribute that holds related objects. */
export abstract class RelatedAttribute extends Attribute {
  abstract override readonly kind: "object" | "collection" | "dynamic";
  /** Keep {@link InstanceState.parents} for delete-orphan and single-parent checks. */
  trackParent = false;
  /** Changes are written at flush; false for viewonly relationships. */
  tracksChanges = true;

  /** The relationship. */
  get relationship(): RelationshipProperty {
    return this.property as RelationshipProperty;
  }

  protected override loadsForPending(state: InstanceState): boolean {
    return this.relationship.loadOnPending || state.loadsPending;
  }

  protected override checkSqlAllowed(state: InstanceState, passive: Passive): void {
    loaders.checkSqlAllowed(state, this.relationship, passive);
  }

  /** Whether `child` has, as far as is known, a parent by this relationship. */
  hasParent(child: InstanceState, optimistic = false): boolean {
    const parent = child.parents?.get(this.relationship);
    return parent === undefined ? optimistic : parent !== false;
  }

  /** Notes that `child` got, or lost, its parent. */
  setParent(child: InstanceState, parent: InstanceState, has: boolean): void {
    const { parents } = child;
    if (parents === null) {
      child.parents = new Parents(this.relationship, has && parent);
      return;
    }
    if (has) {
      parents.set(this.relationship, parent);
      return;
    }
    const last = parents.get(this.relationship);
    // A child that was given to another parent meanwhile keeps that one.
    if (last !== undefined && last !== false && last !== parent) {
      if (
        last.identityHash === null ||
        parent.identityHash === null ||
        last.identityHash !== parent.identityHash ||
        last.mapper.baseMapper !== parent.mapper.baseMapper
      )
        return;
    }
    parents.set(this.relationship, false);
  }

  /** A validator's say on a value that comes in. */
  protected validate(state: InstanceState, value: unknown, initiator: Initiator): unknown {
    const validator = state.mapper.validators.get(this.key);
    if (validator === undefined || (!validator.includeBackrefs && initiator.attribute !== this)) return value;
    return validator.validate(state.obj, this.key, value, false);
  }

  protected validateRemoval(state: InstanceState, value: unknown, initiator: Initiator): void {
    const validator = state.mapper.validators.get(this.key);
    if (validator?.includeRemoves === true && (validator.includeBackrefs || initiator.attribute === this))
      validator.validate(state.obj, this.key, value, true);
  }

  /** Refuses a second parent where the relationship allows one only. */
  protected checkSingleParent(state: InstanceState, child: InstanceState, old: unknown, initiator: Initiator): void {
    const { relationship } = this;
    if (!relationship.singleParent || old === child.obj || initiator.attribute !== this) return;
    if (this.hasParent(child)) {
      throw new InvalidRequestError(
        `Instance ${child} is already associated with an instance of ${state.mapper.class.name} via its ${relationship} attribute, and is only allowed a single parent.`,
        { code: "bbf1" },
      );
    }
  }

  /** The save-update cascade of an object that comes in by this very attribute. */
  protected cascadeIn(state: InstanceState, child: InstanceState, initiator: Initiator): void {
    const { session } = state;
    if (session === null || initiator.key !== this.key || !this.relationship.cascade.saveUpdate) return;
    if (!session.containsState(child)) session.saveOrUpdate(child);
  }

  /** Pending objects that lost their parent leave the session. */
  protected cascadeOut(state: InstanceState, child: InstanceState): void {
    if (!this.relationship.cascade.deleteOrphan || !this.relationship.mapper.isOrphan(child)) return;
    const { session } = state;
    if (session?.isPending(child) === true) session.expungePending(child);
    else child.orphanedOutside = true;
  }

  /** The attributes of `child` that mirror this one. */
  mirrorOf(child: InstanceState): RelatedAttribute | null {
    const { backPopulates, syncBackref } = this.relationship;
    if (backPopulates === null || !syncBackref) return null;
    const { attributes } = child.mapper;
    const mirror =
      attributes.get(backPopulates) ??
      (child.mapper.hasProperty(backPopulates) ? child.mapper.attribute(backPopulates) : undefined);
    return mirror === undefined ? null : (mirror as RelatedAttribute);
  }

  /** Puts `state` under the mirror of a child that came in. */
  protected mirrorIn(state: InstanceState, child: InstanceState, initiator: Initiator): void {
    const mirror = this.mirrorOf(child);
    if (mirror === null) return;
    if (initiator.attribute !== this && initiator.attribute !== mirror)
      throw notAcceptable(this, state, initiator, mirror);
    if (initiator !== mirror.appendToken && initiator !== mirror.bulkReplaceToken) {
      mirror.append(child, state.obj, initiator, PASSIVE_NO_FETCH);
    }
  }

  /** Takes `state` from the mirror of a child that went out. */
  protected mirrorOut(state: InstanceState, child: InstanceState, initiator: Initiator): void {
    const mirror = this.mirrorOf(child);
    if (
      mirror === null ||
      initiator === mirror.removeToken ||
      initiator === mirror.bulkReplaceToken ||
      initiator === mirror.replaceToken
    )
      return;
    mirror.pop(child, state.obj, initiator, PASSIVE_NO_FETCH);
  }
}

function notAcceptable(
  attribute: RelatedAttribute,
  child: InstanceState,
  initiator: Initiator,
  mirror: Attribute,
): ArgumentError {
  return new ArgumentError(
    `Bidirectional attribute conflict detected: Passing object ${child} to attribute "${mirror}" triggers a modify event on attribute "${attribute}" via the backref "${(initiator.attribute as Attribute).toString()}".`,
  );
}

/** Whether something is an object that a scalar reference held: not null, not a mark. */
export function isObject(value: unknown): value is object {
  return value !== null && value !== NO_VALUE && value !== NOT_LOADED && typeof value === "object";
}
