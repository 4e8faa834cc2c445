/** Tables that need a name of their own inside of a SELECT. */
import { AnonName } from "../../ast/name.ts";
import type { Node } from "../../ast/node.ts";
import type { FromElement } from "../../expression/from-element.ts";
import { FromClause } from "../../selectable/from-clause.ts";
import { TableClause } from "../../selectable/table-clause.ts";
import type { Compiler } from "../compiler.ts";
import type { Frame } from "../frame.ts";

/**
 * The tables without a schema that stand beside one of the same name with a schema: `name` means both of them to the
 * database, so that the former get an alias. Null where there is none.
 */
export function renamedTables(
  compiler: Compiler,
  froms: readonly Node[],
  outer: Frame | undefined,
): ReadonlyMap<FromElement, string> | null {
  const around = outer?.renamed ?? null;
  if (around === null && !froms.some(mayHaveSchema)) return null;
  const tables = froms.flatMap(tablesOf);
  const qualified = new Set(tables.filter((table) => table.schema !== null).map((table) => table.name));
  const renamed = new Map(around);
  for (const table of tables) {
    if (qualified.has(table.name) && schemaOf(compiler, table) === null)
      renamed.set(table, compiler.nameIdentifier(labelOf(compiler, table.name)));
    else renamed.delete(table);
  }
  return renamed.size === 0 ? null : renamed;
}

function mayHaveSchema(from: Node): boolean {
  return from instanceof TableClause
    ? from.schema !== null
    : from instanceof FromClause && from.hides.some((inner) => inner instanceof TableClause && inner.schema !== null);
}

function tablesOf(from: Node): TableClause[] {
  return (from instanceof FromClause ? [from, ...from.hides] : []).filter((inner) => inner instanceof TableClause);
}

function schemaOf(compiler: Compiler, table: TableClause): string | null {
  return (table.hasMappedSchema ? compiler.effectiveSchema(table.schema) : table.schema) || null;
}

const labels = new WeakMap<Compiler, Map<string, AnonName>>();

/** The same in all SELECTs of a statement. */
function labelOf(compiler: Compiler, name: string): AnonName {
  let known = labels.get(compiler);
  if (known === undefined) labels.set(compiler, (known = new Map()));
  let label = known.get(name);
  if (label === undefined) known.set(name, (label = new AnonName(name)));
  return label;
}
