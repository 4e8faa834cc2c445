/** Gives sessions the loading layer's functions. Imported once by the package's entry. */

import { executeOrmStep } from "../load/dml/statement.ts";
import { ports } from "./ports.ts";

ports.executeStep = executeOrmStep;
