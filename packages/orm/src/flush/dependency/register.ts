/** Lets the unit of work find the processors of relationships. Imported once by the package's entry. */
import { installProcessors } from "./install.ts";

installProcessors();
