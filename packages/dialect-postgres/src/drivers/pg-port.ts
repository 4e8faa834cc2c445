/** What the adapter uses of the package `pg`: the parts that custom query classes (pg-cursor and others) rest on. */

/** A column of a RowDescription. */
export interface PgField {
  readonly name: string;
  readonly dataTypeID: number;
}

/** The protocol's messages out, and its events in. */
export interface PgProtocol {
  readonly stream: {
    cork?(): void;
    uncork?(): void;
    destroy(): void;
    pause?(): void;
    resume?(): void;
    once?(event: string, listener: () => void): unknown;
    removeListener?(event: string, listener: () => void): unknown;
    readonly writable?: boolean;
    readonly writableNeedDrain?: boolean;
  };
  query(text: string): void;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: {
    readonly portal?: string;
    readonly statement: string;
    readonly values: readonly unknown[];
    readonly valueMapper?: (value: unknown) => unknown;
  }): void;
  describe(message: { readonly type: "P" | "S"; readonly name: string }): void;
  execute(message: { readonly portal?: string; readonly rows?: number }): void;
  close(message: { readonly type: "P" | "S"; readonly name: string }): void;
  flush(): void;
  sync(): void;
  sendCopyFail(message: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  on(event: string, listener: (message: never) => void): unknown;
  once(event: string, listener: (message: never) => void): unknown;
  prependListener(event: string, listener: (message: never) => void): unknown;
  removeListener(event: string, listener: (message: never) => void): unknown;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  end(): void;
}

/** A query object of one's own, as `client.query()` takes it. */
export interface PgSubmittable {
  /** Sends the messages; an error instead of sending where that is impossible. */
  submit(protocol: PgProtocol): Error | null;
  handleRowDescription(message: { readonly fields: readonly PgField[] }): void;
  handleDataRow(message: { readonly fields: (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handlePortalSuspended(): void;
  handleEmptyQuery(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
  handleCopyInResponse(protocol: PgProtocol): void;
  handleCopyData(message: { readonly chunk: Buffer }): void;
}

/** A connection of `pg`. */
export interface PgClient {
  readonly connection: PgProtocol;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean | object;
  connect(): Promise<unknown>;
  query(query: PgSubmittable): unknown;
  end(): Promise<void>;
  on(event: string, listener: (value: never) => void): unknown;
  removeListener(event: string, listener: (value: never) => void): unknown;
  getStartupConf(): Record<string, string>;
}

/** The package. */
export interface PgModule {
  readonly Client: new (options: Readonly<Record<string, unknown>>) => PgClient;
  readonly Connection: new (options: { readonly ssl?: boolean | object }) => PgProtocol;
}
