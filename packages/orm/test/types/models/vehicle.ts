/** A hierarchy: joined and single-table. */
import { column, foreignKey, t } from "@athanor/core";
import { synonym } from "@athanor/orm";
import { Base } from "./base.ts";

const stamped = { made: column(t.dateTime, { nullable: false }) };

export class Vehicle extends Base.mapped(
  "vehicle",
  {
    id: column(t.integer, { primaryKey: true }),
    kind: column(t.string(10), { nullable: false }),
    maker: column(t.string(20), { nullable: false }),
    brand: synonym("maker"),
    ...stamped,
  },
  { polymorphicOn: "kind", polymorphicIdentity: "vehicle" },
) {
  static readonly wheels: number = 4;

  describe(): string {
    return this.maker;
  }
}

export class Car extends Vehicle.extend(
  "car",
  {
    id: column(t.integer, foreignKey("vehicle.id"), { primaryKey: true }),
    doors: column(t.integer, { nullable: false }),
  },
  { polymorphicIdentity: "car" },
) {
  override describe(): string {
    return `${super.describe()} with ${this.doors} doors`;
  }
}

export class SportsCar extends Car.extend({ speed: column(t.integer) }, { polymorphicIdentity: "sports" }) {}
