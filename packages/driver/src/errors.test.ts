import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  AthanorError,
  DisconnectionError,
  InvalidatePoolError,
  InvalidRequestError,
  ResourceClosedError,
  SynchronousAccessError,
} from "./errors.ts";

describe("AthanorError", () => {
  it("derives name and code from the class", () => {
    const error = new SynchronousAccessError("no");
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.name).toBe("SynchronousAccessError");
    expect(error.code).toBe("synchronous_access");
    expect(new ArgumentError("x", { code: "own" }).code).toBe("own");
  });

  it("appends the fix as a sentence, and keeps it by itself", () => {
    const error = new ArgumentError("no such thing", { fix: "use another" });
    expect(error.message).toBe("no such thing. Use another.");
    expect(error.fix).toBe("use another");
    expect(new ArgumentError("plain").message).toBe("plain");
  });

  it("puts a report on lines of its own", () => {
    const error = new ArgumentError("no such thing", { fix: "use another", report: "  one\n  two" });
    expect(error.message).toBe("no such thing. Use another.\n  one\n  two");
    expect(new ArgumentError("plain", { report: "  one" }).message).toBe("plain\n  one");
  });

  it("keeps the cause, and has none when there was none", () => {
    const cause = new Error("driver");
    expect(new AthanorError("x", { cause }).cause).toBe(cause);
    expect("cause" in new AthanorError("x")).toBe(false);
  });

  it("names the hierarchy that callers test with instanceof", () => {
    expect(new ResourceClosedError("x")).toBeInstanceOf(InvalidRequestError);
    expect(new DisconnectionError("x").invalidatePool).toBe(false);
    expect(new DisconnectionError("x", { invalidatePool: true }).invalidatePool).toBe(true);
    const error = new InvalidatePoolError("x");
    expect(error).toBeInstanceOf(DisconnectionError);
    expect(error.invalidatePool).toBe(true);
  });
});
