/** UNION, EXCEPT, INTERSECT. */
import { CompoundSelect } from "../../selectable/compound.ts";
import type { ReturnsRows } from "../../selectable/returns-rows.ts";
import type { ScalarSelect } from "../../selectable/scalar.ts";
import { Select } from "../../selectable/select.ts";
import type { Compiler } from "../compiler.ts";
import { TransparentFrame } from "../frame.ts";
import { enterCteScope, leaveCteScope, renderAddedCtes } from "./cte.ts";
import { takePlace, visitInPlace } from "./place.ts";
import { groupByText } from "./select.ts";

/** `SELECT … UNION SELECT … ORDER BY …` */
export function visitCompound(compiler: Compiler, compound: CompoundSelect): string {
  const place = takePlace();
  const outer = compiler.frame;
  const scope = enterCteScope(compiler);
  const frame = new TransparentFrame(compound, outer, compound.namedColumns);
  compiler.stack.push(frame);
  try {
    renderAddedCtes(compiler, compound);
    const members = compound.selects.map((member, index) => memberText(compiler, member, index, place.asFrom));
    let text = members.join(` ${compiler.hook("setKeyword", compound)} `);
    if (compound.groupByClauses.length > 0)
      // The rows of a set operation are known by name only.
      text += ` GROUP BY ${compiler.within({ bareColumns: true }, () => groupByText(compiler, compound.groupByClauses))}`;
    text += compiler.hook("tail", compound);
    return leaveCteScope(compiler, scope, text);
  } finally {
    compiler.stack.pop();
  }
}

/** UNION and its relatives by keyword. */
export function visitSetKeyword(_compiler: Compiler, compound: CompoundSelect): string {
  return compound.keyword;
}

function memberText(compiler: Compiler, member: ReturnsRows, index: number, asFrom: boolean): string {
  const text = visitInPlace(compiler, member, { asFrom, lateral: false, memberIndex: index });
  return needsGrouping(member) ? compiler.hook("groupedMember", { text, member }) : text;
}

/** Members with a tail of their own, and other set operations, are parenthesised. */
function needsGrouping(member: ReturnsRows): boolean {
  if (member instanceof CompoundSelect) return true;
  return member instanceof Select && (member.orderByClauses.length > 0 || member.hasRowLimit);
}

/** A member in parentheses. */
export function visitGroupedMember(
  _compiler: Compiler,
  member: { readonly text: string; readonly member: ReturnsRows },
): string {
  return `(${member.text})`;
}

/** `(SELECT …)` as a value. */
export function visitScalarSelect(compiler: Compiler, scalar: ScalarSelect): string {
  return `(${visitInPlace(compiler, scalar.element, { asFrom: false, lateral: false, memberIndex: null })})`;
}
