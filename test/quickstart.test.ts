/** The quickstart's story: what it sends to the database, and what it tells. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { createEngine, type Engine, listen } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { describe, expect, test } from "vitest";
import { asyncStory } from "../examples/quickstart/async-story.ts";
import { syncStory } from "../examples/quickstart/sync-story.ts";
import { mysqlUrl, pgUrl } from "./setup/urls.ts";

/** Statements with their parameters, and the ends of transactions, in order. */
function traced(engine: Engine): string[] {
  const seen: string[] = [];
  listen(engine, "beforeCursorExecute", (_, { statement, parameters }) => {
    seen.push(`${statement.replaceAll(/\s+/g, " ").trim()} ${JSON.stringify(parameters)}`);
  });
  listen(engine, "commit", () => seen.push("COMMIT"));
  listen(engine, "rollback", () => seen.push("ROLLBACK"));
  return seen;
}

test("the story on SQLite, synchronously", () => {
  const engine = createEngine("sqlite://");
  const seen = traced(engine);
  const told: string[] = [];
  syncStory(engine, (line) => told.push(line));
  engine.dispose();

  expect(told).toEqual([
    "saved Alice <alice@example.org> with id 1 and 2 addresses, in one commit",
    "refused a second alice@example.org: unique violation on users.email",
    "the session goes on: 2 users",
    "lazy loading: a1@example.org, a2@example.org",
    "eager loading: Alice <alice@example.org> has 2 addresses",
    "eager loading: Bob <bob@example.org> has 0 addresses",
    "joined loading: a1@example.org belongs to Alice",
    "columns: Alice 2",
    "updated: Robert <bob@example.org>, 1 address",
    "an address without a user is deleted: 2 left",
    "deleted with its orphans: 1 user, 1 address",
  ]);
  const users = "SELECT users.id, users.name, users.email FROM users";
  const addresses = "SELECT addresses.id, addresses.email_address, addresses.user_id FROM addresses";
  expect(seen.slice(seen.findIndex((line) => line.startsWith("INSERT")))).toEqual([
    'INSERT INTO users (name, email) VALUES (?, ?) RETURNING id ["Alice","alice@example.org"]',
    'INSERT INTO users (name, email) VALUES (?, ?) RETURNING id ["Bob","bob@example.org"]',
    'INSERT INTO addresses (email_address, user_id) VALUES (?, ?) RETURNING id ["a1@example.org",1]',
    'INSERT INTO addresses (email_address, user_id) VALUES (?, ?) RETURNING id ["a2@example.org",1]',
    "COMMIT",
    `${users} WHERE users.id = ? [1]`,
    `${addresses} WHERE ? = addresses.user_id [1]`,
    "ROLLBACK",
    'INSERT INTO users (name, email) VALUES (?, ?) ["Impostor","alice@example.org"]',
    "ROLLBACK",
    "SELECT count(users.id) AS count_1 FROM users []",
    "ROLLBACK",
    `${users} WHERE users.name LIKE ? ["A%"]`,
    `${addresses} WHERE ? = addresses.user_id [1]`,
    "ROLLBACK",
    `${users} ORDER BY users.id []`,
    "SELECT addresses.user_id, addresses.id, addresses.email_address FROM addresses WHERE addresses.user_id IN (?, ?) [1,2]",
    expect.stringContaining("LEFT OUTER JOIN users AS users_1 ON users_1.id = addresses.user_id ORDER BY addresses.id"),
    "SELECT users.name, count(addresses.id) AS n FROM users JOIN addresses ON users.id = addresses.user_id GROUP BY users.name []",
    "ROLLBACK",
    expect.stringContaining("EXISTS (SELECT 1 FROM addresses WHERE users.id = addresses.user_id"),
    // A lazy load flushes what is pending first.
    'UPDATE users SET name=? WHERE users.id = ? ["Robert",2]',
    `${addresses} WHERE ? = addresses.user_id [2]`,
    'INSERT INTO addresses (email_address, user_id) VALUES (?, ?) ["rob@example.org",2]',
    "COMMIT",
    `${users} WHERE users.id = ? [2]`,
    `${addresses} WHERE ? = addresses.user_id [2]`,
    "ROLLBACK",
    `${users} WHERE users.name = ? ["Alice"]`,
    `${addresses} WHERE ? = addresses.user_id [1]`,
    "DELETE FROM addresses WHERE addresses.id = ? [1]",
    "COMMIT",
    "SELECT count(addresses.id) AS count_1 FROM addresses []",
    `${users} WHERE users.id = ? [1]`,
    `${addresses} WHERE ? = addresses.user_id [1]`,
    "DELETE FROM addresses WHERE addresses.id = ? [2]",
    "DELETE FROM users WHERE users.id = ? [1]",
    "COMMIT",
    "SELECT count(users.id) AS count_1 FROM users []",
    "SELECT count(addresses.id) AS count_1 FROM addresses []",
    "ROLLBACK",
  ]);
});

describe.each([
  ["SQLite", () => "sqlite://"],
  ["SQLite through node:sqlite", () => "sqlite+node://"],
  ["PostgreSQL", pgUrl],
  ["MySQL or MariaDB", mysqlUrl],
])("the story on %s, asynchronously", (_, urlOf) => {
  const url = urlOf();
  test.skipIf(url === null)("tells the same", async () => {
    const engine: AsyncEngine = createAsyncEngine(url as string);
    const told: string[] = [];
    await asyncStory(engine, (line) => told.push(line));
    await engine.dispose();
    expect(told).toEqual([
      "nothing is loaded behind your back: MissingAwait",
      "refreshed: Carol <carol@example.org> has 1 address",
      "eager loading: Carol 1",
      "deleted: 0 addresses left",
    ]);
  });
});
