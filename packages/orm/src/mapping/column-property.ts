/** A column, or a SQL expression, mapped under an attribute key. Next: ./mapper.ts. */
import { Column, type ColumnElement } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import { MapperProperty } from "../base/property.ts";

/** What happens to the values of an attribute. */
export interface ValueHook {
  /** What is stored instead of a value that is set. */
  accept(value: unknown, state: OrmClasses["state"], key: string): unknown;
  /** What reading gives instead of the stored value. */
  view(state: OrmClasses["state"], key: string, value: unknown): unknown;
}

/** Asked for the hook of each column that is mapped. Filled by extensions. */
export const valueHooks: ((column: Column) => ValueHook | null)[] = [];

/** Options of `columnProperty()` and of columns in a shape. */
export interface ColumnPropertyOptions {
  /** Not loaded with the entity, but on first access. Default false. */
  readonly deferred?: boolean | undefined;
  /** Deferred columns of one group are loaded together. */
  readonly group?: string | null | undefined;
  /** Touching the deferred column raises instead of loading it. Default false. */
  readonly raiseload?: boolean | undefined;
  /** A change loads the old value first, so that history knows it. Default: primary keys and version columns. */
  readonly activeHistory?: boolean | undefined;
  /** The expression comes with statements, `withExpression()`; `"none"`: and is null without them. */
  readonly queryExpression?: "none" | "default" | undefined;
  /** SQL expressions are loaded again after a flush. Default true. */
  readonly expireOnFlush?: boolean | undefined;
  /** What happens to values when they are set and read. Default: what an extension says of the column's type. */
  readonly hook?: ValueHook | undefined;
  readonly doc?: string | null | undefined;
  readonly info?: Readonly<Record<PropertyKey, unknown>> | undefined;
}

/** The mapping of one attribute onto one column (several, where joined tables share a value) or SQL expression. */
export class ColumnProperty extends MapperProperty {
  readonly kind = "column" as const;
  /** The columns that hold the value; the first is the one that expressions use. */
  readonly columns: ColumnElement[];
  /** Not loaded with the entity, but on first access. */
  readonly deferred: boolean;
  /** The columns that are loaded together with this one. */
  readonly group: string | null;
  /** Touching it while it is not loaded raises. */
  readonly raiseload: boolean;
  /** A change loads the old value first. */
  activeHistory: boolean;
  /** A flush expires it: SQL expressions are loaded again. */
  readonly expireOnFlush: boolean;
  /** Given to the class after it was mapped: it stands behind the columns. */
  isAdded = false;
  readonly options: ColumnPropertyOptions;

  constructor(columns: readonly ColumnElement[], options: ColumnPropertyOptions = {}) {
    super(options);
    this.columns = [...columns];
    this.deferred = options.deferred ?? false;
    this.group = options.group ?? null;
    this.raiseload = options.raiseload ?? false;
    this.activeHistory = options.activeHistory ?? false;
    this.expireOnFlush = options.expireOnFlush ?? true;
    this.options = options;
  }

  /** The column or expression that stands for the attribute. */
  get expression(): ColumnElement {
    return this.columns[0] as ColumnElement;
  }

  /** The table's column; null for SQL expressions, which are never written. */
  get column(): Column | null {
    const first = this.columns[0];
    return first instanceof Column ? first : null;
  }

  /** What happens to values when they are set and read; null: nothing. */
  get hook(): ValueHook | null {
    const { column, options } = this;
    if (options.hook !== undefined || column === null) return options.hook ?? null;
    for (const find of valueHooks) {
      const found = find(column);
      if (found !== null) return found;
    }
    return null;
  }

  copy(): ColumnProperty {
    return new ColumnProperty(this.columns, this.options);
  }
}
