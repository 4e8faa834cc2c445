/** Makes the processors of relationships, once each. Imported by the entry for its effect. */
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import { type Processor, processors } from "../work.ts";
import { KeySwitchProcessor } from "./key-switch.ts";
import { ManyToManyProcessor } from "./many-to-many.ts";
import { ManyToOneProcessor } from "./many-to-one.ts";
import { OneToManyProcessor } from "./one-to-many.ts";

interface Made {
  readonly main: Processor;
  readonly keySwitch: Processor | null;
}

const made = new WeakMap<RelationshipProperty, Made>();

/** Lets the unit of work find processors. */
export function installProcessors(): void {
  processors.of = (property) => {
    let known = made.get(property);
    if (known === undefined) made.set(property, (known = make(property)));
    return known;
  };
}

function make(property: RelationshipProperty): Made {
  switch (property.direction) {
    case "oneToMany":
      return { main: new OneToManyProcessor(property), keySwitch: null };
    case "manyToOne":
      return { main: new ManyToOneProcessor(property), keySwitch: new KeySwitchProcessor(property) };
    default:
      return { main: new ManyToManyProcessor(property), keySwitch: null };
  }
}
