/** What `toString()` adds to the ANSI visitors so that every element can be shown, whatever databases write in its place. */
import type { Delete } from "../../dml/delete.ts";
import type { Binary } from "../../expression/binary.ts";
import type { TryCast } from "../../expression/cast.ts";
import type { ColumnElement } from "../../expression/column-element.ts";
import type { NextValue } from "../../schema/sequence.ts";
import type { Select } from "../../selectable/select.ts";
import type { SqlType } from "../../types/type.ts";
import type { Compiler } from "../compiler.ts";
import type { Visitors } from "../visitors.ts";
import { visitSubscript } from "./json.ts";
import { visitSelectPrefix } from "./select.ts";
import { type FilteredParts, visitUpdateFromTables } from "./update.ts";

function regexpReplace(compiler: Compiler, binary: Binary): string {
  const replacement = binary.modifiers?.["replacement"] as ColumnElement;
  return `<regexp replace>(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)}, ${compiler.visit(replacement)})`;
}

const infix =
  (symbol: string) =>
  (compiler: Compiler, binary: Binary): string =>
    `${compiler.visit(binary.left)} ${symbol} ${compiler.visit(binary.right)}`;

/** The visitors of `toString()`. */
export const displayVisitors: Visitors = {
  "op:jsonGetitem": visitSubscript,
  "op:jsonPathGetitem": visitSubscript,
  "op:getitem": visitSubscript,
  "op:regexpMatch": infix("<regexp>"),
  "op:notRegexpMatch": infix("<not regexp>"),
  "op:regexpReplace": regexpReplace,
  selectPrefix: (compiler, select: Select) =>
    select.distinctOn.length > 0
      ? `DISTINCT ON (${compiler.list(select.distinctOn)}) `
      : visitSelectPrefix(compiler, select),
  tryCast: (compiler, cast: TryCast) => `TRY_CAST(${compiler.visit(cast.element)} AS ${compiler.typeText(cast.type)})`,
  nextValue: (_compiler, next: NextValue) => `<next sequence value: ${next.sequence.name}>`,
  tableHint: (_compiler, { table, hint }: { readonly table: string; readonly hint: string }) => `${table} [${hint}]`,
  updateExtraTables: visitUpdateFromTables,
  deleteExtraTables: (compiler, { extraFroms }: FilteredParts<Delete>) =>
    ` , ${extraFroms.map((from) => compiler.visit(from)).join(", ")}`,
  unsupportedType: (_compiler, type: SqlType) => type.visitName,
};
