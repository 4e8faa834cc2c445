/** Soft delete: rows are marked, not removed, and no query sees them unless it asks. Text: docs/recipes/soft-delete.md */
import { column, type SqlExpression, t } from "@athanor/core";
import type { EventDispatcher } from "@athanor/driver";
import { listen, type OrmExecute, type SessionEvents, UserDefinedOption, withLoaderCriteria } from "@athanor/orm";

/** Columns of classes whose objects are marked: `Base.mapped("notes", { …softDelete, … })`. */
export const softDelete = { deletedAt: column("deleted_at", t.dateTime) };

/** An object that can be marked. */
interface Markable {
  deletedAt: Date | null;
}

/** A class of such objects. */
interface MarkableClass {
  readonly "~entity": Markable;
  readonly $: { readonly deletedAt: { is(value: null): SqlExpression } };
}

/** A session, a factory of sessions, or `Session` itself. */
interface Sessions {
  readonly dispatch: EventDispatcher<SessionEvents>;
}

/** Lets a statement see marked rows: `select(Note).options(includeDeleted())`. */
export class IncludeDeleted extends UserDefinedOption {}
export const includeDeleted = (): IncludeDeleted => new IncludeDeleted(null, { propagateToLoaders: true });

/** Hides marked rows of the classes from all queries, relationships included, and marks what is deleted. */
export function hideDeleted(sessions: Sessions, classes: readonly MarkableClass[]): void {
  const criteria = classes.map((type) => withLoaderCriteria(type, type.$.deletedAt.is(null), { includeAliases: true }));
  listen(sessions, "doOrmExecute", (execution: OrmExecute) => {
    const asks = execution.userDefinedOptions.some((option) => option instanceof IncludeDeleted);
    // Objects that are there already are refreshed, marked or not.
    if (!execution.isSelect || execution.isColumnLoad || asks) return;
    execution.statement = execution.statement.options(...criteria);
  });
}

/** Marks an object; it is written with the next flush. */
export function markDeleted(object: Markable, at: Date = new Date()): void {
  object.deletedAt = at;
}

/** Takes the mark away. */
export function restore(object: Markable): void {
  object.deletedAt = null;
}
