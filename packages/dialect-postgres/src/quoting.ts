/** Identifiers: what must be quoted.  https://www.postgresql.org/docs/current/sql-keywords-appendix.html */
import { ansiIdentifiers, type IdentifierRules, standardReserved } from "@athanor/core";

const further = "cross current_catalog current_schema fetch lateral of over returning tablesample variadic window with";

export const postgresIdentifiers: IdentifierRules = {
  ...ansiIdentifiers,
  reserved: new Set([...[...standardReserved].filter((word) => word !== "set"), ...further.split(" ")]),
};
