/** Arguments that the fronts of sessions share. */
import type { ExecutionOptionsInput } from "@athanor/core";
import type { LoadParameters } from "../load/session.ts";
import type { Bind, BindArguments, SessionOptions } from "./options.ts";

/** The trailing options of `execute()`. */
export interface ExecuteOptions {
  /** Options of this execution. */
  readonly executionOptions?: ExecutionOptionsInput | undefined;
  /** Which engine executes, where the statement does not tell. */
  readonly bindArguments?: BindArguments | undefined;
}

const optionNames: ReadonlySet<string> = new Set(["executionOptions", "bindArguments"]);

/** Tells parameters from options, where only one of them was given. */
export function executeArguments(
  params: LoadParameters | ExecuteOptions | undefined,
  options: ExecuteOptions | undefined,
): {
  readonly params: LoadParameters | undefined;
  readonly options: ExecutionOptionsInput | undefined;
  readonly bindArguments: BindArguments | undefined;
} {
  if (options === undefined && params !== null && typeof params === "object" && !Array.isArray(params)) {
    const names = Object.keys(params);
    if (names.length > 0 && names.every((name) => optionNames.has(name)))
      return given(undefined, params as ExecuteOptions);
  }
  return given(params as LoadParameters | undefined, options);
}

function given(
  params: LoadParameters | undefined,
  options: ExecuteOptions | undefined,
): ReturnType<typeof executeArguments> {
  return { params, options: options?.executionOptions, bindArguments: options?.bindArguments };
}

/** `refresh(object, ["name"])`, `refresh(object, ["name"], options)`, `refresh(object, options)`. */
export function refreshArguments<O extends { readonly attributeNames?: readonly string[] | null | undefined }>(
  attributes: readonly string[] | O | null | undefined,
  options: O | undefined,
): { readonly keys: readonly string[] | null; readonly options: O | undefined } {
  if (attributes === null || attributes === undefined || Array.isArray(attributes))
    return { keys: (attributes as readonly string[] | null | undefined) ?? options?.attributeNames ?? null, options };
  return { keys: (attributes as O).attributeNames ?? null, options: attributes as O };
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
