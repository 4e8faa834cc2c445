/** Set operations: UNION, EXCEPT, INTERSECT. */
import { defineKind, type Fields } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError, CompileError } from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import type { CompoundKeyword, CompoundOperand } from "./compound-port.ts";
import { FromClause } from "./from-clause.ts";
import { GenerativeSelect } from "./generative-select.ts";
import type { LabelStyle, NamedColumn } from "./naming.ts";
import { ReturnsRows, type SelectBase } from "./returns-rows.ts";

export type { CompoundKeyword, CompoundOperand } from "./compound-port.ts";

/** `SELECT … UNION SELECT …`; its columns are the first member's. */
export class CompoundSelect<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends GenerativeSelect<V, O, E> {
  static override readonly fields: Fields = {
    keyword: "atom",
    selects: "children",
    orderByClauses: "children",
    groupByClauses: "children",
    limitClause: "child",
    offsetClause: "child",
    fetchClause: "child",
    fetchOptions: "options",
    forUpdateClause: "child",
    labelStyle: "atom",
    addedCtes: "options",
  };
  readonly keyword: CompoundKeyword;
  readonly selects: readonly ReturnsRows[];

  constructor(keyword: CompoundKeyword, selects: readonly ReturnsRows[]) {
    super();
    this.keyword = keyword;
    this.selects = selects;
    const width = selects[0]?.namedColumns.length;
    for (const [index, member] of selects.entries()) {
      const columns = member.namedColumns.length;
      if (columns !== width && !hasText(member) && !hasText(selects[0] as ReturnsRows)) {
        throw new CompileError(
          `All selectables passed to CompoundSelect must have identical numbers of columns; select #1 has ${width} columns, select #${index + 1} has ${columns}`,
        );
      }
    }
  }

  protected override fork(): this {
    return copyWith(this, {});
  }

  /** The first member names the columns: its labels follow the style. */
  override setLabelStyle(style: LabelStyle): this {
    const [first, ...others] = this.selects;
    return first instanceof GenerativeSelect
      ? copyWith(this, { selects: [first.setLabelStyle(style), ...others] })
      : this;
  }

  override get namedColumns(): readonly NamedColumn[] {
    return (this.selects[0] as ReturnsRows).namedColumns;
  }

  override get columnKeys(): readonly (string | null)[] {
    return (this.selects[0] as ReturnsRows).columnKeys;
  }

  /** `… UNION SELECT …` */
  union(...others: readonly CompoundOperand[]): CompoundSelect<V, O, E> {
    return makeCompound("UNION", [this, ...others]) as unknown as CompoundSelect<V, O, E>;
  }
  /** `… UNION ALL SELECT …` */
  unionAll(...others: readonly CompoundOperand[]): CompoundSelect<V, O, E> {
    return makeCompound("UNION ALL", [this, ...others]) as unknown as CompoundSelect<V, O, E>;
  }

  override collectFroms(): void {}
}
defineKind(CompoundSelect, "compound");

function hasText(member: ReturnsRows): boolean {
  return member.namedColumns.some(({ column }) => column.kind === "text");
}

/** Checks the members and makes the operation. */
export function makeCompound(keyword: CompoundKeyword, members: readonly unknown[]): CompoundSelect {
  const selects = members.map((member): ReturnsRows => {
    const node = resolveNode(member);
    if (node instanceof ReturnsRows) return node;
    throw new ArgumentError(
      `${keyword} takes SELECT statements${node instanceof FromClause ? `, not ${node.description}` : ""}`,
      { fix: "pass select(…) statements" },
    );
  });
  if (selects.length === 0) throw new ArgumentError(`${keyword} needs at least one SELECT`);
  return new CompoundSelect(keyword, selects);
}

type RowsOf<A extends readonly unknown[]> = A extends readonly [SelectBase<infer V, infer O, infer E>, ...unknown[]]
  ? CompoundSelect<V, O, E>
  : CompoundSelect;

/** `a UNION b`: rows of either, without duplicates. */
export function union<const A extends readonly CompoundOperand[]>(...selects: A): RowsOf<A> {
  return makeCompound("UNION", selects) as RowsOf<A>;
}
/** `a UNION ALL b`: rows of both. */
export function unionAll<const A extends readonly CompoundOperand[]>(...selects: A): RowsOf<A> {
  return makeCompound("UNION ALL", selects) as RowsOf<A>;
}
/** `a EXCEPT b`: rows of the first that are not in the second. */
export function except<const A extends readonly CompoundOperand[]>(...selects: A): RowsOf<A> {
  return makeCompound("EXCEPT", selects) as RowsOf<A>;
}
/** `a EXCEPT ALL b` */
export function exceptAll<const A extends readonly CompoundOperand[]>(...selects: A): RowsOf<A> {
  return makeCompound("EXCEPT ALL", selects) as RowsOf<A>;
}
/** `a INTERSECT b`: rows of both. */
export function intersect<const A extends readonly CompoundOperand[]>(...selects: A): RowsOf<A> {
  return makeCompound("INTERSECT", selects) as RowsOf<A>;
}
/** `a INTERSECT ALL b` */
export function intersectAll<const A extends readonly CompoundOperand[]>(...selects: A): RowsOf<A> {
  return makeCompound("INTERSECT ALL", selects) as RowsOf<A>;
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    compound: CompoundSelect;
  }
}
