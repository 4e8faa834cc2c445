/** How the front doors get their methods: one per method of the steps, of the same name, that runs it. */
import type { Step } from "@athanor/driver";
import { InspectorSteps } from "./inspector-steps.ts";

/** What is no question to the database, or for the inside. */
type Plain = "run" | "initialize" | "clearCache" | "defaultSchemaName" | "dialect";

/** The methods of an inspector, run at once. */
export type BlockingInspector = {
  readonly [K in Exclude<keyof InspectorSteps, Plain>]: InspectorSteps[K] extends (...args: infer A) => Step<infer R>
    ? (...args: A) => R
    : never;
};

/** The methods of an inspector, awaited. */
export type AwaitedInspector = {
  readonly [K in Exclude<keyof InspectorSteps, Plain>]: InspectorSteps[K] extends (...args: infer A) => Step<infer R>
    ? (...args: A) => Promise<R>
    : never;
};

const plain: ReadonlySet<string> = new Set<Plain | "constructor">([
  "constructor",
  "run",
  "initialize",
  "clearCache",
  "defaultSchemaName",
  "dialect",
]);

/** Gives a front the methods of the steps that it holds. */
export function addFrontMethods(front: { readonly prototype: object }, run: (step: Step<unknown>) => unknown): void {
  const { prototype } = InspectorSteps;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (plain.has(name)) continue;
    const method = (prototype as unknown as Record<string, (...args: unknown[]) => Step<unknown>>)[name] as (
      ...args: unknown[]
    ) => Step<unknown>;
    Object.defineProperty(front.prototype, name, {
      value: function (this: { readonly steps: InspectorSteps }, ...args: unknown[]): unknown {
        return run(method.apply(this.steps, args));
      },
      writable: true,
      configurable: true,
    });
  }
}
