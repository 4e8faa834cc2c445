/** Values that Athanor gives to columns which a statement left out. Next: ./server-default.ts, what the database gives. */
import { defineKind } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { resolveNode } from "../expression/coerce.ts";
import type { ColumnClause } from "../expression/column-clause.ts";
import { SchemaItem } from "./schema-item.ts";
import { FetchedValue } from "./server-default.ts";

/** What a default function may ask of the statement that is being executed. */
export interface DefaultContext {
  /** The parameters of the row, by column key. */
  readonly currentParameters: Readonly<Record<string, unknown>>;
  /** {@link currentParameters}, as a call. */
  getCurrentParameters(): Readonly<Record<string, unknown>>;
  /** The column that is given a value. */
  readonly currentColumn: ColumnClause | null;
  /** The connection, for defaults that look something up. */
  readonly connection: unknown;
  /** The dialect of the connection. */
  readonly dialect: { readonly name: string };
}

/** A function that gives a default; it may take the context. */
export type DefaultFunction<T = unknown> = (context: DefaultContext) => T;

/** Stands for the value that tells the rows of a batched INSERT apart. */
export const SENTINEL: unique symbol = Symbol("SENTINEL");

/** A default made on our side: a value, a function called per row, or a SQL expression put into the statement. */
export class ColumnDefault extends SchemaItem {
  /** Phantom: what kind of column item it is. */
  declare readonly "~item": "default";
  /** A value, a function, a SQL expression, or {@link SENTINEL}. */
  readonly arg: unknown;
  /** For UPDATE instead of INSERT. */
  readonly forUpdate: boolean;
  /** The column it belongs to. */
  column: ColumnClause | null = null;

  constructor(arg: unknown, options: { readonly forUpdate?: boolean } = {}) {
    super();
    if (arg instanceof FetchedValue) {
      throw new ArgumentError("ColumnDefault may not be a server-side default type.", {
        fix: "pass it as serverDefault",
      });
    }
    const node = resolveNode(arg);
    this.arg = node ?? arg;
    this.forUpdate = options.forUpdate ?? false;
    if (this.isCallable && (this.arg as DefaultFunction).length > 1) {
      throw new ArgumentError("the function of a default takes the context or nothing", { fix: "take one argument" });
    }
  }

  /** The function takes no or one argument, and is called for each row. */
  get isCallable(): boolean {
    return typeof this.arg === "function";
  }

  /** The argument is a SQL expression. */
  get isClauseElement(): boolean {
    return this.arg instanceof ClauseElement;
  }

  /** It marks the rows of a batched INSERT. */
  get isSentinel(): boolean {
    return this.arg === SENTINEL;
  }

  /** The argument is a plain value. */
  get isScalar(): boolean {
    return !(this.isCallable || this.isClauseElement || this.isSentinel);
  }

  /** What kind of argument it is, for those who render and execute statements. */
  get defaultKind(): "scalar" | "callable" | "expression" | "sentinel" {
    return this.isCallable ? "callable" : this.isClauseElement ? "expression" : this.isSentinel ? "sentinel" : "scalar";
  }

  /** The SQL expression, where it is one. */
  get expression(): ClauseElement | null {
    return this.isClauseElement ? (this.arg as ClauseElement) : null;
  }

  /** Whether the values rise from row to row; a SQL function says so of itself. */
  get isMonotonic(): boolean {
    return this.isClauseElement && (this.arg as { readonly monotonic?: boolean }).monotonic === true;
  }

  /** A copy for another column. */
  copy(): ColumnDefault {
    return new ColumnDefault(this.arg, { forUpdate: this.forUpdate });
  }
}
defineKind(ColumnDefault, "columnDefault");

/** A default as an object of its own; `column(…, { default: x })` makes it by itself. */
export function columnDefault(arg: unknown, options: { readonly forUpdate?: boolean } = {}): ColumnDefault {
  return new ColumnDefault(arg, options);
}
