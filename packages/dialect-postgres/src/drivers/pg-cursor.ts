/**
 * Rows that stay on the server: a portal, read in portions. Inside a transaction other statements may run in between;
 * outside of one the portal lives only until the next Sync, so it keeps the connection to itself.
 */
import type { DriverRow } from "@athanor/driver";
import type { SentStatement } from "./connection.ts";
import { Job, type JobOwner, sendPrelude } from "./pg-job.ts";
import type { PgField, PgProtocol } from "./pg-port.ts";
import { type Portion, PortionCursor } from "./portions.ts";
import { layoutOf, type RowLayout, readRow, withTextColumns } from "./row-layout.ts";

/** What a cursor asks of its connection. */
export interface PortalOwner extends JobOwner {
  /** Sends a job and waits for it, with time limits. */
  run<T>(job: Job<T>): Promise<T>;
  readonly protocol: PgProtocol;
  /** A cursor outside of a transaction has ended. */
  released(): void;
}

/** How a portal is opened. */
interface PortalStatement extends SentStatement {
  readonly portal: string;
}

abstract class PortalJob extends Job<Portion> {
  protected rows: DriverRow[] = [];
  protected isLast = false;
  layout: RowLayout | null;
  readonly #textColumns: readonly number[] | undefined;

  constructor(owner: JobOwner, layout: RowLayout | null, textColumns?: readonly number[]) {
    super(owner);
    this.layout = layout;
    this.#textColumns = textColumns;
  }

  override handleRowDescription({ fields }: { readonly fields: readonly PgField[] }): void {
    const layout = layoutOf(fields);
    this.layout = this.#textColumns === undefined ? layout : withTextColumns(layout, this.#textColumns);
  }

  override handleDataRow({ fields }: { readonly fields: (string | null)[] }): void {
    if (this.error !== null) return;
    try {
      this.rows.push(readRow(this.layout as RowLayout, fields));
    } catch (error) {
      this.fail(error);
    }
  }

  override handleEmptyQuery(): void {
    this.handleCommandComplete({ text: "" });
  }

  protected outcome(): Portion {
    return { rows: this.rows, isLast: this.isLast };
  }
}

function sendOpening(protocol: PgProtocol, { portal, sql, values, prelude }: PortalStatement, rows: number): number {
  const skip = sendPrelude(protocol, prelude);
  protocol.parse({ name: "", text: sql });
  protocol.bind({ portal, statement: "", values });
  protocol.describe({ type: "P", name: portal });
  protocol.execute({ portal, rows });
  return skip;
}

/** Opens a portal inside of a transaction, and reads its first rows. */
class OpenJob extends PortalJob {
  readonly #statement: PortalStatement;
  readonly #size: number;
  #skip = 0;

  constructor(owner: JobOwner, statement: PortalStatement, size: number) {
    super(owner, null, statement.textColumns);
    this.#statement = statement;
    this.#size = size;
  }

  protected send(protocol: PgProtocol): void {
    this.#skip = sendOpening(protocol, this.#statement, this.#size);
    protocol.sync();
  }

  override handleCommandComplete(_message: { readonly text: string }): void {
    if (this.#skip > 0) this.#skip--;
    else this.isLast = true;
  }
}

/** Reads further rows of a portal. */
class FetchJob extends PortalJob {
  readonly #portal: string;
  readonly #size: number;

  constructor(owner: JobOwner, portal: string, layout: RowLayout, size: number) {
    super(owner, layout);
    this.#portal = portal;
    this.#size = size;
  }

  protected send(protocol: PgProtocol): void {
    protocol.execute({ portal: this.#portal, rows: this.#size });
    protocol.sync();
  }

  override handleCommandComplete(_message: { readonly text: string }): void {
    this.isLast = true;
  }
}

class CloseJob extends Job<void> {
  readonly #portal: string;
  constructor(owner: JobOwner, portal: string) {
    super(owner);
    this.#portal = portal;
  }
  protected send(protocol: PgProtocol): void {
    protocol.close({ type: "P", name: this.#portal });
    protocol.sync();
  }
  protected outcome(): void {}
}

/** A portal outside of a transaction: one exchange from its opening to its end. */
class ExclusiveJob extends PortalJob {
  readonly #statement: PortalStatement;
  readonly #size: number;
  readonly #protocol: PgProtocol;
  #waiting: { resolve(portion: Portion): void; reject(reason: unknown): void } | null = null;
  #isEnded = false;

  constructor(owner: PortalOwner, statement: PortalStatement, size: number) {
    super(owner, null, statement.textColumns);
    this.#statement = statement;
    this.#size = size;
    this.#protocol = owner.protocol;
  }

  protected send(protocol: PgProtocol): void {
    sendOpening(protocol, this.#statement, this.#size);
    protocol.flush();
  }

  override handlePortalSuspended(): void {
    this.#deliver();
  }

  override handleCommandComplete(_message: { readonly text: string }): void {
    this.isLast = true;
    this.#deliver();
  }

  #deliver(): void {
    const portion = this.outcome();
    this.rows = [];
    const waiting = this.#waiting;
    this.#waiting = null;
    if (this.error !== null) waiting?.reject(this.error);
    else if (waiting === null) this.settle(portion);
    else waiting.resolve(portion);
  }

  fetch(size: number): Promise<Portion> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#protocol.execute({ portal: this.#statement.portal, rows: size });
      this.#protocol.flush();
    });
  }

  /** Ends the exchange. */
  end(): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { resolve: () => resolve(), reject: () => resolve() };
      this.#protocol.close({ type: "P", name: this.#statement.portal });
      this.#protocol.sync();
    });
  }

  override handleError(error: Error): void {
    super.handleError(error);
    // After an error the server ignores everything up to Sync.
    if (!this.#isEnded) this.#protocol.sync();
  }

  override finish(): void {
    this.#isEnded = true;
    super.finish();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) return;
    if (this.error !== null) waiting.reject(this.error);
    else waiting.resolve(this.outcome());
  }
}

/** Opens a cursor. */
export async function openCursor(
  owner: PortalOwner,
  statement: PortalStatement,
  size: number,
  inTransaction: boolean,
): Promise<PortalCursor> {
  if (inTransaction) {
    const job = new OpenJob(owner, statement, size);
    const first = await owner.run(job);
    return new PortalCursor(owner, statement.portal, job.layout, first, null);
  }
  const job = new ExclusiveJob(owner, statement, size);
  try {
    const first = await owner.run(job);
    return new PortalCursor(owner, statement.portal, job.layout, first, job);
  } catch (error) {
    owner.released();
    throw error;
  }
}

/** A cursor over a portal. */
class PortalCursor extends PortionCursor {
  readonly #owner: PortalOwner;
  readonly #portal: string;
  readonly #layout: RowLayout | null;
  readonly #exclusive: ExclusiveJob | null;

  constructor(
    owner: PortalOwner,
    portal: string,
    layout: RowLayout | null,
    first: Portion,
    exclusive: ExclusiveJob | null,
  ) {
    super(layout?.columns ?? [], first);
    this.#owner = owner;
    this.#portal = portal;
    this.#layout = layout;
    this.#exclusive = exclusive;
  }

  protected fetch(size: number): Promise<Portion> {
    if (this.#exclusive !== null) return this.#exclusive.fetch(size);
    return this.#owner.run(new FetchJob(this.#owner, this.#portal, this.#layout as RowLayout, size));
  }

  protected async end(isLast: boolean): Promise<void> {
    if (this.#exclusive !== null) {
      await this.#exclusive.end();
      this.#owner.released();
    } else if (!isLast) await this.#owner.run(new CloseJob(this.#owner, this.#portal));
  }
}
