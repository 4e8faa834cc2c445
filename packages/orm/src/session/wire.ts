/** Gives sessions the loading layer's functions. Imported once by the package's entry. */

import { executeOrmStep } from "../load/dml/statement.ts";
import { makeQuery, type QuerySession } from "../load/legacy-query.ts";
import { ports } from "./ports.ts";

ports.executeStep = executeOrmStep;
ports.query = (session, entities) => makeQuery(session as QuerySession, entities);
