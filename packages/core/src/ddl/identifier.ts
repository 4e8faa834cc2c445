/** Names that DDL is given, and their lengths: too long ones are refused, those made by conventions are cut. */
import { QuotedName } from "../ast/name.ts";
import { ArgumentError, IdentifierError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import { md5Hex } from "../util/md5.ts";
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

/** The name of a constraint or an index: one that a convention made is cut to the limit, one that was given must fit it. */
export function fittingName(name: string, isConventional: boolean, limit: number, givenLimit = limit): string {
  if (!isConventional) return requireShortEnough(name, givenLimit);
  if (name.length <= limit) return name;
  return `${name.slice(0, limit - 8)}_${md5Hex(name).slice(-4)}`;
}

/** How long names of indexes, or of constraints, may be. */
export function nameLimit(capabilities: DdlCapabilities, kind: "index" | "constraint"): number {
  return (
    (kind === "index" ? capabilities.maxIndexNameLength : capabilities.maxConstraintNameLength) ??
    capabilities.maxIdentifierLength
  );
}

/** The name of a schema, as `CREATE SCHEMA` and `DROP SCHEMA` take it. */
export function schemaNameOf(name: string | QuotedName, where: string): QuotedName {
  if (name instanceof QuotedName) return name;
  if (typeof name !== "string" || name === "")
    throw new ArgumentError(`${where} takes the name of a schema, not ${describe(name)}`);
  return new QuotedName(name, null);
}
