/** What statements need to know of CTEs. Implemented in ./cte.ts. */

import type { Name } from "../ast/name.ts";
import type { ClauseElement } from "../expression/clause-element.ts";

/** A common table expression. */
export interface CteReference extends ClauseElement {
  readonly name: Name | null;
  readonly recursive: boolean;
  readonly nesting: boolean;
}
