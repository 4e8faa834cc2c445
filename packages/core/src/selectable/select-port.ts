/** What SELECT leaves to modules that know more: set operations, the working out of FROM, CREATE TABLE AS. */
import type { Node } from "../ast/node.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { CompoundKeyword, CompoundOperand } from "./compound-port.ts";
import type { FilterEntity } from "./filter-by.ts";
import type { FromClause } from "./from-clause.ts";
import type { NamedColumn } from "./naming.ts";
import type { ReturnsRows, SelectBase } from "./returns-rows.ts";

/** Filled by ./derive.ts, ../compiler/state and ../ddl. */
export const deriveSelect: {
  compound(keyword: CompoundKeyword, members: readonly CompoundOperand[]): SelectBase;
  namedColumns(select: SelectBase): readonly NamedColumn[];
  reduceColumns(select: SelectBase, onlySynonyms: boolean): readonly Node[];
  finalFroms(select: SelectBase): readonly FromClause[];
  filterEntities(select: SelectBase): readonly FilterEntity[];
  fromStatement(select: SelectBase, statement: unknown): ReturnsRows;
  into(select: SelectBase, name: string, options: Readonly<Record<string, unknown>>): ClauseElement;
} = {} as never;
