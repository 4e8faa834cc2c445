/** The other half of two modules that import each other. */
import { column, foreignKey, t } from "@athanor/core";
import { one } from "@athanor/orm";
import { Author } from "./author.ts";
import { Base } from "./base.ts";

export class Book extends Base.mapped("books", {
  id: column(t.integer, { primaryKey: true }),
  title: column(t.string(20), { nullable: false }),
  authorId: column("author_id", t.integer, foreignKey("authors.id")),
  author: () => one(Author, { backPopulates: "books" }),
}) {}
