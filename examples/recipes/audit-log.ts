/** Audit log: who changed what, in the same transaction as the change. Text: docs/recipes/audit-log.md */
import { column, insert, type MetaData, type Table, t, table } from "@athanor/core";
import type { EventDispatcher, Step } from "@athanor/driver";
import { executeStep, inspect, listen, type SessionEvents } from "@athanor/orm";

/** A session, a factory of sessions, or `Session` itself. */
interface Sessions {
  readonly dispatch: EventDispatcher<SessionEvents>;
}

interface Flushing {
  readonly new: ReadonlySet<object>;
  readonly dirty: ReadonlySet<object>;
  readonly deleted: ReadonlySet<object>;
  readonly info: Readonly<Record<PropertyKey, unknown>>;
  isModified(object: object): boolean;
}

/** One change, as it waits for the end of the flush. */
interface Entry {
  readonly object: object;
  readonly action: "insert" | "update" | "delete";
  readonly changes: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
}

/** The table of the log. */
export function auditTable(metadata: MetaData): Table {
  return table("audit_log", metadata, {
    id: column(t.integer, { primaryKey: true }),
    entity: column(t.string(100), { nullable: false }),
    key: column(t.json(), { nullable: false }),
    action: column(t.string(10), { nullable: false }),
    changes: column(t.json(), { nullable: false }),
    actor: column(t.string(100)),
    at: column(t.dateTime, { nullable: false }),
  }) as unknown as Table;
}

/** Values as JSON can hold them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? `(${value.length} bytes)` : (value ?? null);
}

function entryOf(object: object, action: Entry["action"]): Entry {
  const state = inspect(object);
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const { key } of state.mapper.columnAttrs) {
    const { added, deleted, unchanged } = state.attrs[key]?.history ?? { added: [], deleted: [], unchanged: [] };
    const before = action === "insert" ? null : plain(deleted[0] ?? unchanged[0]);
    const after = action === "delete" ? null : plain(added[0] ?? unchanged[0]);
    if (action !== "update" || added.length > 0 || deleted.length > 0) changes[key] = [before, after];
  }
  return { object, action, changes };
}

/** Writes the log. The actor is what the session's `info.actor` says: `new Session(engine, { info: { actor: "ann" } })`. */
export function keepAuditLog(sessions: Sessions, log: Table, now: () => Date = () => new Date()): void {
  const waiting = new WeakMap<object, Entry[]>();
  listen(sessions, "beforeFlush", (given: never) => {
    const session = given as Flushing;
    waiting.set(session, [
      ...[...session.new].map((object) => entryOf(object, "insert")),
      ...[...session.dirty].filter((object) => session.isModified(object)).map((object) => entryOf(object, "update")),
      ...[...session.deleted].map((object) => entryOf(object, "delete")),
    ]);
  });
  // Afterwards, because new objects have their keys then.
  listen(sessions, "afterFlush", function* (given): Step<void> {
    const session = given as Flushing;
    const entries = waiting.get(session) ?? [];
    waiting.delete(session);
    for (const { object, action, changes } of entries) {
      const { mapper } = inspect(object);
      const key = mapper.primaryKeyProperties.map((property) =>
        plain((object as Record<string, unknown>)[property.key]),
      );
      const row = { entity: mapper.class.name, key, action, changes, actor: session.info["actor"] ?? null, at: now() };
      yield* executeStep(given, insert(log).values(row as never));
    }
  });
}
