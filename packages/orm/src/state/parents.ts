/** By which relationships an object has a parent. Most objects have one parent: a Map for each would take more room than the object. */
import type { OrmClasses } from "../base/classes.ts";

type InstanceState = OrmClasses["state"];
type RelationshipProperty = OrmClasses["relationship"];

/** The parent by relationship; false: taken away from its parent. */
export class Parents {
  #relationship: RelationshipProperty;
  #parent: InstanceState | false;
  #others: Map<RelationshipProperty, InstanceState | false> | null = null;

  constructor(relationship: RelationshipProperty, parent: InstanceState | false) {
    this.#relationship = relationship;
    this.#parent = parent;
  }

  get(relationship: RelationshipProperty): InstanceState | false | undefined {
    return relationship === this.#relationship ? this.#parent : this.#others?.get(relationship);
  }

  set(relationship: RelationshipProperty, parent: InstanceState | false): void {
    if (relationship === this.#relationship) this.#parent = parent;
    else {
      this.#others ??= new Map();
      this.#others.set(relationship, parent);
    }
  }
}
