/** Where attributes are named by text: refresh(), expire(), bulk rows, inspect(); columns of the legacy query. */
import { column, foreignKey, insert, t, update } from "@athanor/core";
import { declarativeBase, inspect, type ListOf, many, one, type Session } from "@athanor/orm";

const Base = declarativeBase();
class Author extends Base.mapped("authors", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  price: column(t.numeric(8, 2)),
  books: () => many(Book),
}) {}
class Book extends Base.mapped("books", {
  id: column(t.integer, { primaryKey: true }),
  title: column(t.string(50), { nullable: false }),
  authorId: column("author_id", t.integer, foreignKey("authors.id")),
  author: () => one(Author),
}) {}

declare const session: Session;
declare const author: Author;
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Same<A, B>): void {}

// ---- refresh(), expire() ----
session.refresh(author);
session.refresh(author, ["name", "books"]);
session.refresh(author, null, { withForUpdate: true });
session.expire(author, ["books"]);
// @ts-expect-error misspelt
session.refresh(author, ["nmae"]);
// @ts-expect-error misspelt
session.expire(author, ["boks"]);
function reload<T extends Author>(one: T): void {
  session.refresh(one, ["name"]);
}
reload(author);
function anything(one: object): void {
  session.refresh(one, ["whatever"]);
}
anything(author);

// ---- rows of bulk statements ----
session.execute(insert(Author), [{ name: "Ada", price: 5 }]);
session.execute(update(Author), [{ id: 1, price: "5.50" }]);
session.scalars(insert(Author).returning(Author), [{ name: "Ada" }]);
// @ts-expect-error a number is no name
session.execute(insert(Author), [{ name: 5 }]);
// @ts-expect-error the key is a number
session.execute(update(Author), [{ id: "1", name: "Ada" }]);
// @ts-expect-error a number is no name
session.scalars(insert(Author).returning(Author), [{ name: 5 }]);
session.bulkInsertMappings(Author, [{ name: "Ada" }, { name: "Bob", price: "1" }]);
session.bulkUpdateMappings(Author, [{ id: 1, name: "Ada" }]);
// @ts-expect-error misspelt
session.bulkInsertMappings(Author, [{ nmae: "Ada" }]);
// @ts-expect-error a number is no name
session.bulkUpdateMappings(Author, [{ id: 1, name: 5 }]);

// ---- inspect() ----
const mapper = inspect(Author);
mapper.relationships.books.key.toUpperCase();
mapper.attrs.price.key.toUpperCase();
mapper.columns.name.nullable;
mapper.columnAttrs.name.key;
// @ts-expect-error unknown names may be missing
mapper.relationships["nothing"].key;

// ---- columns of the legacy query ----
const whole = session.query(Author).subquery("a");
whole.c.name.eq("x");
whole.c.price.gt(5);
// @ts-expect-error text
whole.c.name.eq(5);
// @ts-expect-error misspelt
whole.c.nmae;
const part = session.query(Author.$.id, Author.$.name).cte("p");
part.c.id.eq(5);
// @ts-expect-error text
part.c.name.eq(5);
const first = session.query(Author.$.name).scalarSubquery();
same<(typeof first)["~value"], string | null>(true);
const list: ListOf<Book> = author.books;
void list;
