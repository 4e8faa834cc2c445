/** Conditions under which DDL is carried out: `ddl("…").executeIf({ dialect: "postgresql" })`, `constraint.ddlIf(…)`. */

/** What a condition is told besides the element, its target and the connection. */
export interface ConditionFacts {
  readonly dialect: { readonly name: string };
  /** What was given as `state`. */
  readonly state: unknown;
  /** `createAll()` and `dropAll()`: the tables concerned. */
  readonly tables: readonly object[] | null;
  readonly checkfirst: unknown;
}

/** A function that decides; `connection` is null where only text is made. */
export type ConditionFunction = (
  element: object,
  target: object | null,
  connection: unknown,
  facts: ConditionFacts,
) => boolean;

/** Options of `executeIf()` and `ddlIf()`; all that are given must hold. */
export interface ConditionOptions {
  /** The name of a dialect, or several. */
  readonly dialect?: string | readonly string[] | undefined;
  readonly callable?: ConditionFunction | undefined;
  /** Handed to the function. */
  readonly state?: unknown;
}

/** A condition, ready to be asked. */
export class DdlCondition {
  readonly options: ConditionOptions;

  constructor(options: ConditionOptions) {
    this.options = options;
  }

  /** Whether the element is to be carried out. */
  holds(element: object, target: object | null, connection: unknown, facts: Omit<ConditionFacts, "state">): boolean {
    const { dialect, callable, state } = this.options;
    if (
      typeof dialect === "string"
        ? dialect !== facts.dialect.name
        : dialect !== undefined && !dialect.includes(facts.dialect.name)
    )
      return false;
    return callable === undefined || callable(element, target, connection, { ...facts, state });
  }
}
