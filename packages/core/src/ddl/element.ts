/** The base of DDL statements: they can be executed, also by an event, and only where a condition holds. */
import type { Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { type ConditionFacts, type ConditionOptions, DdlCondition } from "../schema/condition.ts";
import type { DdlEventConnection, DdlEventOptions, EventDdl } from "../schema/events.ts";
import { Executable } from "../selectable/executable.ts";

/** A DDL statement. */
export abstract class DdlElement extends Executable implements EventDdl {
  static override readonly inheritCache: boolean = false;

  /** What the statement is about, where it is executed by an event. */
  readonly target: Node | null = null;
  readonly condition: DdlCondition | null = null;

  /** Tells DDL from other statements. */
  get isDdl(): true {
    return true;
  }

  /** A copy that is about a table, for texts that name it. */
  against(target: Node): this {
    return copyWith(this, { target });
  }

  /**
   * A copy that is executed by events only where the condition holds.
   *
   * @example listen(users, "afterCreate", ddl("ALTER TABLE %(table)s …").executeIf({ dialect: "postgresql" }));
   */
  executeIf(options: ConditionOptions): this {
    return copyWith(this, { condition: new DdlCondition(options) });
  }

  /** Whether the condition holds. */
  shouldExecute(target: object | null, connection: unknown, facts: Omit<ConditionFacts, "state">): boolean {
    return this.condition === null || this.condition.holds(this, target, connection, facts);
  }

  /** Answers an event: executes the statement, if its condition holds. */
  respond(target: object, connection: DdlEventConnection, options: DdlEventOptions): unknown {
    const facts = { dialect: connection.dialect, tables: options.tables ?? null, checkfirst: options.checkfirst };
    if (!this.shouldExecute(target, connection, facts)) return undefined;
    return connection.execute(this.against(target as Node) as never);
  }
}
