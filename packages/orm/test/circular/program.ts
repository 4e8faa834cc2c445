/** A program over two modules that import each other; prints what it read. Bundled and minified by ../modules.test.ts. */
import { createEngine, select } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { Session, selectinload } from "@athanor/orm";
import { Author } from "./author.ts";
import { Base } from "./base.ts";
import { Book } from "./book.ts";

const engine = createEngine("sqlite+node://");
Base.metadata.createAll(engine);
using session = new Session(engine);
session.add(new Author({ name: "eco", books: [new Book({ title: "rose" }), new Book({ title: "pendulum" })] }));
session.commit();
session.expungeAll();
const [author] = session.scalars(select(Author).options(selectinload(Author.$.books))).all();
const lines = [author?.shout, ...(author?.books ?? []).map((book) => `${book.title} by ${book.author?.name}`)];
process.stdout.write(lines.join("\n"));
