/** ANY: columns of STRICT tables that take every value as it is.  https://sqlite.org/stricttables.html */
import { defineVisitName, makeFactory, SqlType, type TypeFactory } from "@athanor/core";

/** A column without a type. */
export class SQLiteAny extends SqlType {}
defineVisitName(SQLiteAny, "ANY");

/** Values as they are, in STRICT tables. */
export const ANY: TypeFactory<[], SQLiteAny> = makeFactory(SQLiteAny);
