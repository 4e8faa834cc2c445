/** As much of the package `mariadb` as the adapter uses; spelled out here so that the dialect's types do not need the package's. */
import type { Readable } from "node:stream";
import type { NativeError } from "./native-error.ts";
import type { ResultHeader } from "./results.ts";

/** A column of a result. */
export interface MariadbColumn {
  readonly columnType: number;
  readonly columnLength: number;
  readonly flags: number;
  readonly collation?: { readonly index: number };
  name(): string;
  orgTable(): string;
  /** MariaDB stores JSON as text and says so. */
  isDataTypeFormatJson(): boolean;
}

export type MariadbRows = ResultHeader | unknown[][];
/** With `metaAsArray`: rows and their columns; lists of both where a procedure gives several. */
export type MariadbOutcome = readonly [
  MariadbRows | MariadbRows[],
  readonly MariadbColumn[] | readonly (readonly MariadbColumn[] | null)[],
];

/** A statement that the server has prepared. */
export interface MariadbPrepared {
  execute(values: readonly unknown[]): Promise<MariadbOutcome>;
  /** Rows one by one; `fields` comes first, an outcome without rows is an object among them. */
  executeStream(values: readonly unknown[]): Readable & { close(): void };
  close(): void;
}

/** One connection. */
export interface MariadbNative {
  readonly threadId: number | null;
  readonly info: { isMariaDB(): boolean } | null;
  query(sql: string): Promise<MariadbOutcome>;
  prepare(sql: string): Promise<MariadbPrepared>;
  batch(
    statement: {
      readonly sql: string;
      readonly rowsAsArray: false;
      readonly metaAsArray: false;
      /** One outcome for all of the sets. */
      readonly fullResult: false;
    },
    sets: readonly (readonly unknown[])[],
  ): Promise<ResultHeader>;
  ping(): Promise<void>;
  end(): Promise<void>;
  destroy(): void;
  on(event: "error", listener: (error: NativeError) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** The package. */
export interface MariadbModule {
  createConnection(options: Readonly<Record<string, unknown>>): Promise<MariadbNative>;
}
