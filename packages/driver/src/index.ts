/** Driver SPI, sans-IO runtime and base errors. */
export * from "./cancel-request.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./protocol.ts";
export * from "./specimens.ts";
export * from "./step.ts";
