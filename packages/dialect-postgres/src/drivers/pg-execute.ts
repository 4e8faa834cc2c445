/** Statements run to their end: with one parameter set, with many, or as a script. */
import { type ColumnDescription, type DriverResult, type DriverRow, keepSpecimen } from "@athanor/driver";
import type { Prelude, ScriptResult, SentStatement } from "./connection.ts";
import type { SentValue } from "./parameters.ts";
import { Job, type JobOwner, rowCountOf, sendPrelude } from "./pg-job.ts";
import type { PgField, PgProtocol } from "./pg-port.ts";
import { layoutOf, type RowLayout, readRow, withTextColumns } from "./row-layout.ts";
import type { KnownStatement } from "./statements.ts";

/** Parse, bind and execute one statement; named ones are parsed once. */
export class ExecuteJob extends Job<DriverResult> {
  readonly #statement: SentStatement;
  readonly #known: KnownStatement | null;
  #skip = 0;
  #layout: RowLayout | null = null;
  #rows: DriverRow[] = [];
  #tag = "";

  constructor(owner: JobOwner, statement: SentStatement, known: KnownStatement | null) {
    super(owner);
    this.#statement = statement;
    this.#known = known;
  }

  protected send(protocol: PgProtocol): void {
    const { sql, values, prelude } = this.#statement;
    this.#skip = sendPrelude(protocol, prelude);
    const known = this.#known;
    const statement = known?.name ?? "";
    const layout = known?.layout;
    if (layout === undefined) protocol.parse({ name: statement, text: sql });
    else this.#layout = this.#adjusted(layout);
    protocol.bind({ statement, values });
    if (layout === undefined) protocol.describe({ type: "P", name: "" });
    protocol.execute({});
    protocol.sync();
  }

  override handleRowDescription({ fields }: { readonly fields: readonly PgField[] }): void {
    const layout = layoutOf(fields);
    this.#layout = this.#adjusted(layout);
    if (this.#known !== null) this.#known.layout = layout;
  }

  #adjusted(layout: RowLayout | null): RowLayout | null {
    const { textColumns } = this.#statement;
    return layout === null || textColumns === undefined ? layout : withTextColumns(layout, textColumns);
  }

  override handleDataRow({ fields }: { readonly fields: (string | null)[] }): void {
    if (this.error !== null) return;
    try {
      this.#rows.push(readRow(this.#layout as RowLayout, fields));
    } catch (error) {
      this.fail(error);
    }
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    this.#tag = text;
    this.noteCommand(text);
    if (this.#known !== null) this.#known.layout ??= null;
  }

  protected outcome(): DriverResult {
    return { columns: this.#layout?.columns ?? null, rows: this.#rows, rowCount: rowCountOf(this.#tag) };
  }
}

/** Parameter sets that are on their way at a time. */
const portion = 500;
/** Characters that are on their way at a time: sets of arrays are large. */
const portionSize = 1_000_000;

/** One statement for many parameter sets, in one exchange; rows are dropped. */
export class ExecuteManyJob extends Job<DriverResult> {
  readonly #sql: string;
  readonly #sets: readonly (readonly SentValue[])[];
  readonly #prelude: Prelude;
  #skip = 0;
  #sent = 0;
  #completed = 0;
  #rowCount = 0;
  #protocol: PgProtocol | null = null;

  constructor(owner: JobOwner, sql: string, sets: readonly (readonly SentValue[])[], prelude: Prelude) {
    super(owner);
    this.#sql = sql;
    this.#sets = sets;
    this.#prelude = prelude;
  }

  protected send(protocol: PgProtocol): void {
    this.#protocol = protocol;
    this.#skip = sendPrelude(protocol, this.#prelude);
    protocol.parse({ name: "", text: this.#sql });
    this.#sendPortion(protocol);
  }

  /** The server answers while we write, so what is on its way stays small. */
  #sendPortion(protocol: PgProtocol): void {
    const end = Math.min(this.#sent + portion, this.#sets.length);
    for (let size = 0; this.#sent < end && size < portionSize; this.#sent++) {
      const values = this.#sets[this.#sent] as readonly SentValue[];
      for (const value of values) size += value?.length ?? 0;
      protocol.bind({ statement: "", values });
      protocol.execute({});
    }
    if (this.#sent === this.#sets.length) protocol.sync();
    else protocol.flush();
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    this.#completed++;
    this.#rowCount += Math.max(rowCountOf(text), 0);
    if (this.#completed === this.#sent && this.#sent < this.#sets.length) this.#continue();
  }

  override handleEmptyQuery(): void {
    this.handleCommandComplete({ text: "" });
  }

  #continue(): void {
    const protocol = this.#protocol as PgProtocol;
    protocol.stream.cork?.();
    this.#sendPortion(protocol);
    protocol.stream.uncork?.();
  }

  override handleError(error: Error): void {
    // After an error the server waits for Sync, which has only been sent with the last portion.
    if (this.error === null && this.#sent < this.#sets.length) this.#protocol?.sync();
    super.handleError(error);
  }

  protected outcome(): DriverResult {
    return { columns: null, rows: [], rowCount: this.#rowCount };
  }
}

/** SQL without parameters, possibly several statements; the last one's rows count. */
export class ScriptJob extends Job<ScriptResult> {
  readonly #sql: string;
  readonly #close: readonly string[];
  #skip: number;
  #layout: RowLayout | null = null;
  #columns: readonly ColumnDescription[] | null = null;
  #rows: DriverRow[] = [];
  #tag = "";

  constructor(owner: JobOwner, sql: string, prelude: Prelude) {
    super(owner);
    this.#sql = prelude.begin === null ? sql : `${prelude.begin};${sql}`;
    this.#skip = prelude.begin === null ? 0 : 1;
    this.#close = prelude.close;
  }

  protected send(protocol: PgProtocol): void {
    for (const name of this.#close) protocol.close({ type: "S", name });
    protocol.query(this.#sql);
  }

  override handleRowDescription({ fields }: { readonly fields: readonly PgField[] }): void {
    this.#layout = layoutOf(fields);
    this.#columns = this.#layout.columns;
    this.#rows = [];
  }

  override handleDataRow({ fields }: { readonly fields: (string | null)[] }): void {
    if (this.error !== null) return;
    try {
      this.#rows.push(readRow(this.#layout as RowLayout, fields));
    } catch (error) {
      this.fail(error);
    }
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    if (this.#layout === null) {
      this.#columns = null;
      this.#rows = [];
    }
    this.#layout = null;
    this.#tag = text;
    this.noteCommand(text);
  }

  /** The simple protocol knows no Sync. */
  override handleCopyInResponse(protocol: PgProtocol): void {
    protocol.sendCopyFail("COPY FROM STDIN needs copyFrom()");
  }

  protected outcome(): ScriptResult {
    return { columns: this.#columns, rows: this.#rows, rowCount: rowCountOf(this.#tag), tag: this.#tag };
  }
}

const nothingBefore: Prelude = { begin: null, close: [] };

keepSpecimen(
  new ExecuteJob(null as never, null as never, null),
  new ExecuteManyJob(null as never, "", [], nothingBefore),
  new ScriptJob(null as never, "", nothingBefore),
);
