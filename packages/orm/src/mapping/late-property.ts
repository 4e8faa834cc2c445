/** A property that is a function still: `addresses: () => many(Address)`. Configuration calls it and puts the result in its place. */
import { MapperProperty, type PropertyKind } from "../base/property.ts";

/** A function that gives a property. */
export class LateProperty extends MapperProperty {
  readonly kind: PropertyKind = "late";
  readonly make: () => unknown;
  /** Given to the class after it was mapped. */
  readonly isAdded: boolean;
  /** What the function gave, as a property; null until configuration has called it. */
  made: MapperProperty | null = null;
  /** Calls the function, while configuration goes on: functions may ask for attributes that others of the class give. */
  ask: (() => MapperProperty) | null = null;

  constructor(make: () => unknown, isAdded = false) {
    super();
    this.make = make;
    this.isAdded = isAdded;
  }

  copy(): LateProperty {
    return new LateProperty(this.make, this.isAdded);
  }
}
