/** DELETE. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { fromElement } from "../expression/coerce.ts";
import type { NamesOf, ValuesOf } from "../expression/row-types.ts";
import { type FromClause, isFromClause } from "../selectable/from-clause.ts";
import type { SelectedMore } from "../selectable/row-columns.ts";
import { Dml, type DmlTarget, dmlTable, withTarget } from "./dml-base.ts";
import { FilteredDml } from "./update.ts";

/** `DELETE FROM table WHERE …` */
export class Delete<
  out C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends FilteredDml<C, V, O, E> {
  static override readonly fields: Fields = { ...Dml.fields, whereClauses: "children", usingFroms: "children" };

  /** What `using()` names. */
  readonly usingFroms: readonly FromClause[] = [];

  /**
   * `USING …`: tables, aliases or joins beside the table, whether or not WHERE speaks of them (SQL Server: FROM). A join that
   * has the table itself in it stands in its place on MySQL and MariaDB.
   */
  using(...froms: readonly unknown[]): this {
    const added = froms.map((from) => fromElement(from, isFromClause, "using()"));
    return copyWith(this, { usingFroms: [...this.usingFroms, ...added] });
  }

  /** `RETURNING …` */
  returning<const A extends readonly unknown[]>(
    ...columns: A
  ): Delete<C, [...V, ...ValuesOf<A>], O & NamesOf<A>, SelectedMore<E, A>> {
    return this.addReturning(columns) as unknown as Delete<
      C,
      [...V, ...ValuesOf<A>],
      O & NamesOf<A>,
      SelectedMore<E, A>
    >;
  }

  protected override readFroms(): readonly FromClause[] {
    return [...super.readFroms(), ...this.usingFroms];
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`(D${this.kind}`);
    this.appendDmlKey(key);
    key.clause("U", this.usingFroms);
    key.add(")");
  }
}
defineKind(Delete, "delete");

/** `DELETE FROM table`: `delete_(users).where(users.c.id.eq(5))`. */
export function delete_<C extends object>(table: DmlTarget<C>): Delete<C, [], object> {
  return withTarget(new Delete<C, [], object>(dmlTable(table, "delete_()")), table);
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    delete: Delete;
  }
}
