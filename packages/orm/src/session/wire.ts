/** Gives sessions the loading layer's functions. Imported once by the package's entry. */
import { loadByKeyStep } from "../load/by-key.ts";
import { refreshStep } from "../load/refresh.ts";
import { executeOrmStep } from "../load/statement.ts";
import { ports } from "./ports.ts";

Object.assign(ports, { loadByKeyStep, refreshStep, executeStep: executeOrmStep });
