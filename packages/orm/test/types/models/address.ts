/** The other side of ./user.ts. */
import { column, foreignKey, t } from "@athanor/core";
import { one } from "@athanor/orm";
import { Base } from "./base.ts";
import { User } from "./user.ts";

export class Address extends Base.mapped("addresses", {
  id: column(t.integer, { primaryKey: true }),
  email: column("email_address", t.string(100), { nullable: false }),
  userId: column("user_id", t.integer, foreignKey("users.id")),
  user: () => one(User, { backPopulates: "addresses" }),
  owner: () => one(User, { nullable: false, viewonly: true }),
}) {
  domain(): string {
    return this.email.split("@")[1] ?? "";
  }
}
