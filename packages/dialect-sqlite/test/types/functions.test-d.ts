/** Types of functions and aggregates for SQL, and of backup(). */
import { createAsyncEngine } from "@athanor/async";
import { createEngine } from "@athanor/core";
import * as sqlite from "@athanor/dialect-sqlite";

const product: sqlite.SQLiteAggregate = {
  start: 1,
  step: (state: number, value: number) => state * value,
  inverse: (state: number, value: number) => state / value,
  result: (state: number) => String(state),
};
const list: sqlite.SQLiteAggregate = { start: () => [], step: (all: string[], value: string) => void all.push(value) };
// @ts-expect-error: there is no step
const noStep: sqlite.SQLiteAggregate = { start: 0 };
// @ts-expect-error: it is called deterministic
const misspelt: sqlite.SQLiteFunctionOptions = { call: Math.random, determinstic: false };

/** Through a helper: options for an engine. */
const registering = (
  functions: Record<string, sqlite.SQLiteFunction | sqlite.SQLiteFunctionOptions>,
  aggregates: Record<string, sqlite.SQLiteAggregate>,
): Partial<sqlite.SQLiteConnectOptions> => ({ functions, aggregates });
registering(
  { shout: (text: string) => text.toUpperCase(), random: { call: Math.random, deterministic: false } },
  { product, list },
);
// @ts-expect-error: a number is no function
registering({ five: 5 }, {});

const copied: Promise<void> = sqlite.backup(createEngine("sqlite://").connect(), "copy.db", {
  onProgress: (remaining, total) => remaining / total,
});
const fromAsync = async (): Promise<void> => sqlite.backup(await createAsyncEngine("sqlite://").connect(), "copy.db");
// @ts-expect-error: an engine is no connection
sqlite.backup(createEngine("sqlite://"), "copy.db");
void [noStep, misspelt, copied, fromAsync];
