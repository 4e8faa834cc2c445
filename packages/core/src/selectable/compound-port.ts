/** What SELECT needs to know of set operations. Implemented in ./compound.ts. */
import type { SelectBase } from "./returns-rows.ts";

/** The keyword between the members of a set operation. */
export type CompoundKeyword = "UNION" | "UNION ALL" | "EXCEPT" | "EXCEPT ALL" | "INTERSECT" | "INTERSECT ALL";

/** What can be a member of a set operation. */
export type CompoundOperand = SelectBase;
