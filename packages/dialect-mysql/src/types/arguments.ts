/** The calling convention of types: positional values first, one options object last. */
import { isPlain } from "@athanor/core";

/** Tells positional values from the trailing options object. */
export function splitArguments<Options extends object>(
  args: readonly unknown[],
): readonly [readonly unknown[], Partial<Options>] {
  const last = args.at(-1);
  if (last === null || typeof last !== "object" || !isPlain(last)) return [args, {}];
  return [args.slice(0, -1), last as Partial<Options>];
}
