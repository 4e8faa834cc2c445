/** Versioned history: every change of a row leaves the row as it was in a table beside it. Text: docs/recipes/versioned-history.md */
import { column, insert, literal, select, type Table, t, table } from "@athanor/core";
import type { EventDispatcher, Step } from "@athanor/driver";
import { classMapper, executeStep, inspect, listen, type MappedClass, type SessionEvents } from "@athanor/orm";

/** The column that counts the versions: `Base.mapped("documents", { …versioned, … }, { versionIdCol: "version" })`. */
export const versioned = { version: column(t.integer, { nullable: false }) };

/** A session, a factory of sessions, or `Session` itself. */
interface Sessions {
  readonly dispatch: EventDispatcher<SessionEvents>;
}

/** What the recipe asks of a session; synchronous ones and asynchronous ones have it. */
interface Flushing {
  readonly dirty: ReadonlySet<object>;
  readonly deleted: ReadonlySet<object>;
  isModified(object: object): boolean;
}

/** The table of old rows: the columns of the class's table without their constraints, the version part of the key, and a time. */
export function historyTable(type: MappedClass): Table {
  const from = classMapper(type).localTable as Table;
  const columns = Object.fromEntries(
    from.columnList.map((each) => {
      const isKey = each.primaryKey || each.key === "version";
      return [each.key, column(each.name, each.type, { primaryKey: isKey, nullable: !isKey, autoincrement: false })];
    }),
  );
  return table(`${from.name}_history`, from.metadata, {
    ...columns,
    changed: column(t.dateTime, { nullable: false }),
  }) as unknown as Table;
}

/** Keeps the old rows of a class's objects: copied by the database before a flush that changes or deletes them. */
export function keepHistory(
  sessions: Sessions,
  type: MappedClass,
  history: Table,
  now: () => Date = () => new Date(),
): void {
  const mapper = classMapper(type);
  const { columnList } = mapper.localTable as Table;
  const keys = [...columnList.map((each) => each.key as string), "changed"];
  listen(sessions, "beforeFlush", function* (given): Step<void> {
    const session = given as Flushing;
    const concerned = [...session.dirty].filter((object) => session.isModified(object)).concat([...session.deleted]);
    for (const object of concerned.filter((each) => each instanceof type)) {
      const identity = inspect(object).identity ?? [];
      const row = select(...columnList, literal(now(), t.dateTime)).where(
        ...mapper.primaryKey.map((column, index) => column.eq(identity[index] as never)),
      );
      yield* executeStep(given, insert(history).fromSelect(keys, row));
    }
  });
}
