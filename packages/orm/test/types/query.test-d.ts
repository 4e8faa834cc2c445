/** Types of the legacy query, of write-only and dynamic collections, and of what DML gives. */
import { type CursorResult, column, delete_, foreignKey, insert, select, t, update } from "@athanor/core";
import { declarativeBase, many, one, type Query, type Session } from "@athanor/orm";

const Base = declarativeBase();
class Author extends Base.mapped("authors", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  age: column(t.integer),
  books: () => many(Book, { lazy: "writeOnly" }),
  drafts: () => many(Book, { lazy: "dynamic", viewonly: true }),
}) {}
class Book extends Base.mapped("books", {
  id: column(t.integer, { primaryKey: true }),
  title: column(t.string(50), { nullable: false }),
  authorId: column("author_id", t.integer, foreignKey("authors.id")),
  author: () => one(Author),
}) {}

declare const session: Session;
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function same<A, B>(_equal: Same<A, B>): void {}

const authors = session.query(Author).filter(Author.$.age.gt(3)).orderBy(Author.$.name).all();
same<typeof authors, Author[]>(true);
const first = session.query(Author).first();
same<typeof first, Author | null>(true);
const rows = session.query(Author.$.name, Author.$.age).all();
same<(typeof rows)[number][0], string>(true);
const age: number | null | undefined = rows[0]?.age;
void age;
const count: number = session.query(Author).count();
void count;
const name: string | null = session.query(Author.$.name).filterBy({ id: 1 }).scalar();
void name;
// @ts-expect-error a scalar of text is no number
const wrong: number | null = session.query(Author.$.name).scalar();
void wrong;
// @ts-expect-error there is no such attribute
session.query(Author).filter(Author.$.nmae.eq("x"));
// @ts-expect-error the entity has no such attribute
session.query(Author).one().nmae;

function newest<T>(query: Query<T>): T | null {
  return query.limit(1).first();
}
const book = newest(session.query(Book));
same<typeof book, Book | null>(true);

const author = session.getOne(Author, 1);
const titles = session.scalars(author.books.select()).all();
same<typeof titles, Book[]>(true);
session.execute(author.books.update().values({ title: "x" }));
session.execute(author.books.delete());
author.books.add(new Book({ title: "new" }));
// @ts-expect-error an author is no book
author.books.add(author);
// @ts-expect-error a write-only collection is never loaded
author.books.length;
for (const draft of author.drafts.filter(Book.$.title.like("A%")).limit(3)) draft.title.toUpperCase();

const changed: CursorResult<[], object> = session.execute(update(Author).values({ age: 4 }));
same<typeof changed.rowcount, number>(true);
const removed: number = session.execute(delete_(Author)).rowcount;
void removed;
const [id] = session.execute(insert(Author).values({ name: "x" }).returning(Author.$.id)).one();
same<typeof id, number>(true);
// @ts-expect-error a SELECT has no row count of its own
session.execute(select(Author)).rowcount;

// A part of the rows, and rows of a cache.
const part: string[] = session
  .query(Author.$.name)
  .slice(1, 3)
  .all()
  .map(({ name }) => name ?? "");
const own: Author[] = session.query(Author).mergeResult(authors, { load: false });
// @ts-expect-error rows of another class
session.query(Author).mergeResult([new Book()]);
void [part, own];
