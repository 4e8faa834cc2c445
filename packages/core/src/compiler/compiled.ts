/** A compiled statement: SQL with places for parameters, and how values get into them. */

import type { Name } from "../ast/name.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { SqlType } from "../types/type.ts";
import type { CompilerDialect, Surroundings } from "./dialect-port.ts";
import { type BindEntry, renderExpanded, type TextPiece } from "./expanding.ts";

/** One column of the rows. */
export interface ResultColumn {
  /** The name in rows. */
  readonly name: string;
  /** The key that attribute-keyed rows use (a column's `key`). */
  readonly key: string;
  readonly type: SqlType;
  /** Expressions by which the value can be looked up. */
  readonly elements: ReadonlySet<ColumnElement>;
}

/** What kind of statement it is. */
export type StatementKind = "select" | "insert" | "update" | "delete" | "text" | "ddl" | "other";

/** What INSERT and UPDATE have to do besides the statement. */
export interface CrudPlan {
  /** Columns whose client-side default is computed before the execution, with the bind that takes it. */
  readonly prefetch: readonly {
    readonly column: ColumnElement;
    readonly bindName: string;
    readonly isUpdate: boolean;
    readonly row: number;
    /** What gives the value, where that is not the column's default. */
    readonly query?: ClauseElement;
  }[];
  /** Columns whose value the database made and nobody brought back. */
  readonly postfetch: readonly ColumnElement[];
  /** Columns that RETURNING brings back for the key and the defaults, not for the user. */
  readonly implicitReturning: readonly ColumnElement[];
  /** The autoincrement column whose value the driver reports. */
  readonly lastRowIdColumn: ColumnElement | null;
  /** How the key of the inserted row is put together. */
  readonly keyColumns: readonly ColumnElement[];
  /** Bind names of columns that were given as plain values. */
  readonly boundColumns: ReadonlyMap<ColumnElement, string>;
  /** INSERT: the pieces of the VALUES clause, for batching; null where batching is impossible. */
  readonly batch: InsertBatchPlan | null;
}

/** What a batched INSERT needs to know. */
export interface InsertBatchPlan {
  /** Bind entries of a row, by index; the others belong to the statement. */
  readonly rowBinds: readonly number[];
  /** Types for `p0::INTEGER` casts in the sentinel form. */
  readonly columnTypes: readonly (SqlType | null)[];
  /** Columns of the row, rendered. */
  readonly columnNames: readonly string[];
  /** Expressions of the row, rendered, with markers. */
  readonly expressions: readonly string[];
  /** Columns at the end of RETURNING that tell rows apart; null where there are none. */
  readonly sentinel: readonly ColumnElement[] | null;
  /** Rows are to come back in the order of the parameter sets. */
  readonly isSorted: boolean;
  /** Something stands behind VALUES: ON CONFLICT and the like. */
  readonly isUpsert: boolean;
}

/** Where packages above leave the names of the result's columns in {@link Compiled.attachments}, if they are not the statement's. */
export const RESULT_KEYS = "resultKeys";

/** A statement that can be executed any number of times. */
export class Compiled {
  readonly dialect: CompilerDialect;
  readonly kind: StatementKind;
  readonly pieces: readonly TextPiece[];
  readonly binds: readonly BindEntry[];
  /** Columns of the rows; null for text and for statements without rows. */
  readonly resultColumns: readonly ResultColumn[] | null;
  /** The result columns stand in the order of the statement's (not so for text matched by name). */
  readonly positionalResult: boolean;
  /** The statement is text, which may have other columns than it was said to have. */
  readonly isTextual: boolean;
  readonly crud: CrudPlan | null;
  /** Statements that the engine executes around this one; null for none. */
  readonly surroundings: Surroundings | null;
  /** Contexts that packages above attached while compiling (the ORM's loading plan). */
  readonly attachments: ReadonlyMap<string, unknown>;
  /** The text depends on values: lists of IN, and values that stand in it. */
  readonly isExpanding: boolean;
  readonly #fixedText: string | null;
  /** For engines: memo of prepared row makers and the like. */
  memo: unknown = undefined;

  constructor(parts: {
    readonly dialect: CompilerDialect;
    readonly kind: StatementKind;
    readonly pieces: readonly TextPiece[];
    readonly binds: readonly BindEntry[];
    readonly resultColumns: readonly ResultColumn[] | null;
    readonly positionalResult: boolean;
    readonly isTextual?: boolean;
    readonly crud: CrudPlan | null;
    readonly surroundings?: Surroundings | null;
    readonly attachments: ReadonlyMap<string, unknown>;
  }) {
    this.dialect = parts.dialect;
    this.kind = parts.kind;
    this.pieces = parts.pieces;
    this.binds = parts.binds;
    this.resultColumns = parts.resultColumns;
    this.positionalResult = parts.positionalResult;
    this.isTextual = parts.isTextual ?? false;
    this.crud = parts.crud;
    this.surroundings = parts.surroundings ?? null;
    this.attachments = parts.attachments;
    this.isExpanding =
      parts.pieces.some((piece) => piece.bind >= 0 && (this.binds[piece.bind] as BindEntry).bind.expanding) ||
      parts.binds.some(({ bind }) => bind.literalExecute || bind.literalForDriver);
    this.#fixedText = this.isExpanding ? null : renderExpanded(this, null).sql;
  }

  /** The SQL text where no list has to be expanded. */
  get fixedText(): string | null {
    return this.#fixedText;
  }

  /** Whether the statement yields rows to the user or to the engine. */
  get returnsRows(): boolean {
    return this.kind === "select" || this.kind === "text" || this.resultColumns !== null;
  }

  /** Names of the result columns, for messages. */
  get columnNames(): readonly Name[] {
    return this.resultColumns?.map((column) => column.name) ?? [];
  }
}
