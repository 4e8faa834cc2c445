/** Where a connection was checked out: captured cheaply, written out only when somebody reads it. Knows nothing of pools. */

/** Frames kept: enough to get past a session and an engine to the application. */
const depth = 16;

/** This package's folder, as stacks show it: a URL, or a path. Bundlers may leave nothing of it. */
const here = /^(?:file:\/\/)?(.*\/)/.exec(String(import.meta.url))?.[1];

/** Notes the present stack. */
export function captureStack(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const stack = new Error("checkout");
  Error.stackTraceLimit = limit;
  return stack;
}

/** The frames, one a line, without those of the pool and the runtime; null when nothing was captured. */
export function stackLines(stack: Error | null): string | null {
  if (stack === null) return null;
  const frames = (stack.stack ?? "")
    .split("\n")
    .slice(1)
    .map((frame) => `    ${frame.trim()}`);
  const foreign = frames.filter((frame) => !isInternal(frame));
  // A bundle may hold the application and this package in one file; then every frame is worth showing.
  return (foreign.length > 0 ? foreign : frames).join("\n");
}

function isInternal(frame: string): boolean {
  return (
    (here !== undefined && frame.includes(here)) ||
    frame.includes("/@athanor/") ||
    frame.includes("(node:internal/") ||
    frame.includes("(<anonymous>)") ||
    /^ *at (async )?run(Sync|Async) /.test(frame)
  );
}
