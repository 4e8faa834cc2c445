/** Warnings: something works, but not as it was probably meant. By default they go where Node prints its own. */

/** Receives warnings. */
export type WarningHandler = (message: string) => void;

const printed = new Set<string>();

/** Prints a message once. */
function print(message: string): void {
  if (printed.has(message)) return;
  printed.add(message);
  // Platforms other than Node's have the console.
  if (globalThis.process?.emitWarning === undefined) console.warn(message);
  else process.emitWarning(message, "AthanorWarning");
}

let handler: WarningHandler = print;

/** Reports a warning. */
export function warn(message: string): void {
  handler(message);
}

/**
 * Sends warnings elsewhere; returns a function that undoes it.
 *
 * @example const restore = onWarning((message) => log.warn(message));
 */
export function onWarning(receiver: WarningHandler): () => void {
  const before = handler;
  handler = receiver;
  return () => {
    handler = before;
  };
}
