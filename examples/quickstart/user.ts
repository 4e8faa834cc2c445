/** A user, mapped to a table. The two model files import each other: relationships are named by arrow functions. */
import { column, t } from "@athanor/core";
import { many } from "@athanor/orm";
import { Address } from "./address.ts";
import { Base } from "./base.ts";

export class User extends Base.mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  email: column(t.string(100), { unique: true }),
  addresses: () => many(Address, { backPopulates: "user", cascade: "all, delete-orphan" }),
}) {
  /** Classes are ordinary classes: give them methods and getters. */
  get label(): string {
    return `${this.name} <${this.email ?? "no e-mail"}>`;
  }
}
