import { createAsyncEngine } from "@athanor/async";
import { bindparam, createEngine, select, text } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { expect, test } from "vitest";
import { expectStatementCount, recordStatements, StatementCountError } from "./statements.ts";

const engine = createEngine("sqlite://");
const one = text("SELECT :value").bindparams(bindparam("value", 7n));

test("records what is sent until it ends", () => {
  using connection = engine.connect();
  {
    using sent = recordStatements(engine);
    connection.execute(select(1 as never));
    connection.execute(one);
    expect(sent.sql).toEqual(["SELECT 1", "SELECT ?"]);
    expect(String(sent)).toBe('SELECT 1\nSELECT ? ["7n"]');
    expect([...sent][1]).toMatchObject({ executemany: false });
    sent.expectCount(2);
    expect(() => sent.expectCount(1)).toThrow(/^expected 1 statement, 2 were sent:\nSELECT 1\nSELECT \? \["7n"\]$/);
    sent.clear();
    expect(sent.count).toBe(0);
    expect(() => sent.expectCount(3)).toThrow(/^expected 3 statements, 0 were sent$/);
  }
  const later = recordStatements(engine);
  later.stop();
  connection.execute(one);
  expect(later.count).toBe(0);
});

test("counts the statements of a callback", () => {
  using connection = engine.connect();
  expect(expectStatementCount(engine, 1, () => connection.scalar(one))).toBe(7);
  expect(() => expectStatementCount(engine, 0, () => connection.scalar(one))).toThrow(StatementCountError);
  const failure = new Error("mine");
  expect(() =>
    expectStatementCount(engine, 5, () => {
      throw failure;
    }),
  ).toThrow(failure);
});

test("counts the statements of a promise", async () => {
  await using asynchronous = createAsyncEngine("sqlite://");
  await using connection = await asynchronous.connect();
  expect(await expectStatementCount(asynchronous, 1, () => connection.scalar(one))).toBe(7);
  await expect(expectStatementCount(asynchronous, 2, () => connection.scalar(one))).rejects.toThrow(/expected 2/);
  const failure = new Error("mine");
  await expect(expectStatementCount(asynchronous, 1, () => Promise.reject(failure))).rejects.toBe(failure);
});
