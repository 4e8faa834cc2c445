/** Loading: what reaches the database for each strategy, and that the objects are right. SQLite in memory. */
import {
  bindparam,
  column,
  createEngine,
  delete_,
  type Engine,
  foreignKey,
  func,
  insert,
  listen,
  select,
  t,
  table,
  text,
  update,
} from "@athanor/core";
import {
  aliased,
  Bundle,
  bundle,
  containsEager,
  declarativeBase,
  defer,
  immediateload,
  joinedload,
  lazyload,
  load,
  loadOnly,
  many,
  type OrmExecute,
  one,
  raiseload,
  Session,
  selectinload,
  selectinPolymorphic,
  subqueryload,
  withLoaderCriteria,
  withParent,
  withPolymorphic,
} from "@athanor/orm";
import "@athanor/dialect-sqlite";
import { beforeEach, describe, expect, test } from "vitest";

const Base = declarativeBase();
const key = { primaryKey: true } as const;

class Author extends Base.mapped("author", {
  id: column(t.integer, key),
  name: column(t.string(20)),
  books: () => many(Book, { backPopulates: "author", orderBy: () => Book.$.id }),
}) {}
class Book extends Base.mapped("book", {
  id: column(t.integer, key),
  title: column(t.string(20)),
  year: column(t.integer),
  authorId: column("author_id", t.integer, foreignKey("author.id")),
  author: () => one(Author, { backPopulates: "books" }),
  tags: () => many(Tag, { secondary: bookTag, orderBy: () => Tag.$.id }),
}) {}
class Tag extends Base.mapped("tag", { id: column(t.integer, key), label: column(t.string(20)) }) {}
const bookTag = table("book_tag", Base.metadata, {
  bookId: column("book_id", t.integer, foreignKey("book.id"), key),
  tagId: column("tag_id", t.integer, foreignKey("tag.id"), key),
});
class Vehicle extends Base.mapped(
  "vehicle",
  { id: column(t.integer, key), kind: column(t.string(10)), maker: column(t.string(10)) },
  { polymorphicOn: "kind", polymorphicIdentity: "vehicle" },
) {}
class Car extends Vehicle.extend(
  "car",
  { id: column(t.integer, foreignKey("vehicle.id"), key), doors: column(t.integer) },
  { polymorphicIdentity: "car" },
) {}

let engine: Engine;
let session: Session;
let statements: string[];

beforeEach(() => {
  engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  Car.$;
  engine.begin((connection) => {
    for (const sql of [
      "insert into author values (1, 'eco'), (2, 'woolf'), (3, 'silent')",
      "insert into book values (1, 'rose', 1980, 1), (2, 'pendulum', 1988, 1), (3, 'waves', 1931, 2), (4, 'anon', 1, null)",
      "insert into tag values (1, 'red'), (2, 'blue')",
      "insert into book_tag values (1, 1), (1, 2), (3, 2)",
      "insert into vehicle values (1, 'car', 'fia'), (2, 'vehicle', 'vol')",
      "insert into car values (1, 4)",
    ]) {
      connection.execDriverSql(sql);
    }
  });
  statements = [];
  listen(engine, "beforeCursorExecute", (_connection, execution) => {
    statements.push((execution as { statement: string }).statement.replaceAll(/\s+/g, " ").trim());
  });
  session = new Session(engine);
});

const shape = (authors: readonly Author[]): unknown =>
  authors.map((author) => [author.name, [...author.books].map((book) => book.title)]);
const expected = [
  ["eco", ["rose", "pendulum"]],
  ["woolf", ["waves"]],
  ["silent", []],
];
const all = select(Author).orderBy(Author.$.id);

describe("strategies", () => {
  test("lazy: one statement per object, and none the second time", () => {
    expect(shape(session.scalars(all).all())).toEqual(expected);
    expect(statements).toHaveLength(4);
    shape(session.scalars(all).all());
    expect(statements).toHaveLength(5);
  });

  test("selectin: one more statement", () => {
    const authors = session.scalars(all.options(selectinload(Author.$.books))).all();
    expect(statements[1]).toBe(
      "SELECT book.author_id, book.id, book.title, book.year FROM book WHERE book.author_id IN (?, ?, ?) ORDER BY book.id",
    );
    expect(shape(authors)).toEqual(expected);
    expect(statements).toHaveLength(2);
  });

  test("joined: the same statement; the result wants unique()", () => {
    const statement = all.options(joinedload(Author.$.books));
    expect(() => session.scalars(statement).all()).toThrow(/unique\(\)/);
    expect(shape(session.scalars(statement).unique().all())).toEqual(expected);
    expect(statements).toHaveLength(2);
    expect(statements[0]).toContain(
      "LEFT OUTER JOIN book AS book_1 ON author.id = book_1.author_id ORDER BY author.id, book_1.id",
    );
  });

  test("unique() leaves out objects that come again later, with a joined collection or without", () => {
    const byYear = select(Author)
      .join(Author.$.books)
      .orderBy(func.abs(Book.$.year.sub(1960)), Book.$.id);
    const names = (authors: readonly Author[]): (string | null)[] => authors.map(({ name }) => name);
    session.execute(update(Book).where(Book.$.id.eq(3)).values({ year: 1935 }));
    expect(names(session.scalars(byYear).all())).toEqual(["eco", "woolf", "eco"]);
    expect(names(session.scalars(byYear).unique().all())).toEqual(["eco", "woolf"]);
    const joined = session
      .scalars(byYear.options(joinedload(Author.$.books)))
      .unique()
      .all();
    expect(names(joined)).toEqual(["eco", "woolf"]);
    expect(joined.map(({ books }) => books.length)).toEqual([2, 1]);
  });

  test("unique() leaves out an object whose first row was another's related one", () => {
    const pairs = select(Book).options(joinedload(Book.$.author).joinedload(Author.$.books)).orderBy(Book.$.id);
    const books = session.scalars(pairs).unique().all();
    expect(books.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(
      session
        .scalars(pairs)
        .unique((book) => book.authorId)
        .all()
        .map(({ id }) => id),
    ).toEqual([1, 3, 4]);
  });

  test("joined with LIMIT: rows are limited before they multiply", () => {
    const authors = session
      .scalars(all.options(joinedload(Author.$.books)).limit(2))
      .unique()
      .all();
    expect(shape(authors)).toEqual(expected.slice(0, 2));
    expect(statements[0]).toContain(
      "LIMIT ? OFFSET ?) AS anon_1 LEFT OUTER JOIN book AS book_1 ON anon_1.id = book_1.author_id",
    );
  });

  test("subquery: the first statement inside the second", () => {
    expect(shape(session.scalars(all.options(subqueryload(Author.$.books))).all())).toEqual(expected);
    expect(statements[1]).toContain(
      "FROM (SELECT author.id AS author_id FROM author) AS anon_1 JOIN book ON anon_1.author_id = book.author_id",
    );
  });

  test("immediate: before the result is given", () => {
    const authors = session.scalars(all.options(immediateload(Author.$.books))).all();
    expect(statements).toHaveLength(4);
    expect(shape(authors)).toEqual(expected);
    expect(statements).toHaveLength(4);
  });

  test("strategies nest", () => {
    const authors = session.scalars(all.options(selectinload(Author.$.books).joinedload(Book.$.tags))).all();
    expect(authors[0]?.books[0]?.tags.map((tag) => tag.label)).toEqual(["red", "blue"]);
    expect(statements).toHaveLength(2);
  });

  test("many-to-many by selectin joins the table between, not the parent's", () => {
    const books = session.scalars(select(Book).options(selectinload(Book.$.tags)).orderBy(Book.$.id)).all();
    expect(books.map((book) => book.tags.length)).toEqual([2, 0, 1, 0]);
    expect(statements[1]).toBe(
      "SELECT book_tag.book_id, tag.id, tag.label FROM book_tag JOIN tag ON tag.id = book_tag.tag_id WHERE book_tag.book_id IN (?, ?, ?, ?) ORDER BY tag.id",
    );
  });

  test("many-to-one finds loaded objects in the identity map", () => {
    const author = session.get(Author, 1);
    const book = session.get(Book, 1);
    expect(book?.author).toBe(author);
    expect(statements).toHaveLength(2);
    expect(session.get(Book, 4)?.author).toBeNull();
    expect(statements).toHaveLength(3);
  });

  test("raiseload refuses", () => {
    const author = session.scalars(all.options(raiseload(Author.$.books))).all()[0] as Author;
    expect(() => author.books).toThrow("'Author.books' is not available due to lazy='raise'");
    const book = session.scalars(select(Book).options(load(Book).raiseload("*"))).all()[0] as Book;
    expect(() => book.tags).toThrow(/lazy='raise'/);
  });

  test("two strategies for one path are a mistake", () => {
    expect(() => session.scalars(all.options(joinedload(Author.$.books), lazyload(Author.$.books))).all()).toThrow(
      /in conflict with existing strategy joinedload/,
    );
  });

  test("containsEager fills collections from the statement's own join", () => {
    const authors = session
      .scalars(select(Author).join(Author.$.books).where(Book.$.year.gt(1985)).options(containsEager(Author.$.books)))
      .unique()
      .all();
    expect(shape(authors)).toEqual([["eco", ["pendulum"]]]);
    expect(statements).toHaveLength(1);
  });
});

describe("columns", () => {
  test("loadOnly and defer leave columns for later", () => {
    const book = session.scalars(select(Book).options(loadOnly(Book.$.title)).where(Book.$.id.eq(1))).one();
    expect(statements[0]).toBe("SELECT book.id, book.title FROM book WHERE book.id = ?");
    expect(book.year).toBe(1980);
    expect(statements[1]).toBe("SELECT book.year FROM book WHERE book.id = ?");
    session.expungeAll();
    session.scalars(select(Book).options(defer(Book.$.title))).all();
    expect(statements[2]).toBe("SELECT book.id, book.year, book.author_id FROM book");
  });

  test("rows mix entities, columns and bundles", () => {
    const row = session
      .execute(
        select(Author, Book.$.title, bundle("pair", Book.$.id, Book.$.year))
          .join(Author.$.books)
          .orderBy(Book.$.id),
      )
      .first();
    expect(row?.[0].name).toBe("eco");
    expect(row?.title).toBe("rose");
    expect(row?.pair).toMatchObject({ id: 1, year: 1980 });
  });

  test("bundles give values of their own", () => {
    class Joined extends Bundle<"joined", { readonly text: string }> {
      override create(values: readonly unknown[]): { readonly text: string } {
        return { text: values.join(" of ") };
      }
    }
    const joined = new Joined("joined", Book.$.title, Book.$.year);
    expect(session.execute(select(joined).orderBy(Book.$.id)).first()?.joined).toEqual({ text: "rose of 1980" });
    expect(session.execute(select(new Bundle("b", Book.$.title)).orderBy(Book.$.id)).first()?.b.title).toBe("rose");
  });

  test("rows of text become objects", () => {
    const authors = session
      .scalars(select(Author).fromStatement(text("select name, id from author order by name desc")) as never)
      .all() as Author[];
    expect(authors.map((author) => author.name)).toEqual(["woolf", "silent", "eco"]);
  });
});

describe("options of fromStatement()", () => {
  const rows = () => text("select id, name from author order by id");
  const selectsOf = (work: () => unknown): readonly string[] => {
    session.expungeAll();
    statements.length = 0;
    work();
    return statements.slice(1).map((statement) => statement.replace(/\s+/g, " "));
  };
  const books = (authors: readonly Author[]) => authors.map(({ books }) => books.length);
  const all = (statement: unknown) => session.scalars(statement as never).all() as Author[];

  test("hold whether they were given to the SELECT before or to the whole", () => {
    const option = selectinload(Author.$.books);
    for (const statement of [
      select(Author).options(option).fromStatement(rows()),
      select(Author).fromStatement(rows()).options(option),
    ])
      expect(selectsOf(() => books(all(statement)))).toEqual([expect.stringMatching(/ IN \(/)]);
    for (const query of [
      session.query(Author).options(option).fromStatement(rows()),
      session.query(Author).fromStatement(rows()).options(option),
    ])
      expect(selectsOf(() => books(query.all()))).toEqual([expect.stringMatching(/ IN \(/)]);
  });

  test("are part of what is cached", () => {
    const loaded = select(Author).fromStatement(rows()).options(selectinload(Author.$.books));
    const deferred = select(Author).fromStatement(rows()).options(defer(Author.$.name));
    expect(selectsOf(() => all(loaded))).toHaveLength(1);
    expect(selectsOf(() => all(select(Author).fromStatement(rows())))).toEqual([]);
    expect(selectsOf(() => all(deferred)[0]?.name)).toEqual([expect.stringMatching(/^SELECT author\.name/)]);
  });

  test("of execution are those of both, and the text's own are for listeners", () => {
    const option = selectinload(Author.$.books);
    const statement = select(Author).executionOptions({ a: 1 }).fromStatement(rows()).executionOptions({ b: 2 });
    expect(statement.getExecutionOptions()).toEqual({ a: 1, b: 2 });
    expect(selectsOf(() => books(all(select(Author).fromStatement(rows().options(option)))))).toHaveLength(3);
    const seen: unknown[] = [];
    const tell = (execution: OrmExecute): void => void seen.push(execution.userDefinedOptions);
    listen(session, "doOrmExecute", tell);
    session.execute(rows().options(option));
    expect(seen).toEqual([[option]]);
  });
});

describe("existing objects", () => {
  test("are not overwritten, unless asked for", () => {
    const author = session.get(Author, 1) as Author;
    session.execute(text("update author set name = 'raw' where id = 1"));
    expect(session.scalars(all).all()[0]).toBe(author);
    expect(author.name).toBe("eco");
    session.scalars(all.executionOptions({ populateExisting: true })).all();
    expect(author.name).toBe("raw");
  });

  test("a cached statement takes the values of each execution", () => {
    const titles = (year: number): unknown[] => {
      session.expungeAll();
      const authors = session
        .scalars(all.options(withLoaderCriteria(Book, Book.$.year.gt(year)), selectinload(Author.$.books)))
        .all();
      return authors.map((author) => author.books.length);
    };
    expect(titles(1900)).toEqual([2, 1, 0]);
    expect(titles(1985)).toEqual([1, 0, 0]);
    expect(session.scalars(select(Author.$.name).where(Author.$.id.eq(bindparam("id"))), { id: 2 }).all()).toEqual([
      "woolf",
    ]);
  });

  test("aliases of equal structure share a statement and keep their options", () => {
    for (const id of [1, 2]) {
      session.expungeAll();
      const other = aliased(Author);
      const author = session.scalars(select(other).options(selectinload(other.$.books)).where(other.$.id.eq(id))).one();
      const before = statements.length;
      expect(author.books.length).toBe(id === 1 ? 2 : 1);
      expect(statements).toHaveLength(before);
    }
  });
});

describe("conditions", () => {
  test("any, has, contains, comparison with objects, withParent", () => {
    const author = session.get(Author, 1) as Author;
    const names = (condition: unknown): unknown[] =>
      session.scalars(select(Author.$.name).where(condition as never)).all();
    expect(names(Author.$.books.any(Book.$.year.lt(1950)))).toEqual(["woolf"]);
    expect(names(Author.$.books.contains(session.get(Book, 3) as Book))).toEqual(["woolf"]);
    const titles = (condition: unknown): unknown[] =>
      session
        .scalars(
          select(Book.$.title)
            .where(condition as never)
            .orderBy(Book.$.id),
        )
        .all();
    expect(titles(Book.$.author.has(Author.$.name.eq("woolf")))).toEqual(["waves"]);
    expect(titles(Book.$.author.eq(author))).toEqual(["rose", "pendulum"]);
    expect(titles(Book.$.author.ne(author))).toEqual(["waves", "anon"]);
    expect(titles(Book.$.author.eq(null))).toEqual(["anon"]);
    expect(titles(withParent(author, Author.$.books))).toEqual(["rose", "pendulum"]);
    expect(titles(Book.$.tags.any(Tag.$.label.eq("blue")))).toEqual(["rose", "waves"]);
  });

  test("a table is not joined to itself by mistake", () => {
    expect(() => session.execute(select(Author).join(Author.$.books).join(Book.$.author)).all()).toThrow(
      /aliased\(Class\)/,
    );
  });
});

describe("inheritance", () => {
  test("rows become objects of their class; subclass columns load on access", () => {
    const [car, other] = session.scalars(select(Vehicle).orderBy(Vehicle.$.id)).all();
    expect(car).toBeInstanceOf(Car);
    expect(other).not.toBeInstanceOf(Car);
    expect((car as Car).doors).toBe(4);
    expect(statements[1]).toBe("SELECT car.doors AS car_doors FROM car WHERE ? = car.id");
  });

  test("selectinPolymorphic and withPolymorphic bring them along", () => {
    const [car] = session
      .scalars(
        select(Vehicle)
          .options(selectinPolymorphic(Vehicle, [Car]))
          .orderBy(Vehicle.$.id),
      )
      .all();
    expect(statements).toHaveLength(2);
    expect((car as Car).doors).toBe(4);
    session.expungeAll();
    const wide = withPolymorphic(Vehicle, [Car]);
    expect(session.scalars(select(wide)).all()).toHaveLength(2);
    expect(statements[2]).toContain("LEFT OUTER JOIN car ON vehicle.id = car.id");
    expect(statements).toHaveLength(3);
  });
});

describe("UPDATE, DELETE, INSERT of entities", () => {
  test("loaded objects follow, in memory or by keys", () => {
    const [eco, woolf] = session.scalars(all).all() as [Author, Author];
    session.execute(update(Author).where(Author.$.id.eq(1)).values({ name: "umberto" }));
    expect(eco.name).toBe("umberto");
    session.execute(
      update(Author)
        .where(Author.$.name.eq(func.lower("WOOLF") as never))
        .values({ name: "virginia" }),
    );
    expect(woolf.name).toBe("virginia");
    expect(statements[2]).toContain("RETURNING id");
    session.execute(delete_(Author).where(Author.$.name.eq("virginia")));
    expect(session.contains(woolf)).toBe(false);
    expect(statements).toHaveLength(4);
  });

  test("RETURNING gives the session's objects", () => {
    const author = session.get(Author, 1);
    const [same] = session
      .scalars(update(Author).where(Author.$.id.eq(1)).values({ name: "x" }).returning(Author) as never)
      .all();
    expect(same).toBe(author);
    const made = session
      .scalars(insert(Author).returning(Author) as never, [{ name: "p" }, { name: "q" }] as never)
      .all() as Author[];
    expect(made.map((each) => each.name)).toEqual(["p", "q"]);
  });
});

test("wrong attributes are compile errors", () => {
  const never = (): void => {
    // @ts-expect-error there is no such attribute
    selectinload(Author.$.nope);
    // @ts-expect-error books lead to Book, whose attributes come next
    selectinload(Author.$.books).selectinload(Author.$.books);
    // @ts-expect-error there is no such column
    update(Author).values({ nope: 1 });
    // @ts-expect-error names are strings
    update(Author).values({ name: 5 });
    const names: readonly (string | null)[] = session.scalars(select(Author.$.name)).all();
    const titles: readonly (string | null)[] = session
      .scalars(select(Author))
      .all()
      .flatMap((author) => [...author.books].map((book) => book.title));
    void names;
    void titles;
  };
  expect(never).toBeTypeOf("function");
});
