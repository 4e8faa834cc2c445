/** The base of all constraints. Those over columns: ./column-constraint.ts; CHECK: ./check.ts; foreign keys: ./foreign-key-constraint.ts. */
import { QuotedName } from "../ast/name.ts";
import { InvalidRequestError } from "../errors/errors.ts";
import {
  type DialectSpecificOptions,
  type GivenDialectOptions,
  takeDialectOptions,
} from "../selectable/dialect-options.ts";
import type { SchemaClasses } from "./classes.ts";
import { type ConditionOptions, DdlCondition } from "./condition.ts";
import { SchemaEvents } from "./events.ts";
import { type ConventionKey, ConventionName, type ConventionParts, conventionalName } from "./naming.ts";
import { type Info, SchemaItem, setInfo } from "./schema-item.ts";

/** How a constraint or an index can be named. */
export type ConstraintName = string | QuotedName | ConventionName | null;

/** Options of every constraint. */
export interface ConstraintOptions extends DialectSpecificOptions {
  readonly name?: ConstraintName | undefined;
  /** `DEFERRABLE` or `NOT DEFERRABLE` */
  readonly deferrable?: boolean | null | undefined;
  /** `INITIALLY DEFERRED` or `INITIALLY IMMEDIATE` */
  readonly initially?: string | null | undefined;
  readonly comment?: string | null | undefined;
  readonly info?: Info | undefined;
}

/** The names of {@link ConstraintOptions}. */
export const constraintOptionNames: readonly string[] = ["name", "deferrable", "initially", "comment", "info"];

/** What rules about the creation of constraints may look at. */
export interface RuleDialect {
  readonly name: string;
  readonly supportsNativeBoolean: boolean;
  readonly supportsNativeEnum: boolean;
  readonly capabilities: { readonly booleanCheck?: boolean };
}

let created = 0;

/** A number that grows with every constraint: they are rendered in the order of their making. */
export function nextCreationOrder(): number {
  return ++created;
}

/** A name that a user gave, and whether conventions leave it alone. */
export function readName(name: ConstraintName | undefined): {
  readonly text: string | null;
  readonly quote: boolean | null;
  readonly final: boolean;
} {
  if (name === undefined || name === null) return { text: null, quote: null, final: false };
  if (name instanceof ConventionName) return { text: name.text, quote: null, final: true };
  return { text: String(name), quote: name instanceof QuotedName ? name.quote : null, final: false };
}

/** Base of constraints. */
export abstract class Constraint extends SchemaItem {
  static readonly dispatch: SchemaEvents<Constraint> = new SchemaEvents<Constraint>();
  /** Phantom: what kind of column item it is. */
  declare readonly "~item": "constraint";

  /** The name as the user gave it. */
  givenName: string | null;
  /** Quoting given for the name; null: by the dialect's rules. */
  readonly quote: boolean | null;
  deferrable: boolean | null;
  initially: string | null;
  comment: string | null;
  /** The table, or for CHECK constraints of a column that column. */
  parent: SchemaClasses["table"] | SchemaClasses["column"] | null = null;
  /** Decides for a dialect whether the constraint is part of CREATE TABLE. */
  createRule: ((dialect: RuleDialect) => boolean) | null = null;
  /** Made by the type of a column. */
  typeBound = false;
  /** Made by `unique` or `index` of a column. */
  columnFlag = false;
  condition: DdlCondition | null = null;
  readonly creationOrder: number = nextCreationOrder();
  #nameIsFinal: boolean;
  #dispatch: SchemaEvents<Constraint> | undefined;

  constructor(options: ConstraintOptions, known: ReadonlySet<string>, where: string) {
    super();
    const name = readName(options.name);
    this.givenName = name.text;
    this.quote = name.quote;
    this.#nameIsFinal = name.final;
    this.deferrable = options.deferrable ?? null;
    this.initially = options.initially ?? null;
    this.comment = options.comment ?? null;
    this.dialectOptions = this.readDialectOptions(options, known, where);
    setInfo(this, options.info);
  }

  /** Picks the dialect options; a subclass of a dialect may know more options than its base. */
  protected readDialectOptions(options: object, known: ReadonlySet<string>, where: string): GivenDialectOptions {
    return takeDialectOptions(options, known, where);
  }

  /** Which rule of the naming convention applies; null: none. */
  abstract get conventionKey(): ConventionKey | null;

  /** Becomes part of a table. Called by `table.appendConstraint()`. */
  abstract attach(table: SchemaClasses["table"]): void;

  /** A copy for another table. */
  abstract copyTo(table: SchemaClasses["table"], options?: { readonly schema?: string | null }): Constraint;

  get dispatch(): SchemaEvents<Constraint> {
    this.#dispatch ??= new SchemaEvents<Constraint>(Constraint.dispatch);
    return this.#dispatch;
  }

  /**
   * The table.
   *
   * @throws InvalidRequestError while there is none.
   */
  get table(): SchemaClasses["table"] {
    const table = this.tableOrNull;
    if (table !== null) return table;
    throw new InvalidRequestError(
      "This constraint is not bound to a table.  Did you mean to call table.appendConstraint(constraint) ?",
    );
  }

  /** The table, or null while there is none. */
  get tableOrNull(): SchemaClasses["table"] | null {
    const parent = this.parent;
    if (parent === null) return null;
    return parent.kind === "table" ? (parent as SchemaClasses["table"]) : (parent as SchemaClasses["column"]).table;
  }

  /** The name: as given, or as the MetaData's convention makes it; null for none. */
  get name(): string | null {
    return this.#conventional() ?? this.givenName;
  }

  set name(name: ConstraintName) {
    const read = readName(name);
    this.givenName = read.text;
    this.#nameIsFinal = read.final;
  }

  /** The name was made by a convention: it may be cut where the database's limit asks for it. */
  get nameIsConventional(): boolean {
    return this.#nameIsFinal || this.#conventional() !== null;
  }

  /** The name as an option for a copy. */
  protected get nameForCopy(): ConstraintName {
    const name = this.name;
    return name !== null && this.nameIsConventional
      ? new ConventionName(name)
      : name === null
        ? null
        : new QuotedName(name, this.quote);
  }

  /** Whether the constraint belongs into CREATE TABLE on a dialect. */
  isCreatedOn(dialect: RuleDialect): boolean {
    if (this.createRule !== null && !this.createRule(dialect)) return false;
    return (
      this.condition === null || this.condition.holds(this, this, null, { dialect, tables: null, checkfirst: false })
    );
  }

  /** Makes the constraint only where the condition holds. */
  ddlIf(options: ConditionOptions): this {
    this.condition = new DdlCondition(options);
    return this;
  }

  /** What conventions see of it. */
  protected conventionParts(key: ConventionKey): ConventionParts {
    const call = (token: unknown): string =>
      String((token as (constraint: Constraint, table: SchemaClasses["table"]) => unknown)(this, this.table));
    return {
      key,
      givenName: this.givenName,
      columns: [],
      referredTableName: () => "",
      referredColumnNames: () => [],
      call,
    };
  }

  /** Tells listeners that the constraint becomes part of a table. @internal */
  fireAttach(event: "beforeParentAttach" | "afterParentAttach", parent: object): void {
    (this.#dispatch ?? Constraint.dispatch).of(event).fire(this, parent);
  }

  #conventional(): string | null {
    const key = this.conventionKey;
    if (this.#nameIsFinal || key === null) return null;
    const table = this.tableOrNull;
    return table === null
      ? null
      : conventionalName(table.metadata.namingConvention, this.conventionParts(key), table.name);
  }
}
