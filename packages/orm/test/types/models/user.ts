/** A mapped class that refers to one in another file, which refers back. */
import { column, t } from "@athanor/core";
import { many } from "@athanor/orm";
import { Address } from "./address.ts";
import { Base } from "./base.ts";

export class User extends Base.mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  age: column(t.integer),
  addresses: () => many(Address, { backPopulates: "user", cascade: "all, delete-orphan", orderBy: () => Address.$.id }),
  tags: () => many(Address, { collectionClass: Set, viewonly: true }),
}) {
  get label(): string {
    return `${this.name} (${this.addresses.length})`;
  }

  first(): Address | undefined {
    return this.addresses[0];
  }
}
