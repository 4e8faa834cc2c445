/** The base of the mapped classes of the type tests. */
import { declarativeBase } from "@athanor/orm";

export const Base = declarativeBase();
