/** Arguments that the fronts of sessions share. */
import type { ExecutionOptionsInput } from "@athanor/core";
import type { LoadParameters } from "../load/session.ts";
import type { Bind, SessionOptions } from "./options.ts";

/** The trailing options of `execute()`. */
export interface ExecuteOptions {
  readonly executionOptions?: ExecutionOptionsInput | undefined;
  readonly bindArguments?: Readonly<Record<string, unknown>> | undefined;
}

const optionNames: ReadonlySet<string> = new Set(["executionOptions", "bindArguments"]);

/** Tells parameters from options, where only one of them was given. */
export function executeArguments(
  params: LoadParameters | ExecuteOptions | undefined,
  options: ExecuteOptions | undefined,
): { readonly params: LoadParameters | undefined; readonly options: ExecutionOptionsInput | undefined } {
  if (options === undefined && params !== null && typeof params === "object" && !Array.isArray(params)) {
    const names = Object.keys(params);
    if (names.length > 0 && names.every((name) => optionNames.has(name)))
      return { params: undefined, options: (params as ExecuteOptions).executionOptions };
  }
  return { params: params as LoadParameters | undefined, options: options?.executionOptions };
}

/** `new Session(engine)`, `new Session(engine, options)`, `new Session(options)`. */
export function sessionArguments(
  first: Bind | SessionOptions | null | undefined,
  second: SessionOptions | undefined,
): SessionOptions {
  if (first === null || first === undefined) return second ?? {};
  if ("core" in first) return { ...second, bind: first as Bind };
  return { ...(first as SessionOptions), ...second };
}
