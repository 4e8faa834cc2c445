/** The base of all mapped classes of this program; it holds their MetaData. */
import { declarativeBase } from "@athanor/orm";

export const Base = declarativeBase();
