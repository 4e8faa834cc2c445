/** Lets ./orm/scope-watch.ts look at connections that are taken from engines, without engines knowing of sessions. */
import type { EngineCore } from "@athanor/core";

let watch: ((engine: EngineCore) => void) | null = null;

/** Has every connection that the program takes from an engine itself looked at. */
export function watchConnections(watcher: (engine: EngineCore) => void): void {
  watch = watcher;
}

/** The program takes a connection. */
export function noteConnection(engine: EngineCore): void {
  watch?.(engine);
}
