/** What ./edge.test.ts bundles: Core and the ORM over a database that the platform lends, as `database` with `run(sql, parameters)`. */
import * as core from "@athanor/core";
import {
  column,
  createEngine,
  DefaultDialect,
  type DialectDefinition,
  defaultCapabilities,
  foreignKey,
  func,
  MetaData,
  registerDialect,
  select,
  t,
  uniqueConstraint,
} from "@athanor/core";
import * as orm from "@athanor/orm";
import { declarativeBase, many, one, Session, selectinload } from "@athanor/orm";

/** What the platform lends. */
interface Lent {
  run(
    sql: string,
    parameters: readonly unknown[],
  ): { columns: string[]; rows: unknown[][]; changes: number; id: number };
}

declare const database: Lent;
declare const report: (lines: readonly string[]) => void;

class EdgeDialect extends DefaultDialect {
  override readonly name: string = "edge";
  override readonly capabilities = { ...defaultCapabilities, multiRowInsert: true, maxIdentifierLength: 30 };
  override readonly bindStyle = "qmark";
}

const execute = (sql: string, parameters: unknown) => {
  const { columns, rows, changes, id } = database.run(sql, parameters as unknown[]);
  return {
    columns: columns.length === 0 ? null : columns.map((name) => ({ name })),
    rows,
    rowCount: changes,
    lastRowId: id,
  };
};
const driver = {
  name: "lent",
  paramStyle: "qmark" as const,
  isAsync: false,
  connect: () => ({
    native: database,
    execute,
    executeMany: (sql: string, sets: readonly unknown[]) => {
      for (const set of sets) execute(sql, set);
      return { columns: null, rows: [], rowCount: sets.length };
    },
    begin: () => void execute("BEGIN", []),
    commit: () => void execute("COMMIT", []),
    rollback: () => void execute("ROLLBACK", []),
    isOpen: () => true,
    close: () => {},
  }),
};
const definition: DialectDefinition = {
  defaultDriver: "lent",
  drivers: { lent: { package: null, create: () => driver } },
  create: () => new EdgeDialect({ driver }),
};
registerDialect("edge", definition);

// A name that a convention makes and that is cut needs a digest.
const namingConvention = { uq: "uq_%(table_name)s_%(column_0_N_name)s_and_so_on" };
const Base = declarativeBase({ metadata: new MetaData({ namingConvention }) });

class User extends Base.mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.text),
  born: column(t.date),
  key: column(t.largeBinary),
  posts: () => many(Post, { backPopulates: "author" }),
}) {}

class Post extends Base.mapped(
  "posts",
  {
    id: column(t.integer, { primaryKey: true }),
    title: column(t.text),
    userId: column("user_id", t.integer, foreignKey("users.id")),
    author: () => one(User, { backPopulates: "posts" }),
  },
  uniqueConstraint("title", "userId"),
) {}

const engine = createEngine("edge://", { poolSize: 1 });
Base.metadata.createAll(engine, { checkfirst: false });
const lines: string[] = [];
{
  using session = new Session(engine);
  session.add(
    new User({ name: "Ann", born: "1815-12-10", key: new Uint8Array([1, 255]), posts: [new Post({ title: "First" })] }),
  );
  session.commit();
}
{
  using session = new Session(engine);
  for (const user of session.scalars(select(User).options(selectinload(User.$.posts))))
    lines.push(
      `${user.name} ${user.born} ${[...(user.key ?? [])].join("-")}: ${user.posts.map(({ title }) => title).join()}`,
    );
  for (const row of session.execute(select(Post.$.title, func.count().label("n")).groupBy(Post.$.title)))
    lines.push(`${row.title} ${row.n} ${JSON.stringify(row)}`);
}
// Names of classes are a minifier's; those of errors, and their codes, are not.
const unnamed = Object.entries({ ...core, ...orm }).filter(
  ([name, type]) =>
    typeof type === "function" &&
    type.prototype instanceof core.AthanorError &&
    (Object.create(type.prototype) as core.AthanorError).name !== name,
);
// Left over are an alias, and a class with the name of Python's.
lines.push(`unnamed errors: ${unnamed.map(([name]) => name).join()}`, new core.NoSuchTableError("x").code);
report(lines);
