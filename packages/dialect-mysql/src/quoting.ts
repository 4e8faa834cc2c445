/** Identifiers: in backticks, whatever the server's sql_mode. */
import { ansiIdentifiers, type IdentifierRules } from "@athanor/core";
import { mariadbReserved, mysqlReserved } from "./reserved-words.ts";

/** MySQL's rules. */
export const mysqlIdentifiers: IdentifierRules = { ...ansiIdentifiers, open: "`", close: "`", reserved: mysqlReserved };

/** MariaDB's rules. */
export const mariadbIdentifiers: IdentifierRules = { ...mysqlIdentifiers, reserved: mariadbReserved };
