/** What SQL calls: arguments and results of the program's functions, the same for both libraries. */
import { ArgumentError } from "@athanor/driver";
import type { SQLiteAggregate, SQLiteFunction, SQLiteFunctionOptions } from "../functions.ts";
import type { NativeAggregate, NativeDatabase, NativeFunction } from "./native.ts";
import { fromStorage, storageOf } from "./values.ts";

type Call = (...values: unknown[]) => unknown;

/** Makes a function known to SQL. */
export function defineFunction(
  database: NativeDatabase,
  name: string,
  given: SQLiteFunction | SQLiteFunctionOptions,
): void {
  const options: SQLiteFunctionOptions = typeof given === "function" ? { call: given } : given;
  const call = options.call as Call;
  if (typeof call !== "function")
    throw new ArgumentError(`the SQLite function ${name} is no function`, { fix: "give a function, or { call }" });
  const definition: NativeFunction = {
    call: (...values) => result(call(...values.map(fromStorage))),
    deterministic: options.deterministic ?? true,
    varargs: options.varargs ?? false,
  };
  Object.defineProperty(definition.call, "length", { value: call.length });
  database.defineFunction(name, definition);
}

/** Makes an aggregate known to SQL. */
export function defineAggregate(database: NativeDatabase, name: string, given: SQLiteAggregate): void {
  const { start, deterministic = true, varargs = false } = given;
  if (typeof given.step !== "function")
    throw new ArgumentError(`the SQLite aggregate ${name} has no step`, { fix: "give { start, step(state, value) }" });
  const taking = (step: Call): NativeAggregate["step"] => {
    const take: NativeAggregate["step"] = (state, ...values) => {
      const next = step(state.value, ...values.map(fromStorage));
      if (next !== undefined) state.value = next;
      return state;
    };
    return Object.defineProperty(take, "length", { value: step.length });
  };
  const finish = given.result as Call | undefined;
  database.defineAggregate(name, {
    start: () => ({ value: typeof start === "function" ? (start as () => unknown)() : start }),
    step: taking(given.step as Call),
    ...(given.inverse === undefined ? {} : { inverse: taking(given.inverse as Call) }),
    result: ({ value }) => result(finish === undefined ? value : finish(value)),
    deterministic,
    varargs,
  });
}

function result(value: unknown): unknown {
  return value === undefined ? null : storageOf(value);
}
