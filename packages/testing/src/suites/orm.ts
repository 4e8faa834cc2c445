/** The object-relational mapper on the database: unit of work, keys, loading, inheritance, versions. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { AsyncSession } from "@athanor/async/orm";
import { column, delete_, foreignKey, func, select, t, table, update } from "@athanor/core";
import { declarativeBase, joinedload, many, one, StaleDataError, selectinload } from "@athanor/orm";
import type { Suite } from "../suite.ts";
import { numberedKey } from "./tables.ts";

/** Fresh classes: each database has metadata of its own. */
function makeModels(suite: Suite) {
  const Base = declarativeBase();

  class Author extends Base.mapped(
    "ath_author",
    {
      id: numberedKey(suite),
      name: column(t.string(50), { nullable: false }),
      version: column(t.integer, { nullable: false }),
      books: () => many(Book, { backPopulates: "author", cascade: "all, delete-orphan", orderBy: () => Book.$.title }),
    },
    { versionIdCol: "version" },
  ) {}

  const bookTag = table("ath_book_tag", Base.metadata, {
    bookId: column("book_id", t.integer, foreignKey("ath_book.id"), { primaryKey: true }),
    tagId: column("tag_id", t.integer, foreignKey("ath_tag.id"), { primaryKey: true }),
  });

  class Book extends Base.mapped("ath_book", {
    id: numberedKey(suite),
    title: column(t.string(50), { nullable: false }),
    stock: column(t.integer, { nullable: false, default: 1 }),
    authorId: column("author_id", t.integer, foreignKey("ath_author.id")),
    author: () => one(Author, { backPopulates: "books" }),
    tags: () => many(Tag, { secondary: bookTag, orderBy: () => Tag.$.name }),
  }) {}

  class Tag extends Base.mapped("ath_tag", {
    id: numberedKey(suite),
    name: column(t.string(20), { unique: true }),
  }) {}

  class Shape extends Base.mapped(
    "ath_shape",
    { id: numberedKey(suite), kind: column(t.string(10), { nullable: false }) },
    { polymorphicOn: "kind", polymorphicIdentity: "shape" },
  ) {}

  class Circle extends Shape.extend(
    "ath_circle",
    { id: column(t.integer, foreignKey("ath_shape.id"), { primaryKey: true }), radius: column(t.integer) },
    { polymorphicIdentity: "circle" },
  ) {}
  return { Base, Author, Book, Tag, Shape, Circle, bookTag };
}

/** Sessions. */
export function ormSuite(suite: Suite): void {
  const { Base, Author, Book, Tag, Shape, Circle, bookTag } = makeModels(suite);
  type Author = InstanceType<typeof Author>;
  type Book = InstanceType<typeof Book>;
  suite.group("orm", Base.metadata, (group) => {
    const library = (): Author[] => [
      new Author({
        name: "Ada",
        books: [new Book({ title: "A1", tags: [new Tag({ name: "x" })] }), new Book({ title: "A2" })],
      }),
      new Author({ name: "Bob", books: [new Book({ title: "B1" })] }),
      new Author({ name: "Cyd" }),
    ];

    group.test("objects and what they refer to are inserted, with their keys", async ({ connection }) => {
      const session = new AsyncSession(connection);
      const authors = library();
      session.addAll(authors);
      await session.flush();
      const rows = await connection.execute(
        select(Author.$.name, Book.$.title).join(Author.$.books).orderBy(Book.$.title),
      );
      deepEqual(
        rows.all().map((row) => [...row]),
        [
          ["Ada", "A1"],
          ["Ada", "A2"],
          ["Bob", "B1"],
        ],
      );
      equal(await connection.scalar(select(func.count()).selectFrom(bookTag)), 1);
      equal(await session.get(Author, authors[0]?.id), authors[0]);
    });

    for (const [name, strategy] of [
      ["selectin", selectinload],
      ["joined", joinedload],
    ] as const) {
      group.test(`collections are loaded: ${name}`, async ({ connection }) => {
        const writer = new AsyncSession(connection);
        writer.addAll(library());
        await writer.flush();
        const session = new AsyncSession(connection);
        const statement = select(Author)
          .options(strategy(Author.$.books).options(strategy(Book.$.tags)))
          .orderBy(Author.$.name);
        const authors = (await session.scalars(statement)).unique().all();
        deepEqual(
          authors.map((author) => [author.name, ...author.books.map((book) => [book.title, book.tags.length])]),
          [["Ada", ["A1", 1], ["A2", 0]], ["Bob", ["B1", 0]], ["Cyd"]],
        );
        const limited = (await session.scalars(statement.limit(2))).unique().all();
        equal(limited.length, 2);
      });
    }

    group.test("changes, orphans and deletions", async ({ connection }) => {
      const session = new AsyncSession(connection);
      const [ada, bob] = library() as [Author, Author];
      session.addAll([ada, bob]);
      await session.flush();
      ada.name = "Eve";
      ada.books.splice(0, 1);
      await session.delete(bob);
      await session.flush();
      deepEqual((await connection.scalars(select(Author.$.name))).all(), ["Eve"]);
      deepEqual((await connection.scalars(select(Book.$.title))).all(), ["A2"]);
    });

    group.test("a row that someone else changed is noticed", async ({ connection }) => {
      const session = new AsyncSession(connection);
      const ada = new Author({ name: "Ada" });
      session.add(ada);
      await session.flush();
      equal(ada.version, 1);
      ada.name = "Eve";
      await session.flush();
      equal(ada.version, 2);
      const { table: authors } = Author;
      await connection.execute(update(authors as never).values({ version: 9 } as never));
      ada.name = "Zoe";
      await rejects(session.flush(), StaleDataError);
    });

    group.test("classes that inherit", async ({ connection }) => {
      const writer = new AsyncSession(connection);
      writer.addAll([new Shape(), new Circle({ radius: 3 })]);
      await writer.flush();
      const session = new AsyncSession(connection);
      const shapes = (await session.scalars(select(Shape).orderBy(Shape.$.id))).all();
      deepEqual(
        shapes.map((shape) => shape.constructor.name),
        ["Shape", "Circle"],
      );
      deepEqual((await session.scalars(select(Circle.$.radius))).all(), [3]);
    });

    group.test("statements about classes", async ({ connection }) => {
      const session = new AsyncSession(connection);
      const [ada] = library() as [Author];
      session.add(ada);
      await session.flush();
      const [first] = ada.books as unknown as [Book];
      const raised = await session.execute(
        update(Book)
          .where(Book.$.title.like("A%"))
          .values({ stock: Book.$.stock.add(5) }),
      );
      equal(raised.rowcount, 2);
      await session.refresh(first);
      equal(first.stock, 6);
      await session.execute(delete_(Book).where(Book.$.title.eq("A2")));
      equal(await session.scalar(select(func.count(Book.$.id))), 1);
    });
  });
}
