/** Every kind of error, provoked on both libraries, through the engine. */
import { chmodSync, writeFileSync } from "node:fs";
import {
  type Connection,
  createEngine,
  DatabaseError,
  DataError,
  type DBAPIError,
  type Engine,
  IntegrityError,
  OperationalError,
  ProgrammingError,
} from "@athanor/core";
import { describe, expect, test } from "vitest";
import { both, newFile } from "./both.ts";

type ErrorClass = new (...args: never[]) => DBAPIError;

function caught(work: () => unknown): DBAPIError {
  try {
    work();
  } catch (error) {
    return error as DBAPIError;
  }
  throw new Error("nothing was thrown");
}

describe.each(both)("$scheme", ({ scheme }) => {
  const schema = [
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL, code TEXT, a INTEGER, b INTEGER, UNIQUE (a, b), CONSTRAINT positive CHECK (a > 0), CHECK (b < 100))",
    "CREATE UNIQUE INDEX ix_code ON parent (lower(code))",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id), CONSTRAINT later FOREIGN KEY (id) REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE exact (n INTEGER) STRICT",
    "INSERT INTO parent VALUES (1, 'x', 'C', 1, 1)",
    "CREATE TRIGGER no_delete BEFORE DELETE ON parent BEGIN SELECT RAISE(ABORT, 'parents stay'); END",
  ];
  const engine = (): Engine => {
    const made = createEngine(`${scheme}://?foreign_keys=1`);
    made.begin((connection) => {
      for (const sql of schema) connection.execDriverSql(sql);
    });
    return made;
  };
  const errorOf = (sql: string, parameters?: readonly unknown[]): DBAPIError =>
    caught(() => engine().begin((connection) => connection.execDriverSql(sql, parameters)));

  const cases: readonly (readonly [sql: string, ErrorClass, Partial<DBAPIError>])[] = [
    [
      "INSERT INTO parent (id, name) VALUES (1, 'y')",
      IntegrityError,
      { kind: "unique", table: "parent", columns: ["id"], nativeCode: "SQLITE_CONSTRAINT_PRIMARYKEY" },
    ],
    [
      "INSERT INTO parent (name, a, b) VALUES ('y', 1, 1)",
      IntegrityError,
      { kind: "unique", table: "parent", columns: ["a", "b"], nativeCode: "SQLITE_CONSTRAINT_UNIQUE" },
    ],
    [
      "INSERT INTO parent (name, code) VALUES ('y', 'c')",
      IntegrityError,
      { kind: "unique", constraint: "ix_code", columns: [] },
    ],
    [
      "INSERT INTO parent (name) VALUES (NULL)",
      IntegrityError,
      { kind: "notNull", table: "parent", columns: ["name"] },
    ],
    ["INSERT INTO parent (name, a) VALUES ('y', 0)", IntegrityError, { kind: "check", constraint: "positive" }],
    ["INSERT INTO parent (name, b) VALUES ('y', 100)", IntegrityError, { kind: "check", constraint: undefined }],
    ["INSERT INTO child (id, parent_id) VALUES (1, 9)", IntegrityError, { kind: "foreignKey" }],
    ["INSERT INTO exact VALUES ('x')", IntegrityError, { kind: "invalidValue", table: "exact", columns: ["n"] }],
    [
      "INSERT INTO parent (id, name) VALUES ('x', 'y')",
      IntegrityError,
      { kind: "invalidValue", nativeCode: "SQLITE_MISMATCH" },
    ],
    ["DELETE FROM parent", IntegrityError, { kind: "other", nativeCode: "SQLITE_CONSTRAINT_TRIGGER" }],
    ["SELECT * FROM nowhere", OperationalError, { kind: "undefinedTable", table: "nowhere" }],
    ["SELECT missing FROM parent", OperationalError, { kind: "undefinedColumn", columns: ["missing"] }],
    [
      "INSERT INTO parent (missing) VALUES (1)",
      OperationalError,
      { kind: "undefinedColumn", table: "parent", columns: ["missing"] },
    ],
    ["SELEC 1", OperationalError, { kind: "syntax" }],
    ["SELECT (1", OperationalError, { kind: "syntax" }],
    ["SELECT 'x", OperationalError, { kind: "syntax" }],
    ["CREATE TABLE parent (x)", OperationalError, { kind: "duplicateObject", table: "parent" }],
    ["CREATE INDEX ix_code ON child (id)", OperationalError, { kind: "duplicateObject" }],
    ["ALTER TABLE parent ADD COLUMN name", OperationalError, { kind: "duplicateObject", columns: ["name"] }],
    ["SELECT abs(-9223372036854775808)", OperationalError, { kind: "outOfRange" }],
    ["SELECT json_extract('{', '$.a')", OperationalError, { kind: "invalidValue" }],
    ["SELECT zeroblob(2147483647)", DataError, { kind: "dataTooLong" }],
    ["SELECT missing()", OperationalError, { kind: "other" }],
  ];

  test.each(cases)("%s", (sql, type, facts) => {
    const error = errorOf(sql);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject(facts);
    expect(error.statement).toBe(sql);
    expect(error.orig).toBeInstanceOf(Error);
  });

  test("a deferred foreign key fails at COMMIT", () => {
    const error = caught(() =>
      engine().begin((connection) => void connection.execDriverSql("INSERT INTO child (id) VALUES (77)")),
    );
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error.kind).toBe("foreignKey");
  });

  test("parameters that cannot be bound, or are not as many as the markers", () => {
    expect(errorOf("SELECT ?", [Symbol("x")])).toMatchObject({ kind: "invalidValue", constructor: ProgrammingError });
    expect(errorOf("SELECT ?", [{ a: 1 }])).toBeInstanceOf(ProgrammingError);
    expect(errorOf("SELECT :a, :b", [{ a: 1 }])).toBeInstanceOf(ProgrammingError);
    expect(errorOf("SELECT ?, ?", [1])).toBeInstanceOf(ProgrammingError);
    expect(errorOf("SELECT ?", [2n ** 70n])).toMatchObject({ kind: "outOfRange", constructor: DataError });
    expect(errorOf("SELECT 1; SELECT 2")).toBeInstanceOf(ProgrammingError);
  });

  test("a locked database", () => {
    const file = newFile();
    const [first, second] = [
      createEngine(`${scheme}:///${file}?timeout=0.01`),
      createEngine(`${scheme}:///${file}?timeout=0.01`),
    ];
    const holding = first.connect() as Connection;
    holding.execDriverSql("CREATE TABLE t (x)");
    holding.commit();
    holding.execDriverSql("INSERT INTO t VALUES (1)");
    const error = caught(() => second.begin((connection) => connection.execDriverSql("INSERT INTO t VALUES (1)")));
    expect(error).toBeInstanceOf(OperationalError);
    expect(error.kind).toBe("lockTimeout");
    holding.close();
    first.dispose();
    second.dispose();
  });

  test("a snapshot that is too old to be written to", () => {
    const file = newFile();
    const [first, second] = [
      createEngine(`${scheme}:///${file}?journal_mode=wal`),
      createEngine(`${scheme}:///${file}?journal_mode=wal&timeout=0.01`),
    ];
    first.begin((connection) => connection.execDriverSql("CREATE TABLE t (x)"));
    const error = caught(() =>
      second.begin((reading) => {
        reading.execDriverSql("SELECT * FROM t").all();
        first.begin((connection) => connection.execDriverSql("INSERT INTO t VALUES (1)"));
        reading.execDriverSql("INSERT INTO t VALUES (2)");
      }),
    );
    expect(error).toMatchObject({ kind: "serialization", nativeCode: "SQLITE_BUSY_SNAPSHOT" });
    first.dispose();
    second.dispose();
  });

  test("a database that may not be written to, and one that is full", () => {
    const file = newFile();
    createEngine(`${scheme}:///${file}`).begin((connection) => connection.execDriverSql("CREATE TABLE t (x)"));
    expect(
      caught(() =>
        createEngine(`${scheme}:///${file}?mode=ro`).begin((connection) =>
          connection.execDriverSql("INSERT INTO t VALUES (1)"),
        ),
      ),
    ).toMatchObject({
      kind: "readOnly",
      constructor: OperationalError,
    });
    expect(
      caught(() =>
        createEngine(`${scheme}:///${file}`).begin((connection) => {
          connection.execDriverSql("PRAGMA max_page_count = 3");
          connection.execDriverSql("INSERT INTO t VALUES (zeroblob(100000))");
        }),
      ),
    ).toMatchObject({ kind: "resources", constructor: OperationalError });
    chmodSync(file, 0o600);
  });

  test("files that are missing, or are no database", () => {
    const missing = caught(() => createEngine(`${scheme}:////no/such/folder/x.db`).connect());
    expect(missing).toBeInstanceOf(DBAPIErrorClass);
    expect(caught(() => createEngine(`${scheme}:///${newFile()}?mode=rw`).connect())).toBeInstanceOf(DBAPIErrorClass);
    const file = newFile();
    writeFileSync(file, "this is not a database, whatever its name may be".repeat(20));
    const error = caught(() =>
      createEngine(`${scheme}:///${file}`).begin((connection) => connection.execDriverSql("SELECT * FROM t")),
    );
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.nativeCode).toBe("SQLITE_NOTADB");
  });

  test("a connection that was closed behind the engine's back is noticed and replaced", () => {
    const made = createEngine(`${scheme}:///${newFile()}`);
    const connection = made.connect();
    connection.execDriverSql("SELECT 1").all();
    connection.rollback();
    (connection.lease.connection.native as { close(): void }).close();
    const error = caught(() => connection.execDriverSql("SELECT 1"));
    expect(error).toMatchObject({ kind: "disconnect", connectionInvalidated: true });
    connection.close();
    expect(made.connect().execDriverSql("SELECT 1").scalar()).toBe(1);
    made.dispose();
  });
});

const DBAPIErrorClass: ErrorClass = DatabaseError as unknown as ErrorClass;
