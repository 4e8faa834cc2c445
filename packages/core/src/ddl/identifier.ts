/** Lengths of names: too long ones are refused, those made by conventions are cut. */
import { createHash } from "node:crypto";
import { IdentifierError } from "../errors/errors.ts";
import type { DdlCapabilities } from "./dialect-port.ts";

/**
 * Refuses a name that the database does not take.
 *
 * @throws IdentifierError
 */
export function requireShortEnough(name: string, limit: number): string {
  if (name.length <= limit) return name;
  throw new IdentifierError(`Identifier '${name}' exceeds maximum length of ${limit} characters`, {
    fix: "give it a shorter name",
  });
}

/** The name of a constraint or an index within the database's limit. */
export function fittingName(name: string, isConventional: boolean, limit: number): string {
  if (!isConventional) return requireShortEnough(name, limit);
  if (name.length <= limit) return name;
  const digest = createHash("md5").update(name).digest("hex");
  return `${name.slice(0, limit - 8)}_${digest.slice(-4)}`;
}

/** How long names of indexes, or of constraints, may be. */
export function nameLimit(capabilities: DdlCapabilities, kind: "index" | "constraint"): number {
  return (
    (kind === "index" ? capabilities.maxIndexNameLength : capabilities.maxConstraintNameLength) ??
    capabilities.maxIdentifierLength
  );
}
