/** Half of two modules that import each other; see ../modules.test.ts. */
import { column, t } from "@athanor/core";
import { many } from "@athanor/orm";
import { Base } from "./base.ts";
import { Book } from "./book.ts";

export class Author extends Base.mapped("authors", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { nullable: false }),
  books: () => many(Book, { backPopulates: "author", orderBy: () => Book.$.id }),
}) {
  get shout(): string {
    return this.name.toUpperCase();
  }
}
