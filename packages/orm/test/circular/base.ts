/** The base of two modules that import each other. */
import { declarativeBase } from "@athanor/orm";

export const Base = declarativeBase();
