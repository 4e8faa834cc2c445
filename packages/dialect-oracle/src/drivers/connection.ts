/**
 * One connection by oracledb in its thin mode. Oracle is always in a transaction: outside of one that was begun, every
 * statement is committed by itself.
 */
import type {
  DriverConnection,
  DriverCursor,
  DriverParameters,
  DriverResult,
  DriverRow,
  DriverTwoPhase,
  ExecuteOptions,
} from "@athanor/driver";
import { bindName } from "../bind-names.ts";
import { PARSED_JSON } from "../types/json.ts";
import type { OracleParameterType } from "../types/parameter.ts";
import { OracleCursor } from "./cursor.ts";
import { fetchHandler, isLob, outValue, RowReader } from "./decode.ts";
import { Encoder } from "./encode.ts";
import type {
  NativeBind,
  NativeConnection,
  NativeError,
  NativeExecuteOptions,
  NativeModule,
  NativeResult,
  NativeXid,
} from "./native.ts";
import { cancelled, Watch } from "./watch.ts";

const DEFAULT_BATCH = 100;
/** The first version with a BOOLEAN type, as oracledb numbers versions. */
const VERSION_23 = 2_300_000_000;
/** ORA-01013: user requested cancel of current operation */
const CANCELLED = 1013;

type Types = Readonly<Record<string, OracleParameterType | undefined>>;

/** A connection to Oracle Database. */
export class OracleConnection implements DriverConnection {
  readonly native: NativeConnection;
  readonly twoPhase: DriverTwoPhase;
  readonly #module: NativeModule;
  readonly #encoder: Encoder;
  readonly #base: NativeExecuteOptions;
  #isClosed = false;
  #hasBegun = false;
  /** Nothing has happened since the last COMMIT or ROLLBACK. */
  #isClean = true;
  #isRunning = false;

  constructor(module: NativeModule, native: NativeConnection) {
    this.native = native;
    this.#module = module;
    this.#encoder = new Encoder(module, native.oracleServerVersion >= VERSION_23);
    this.#base = {
      autoCommit: true,
      outFormat: module.OUT_FORMAT_ARRAY,
      maxRows: 0,
      dbObjectAsPojo: true,
      fetchTypeHandler: fetchHandler(module),
    };
    this.twoPhase = this.#twoPhase();
  }

  isOpen(): boolean {
    return !this.#isClosed && this.native.isHealthy();
  }

  async execute(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverResult> {
    const types = (options.parameterTypes ?? {}) as Types;
    const result = await this.#guarded(options, () =>
      this.native.execute(sql, this.#binds(parameters, types), this.#options(options)),
    );
    return this.#resultOf(result, types, options);
  }

  async executeMany(
    sql: string,
    parameterSets: readonly DriverParameters[],
    options: ExecuteOptions = {},
  ): Promise<DriverResult> {
    const types = (options.parameterTypes ?? {}) as Types;
    const first = parameterSets[0] ?? [];
    const isNamed = !Array.isArray(first);
    const names = isNamed ? Object.keys(first) : (first as readonly unknown[]).map((_, index) => String(index));
    const sets = parameterSets.map((set) =>
      isNamed ? names.map((name) => (set as Readonly<Record<string, unknown>>)[name]) : (set as readonly unknown[]),
    );
    const { definitions, rows } = this.#encoder.many(
      sets,
      names.map((name) => types[name]),
    );
    const keys = names.map(bindName);
    const named = <T>(values: readonly T[]): Record<string, T> =>
      Object.fromEntries(values.map((value, index) => [keys[index] as string, value]));
    const isIn = definitions.map(({ dir }) => dir === undefined);
    const inOnly = (row: readonly unknown[]): Record<string, unknown> =>
      Object.fromEntries(row.flatMap((value, index) => (isIn[index] ? [[keys[index] as string, value]] : [])));
    const result = await this.#guarded(options, () =>
      this.native.executeMany(sql, isNamed ? rows.map(inOnly) : rows, {
        autoCommit: !this.#hasBegun,
        bindDefs: isNamed ? named<NativeBind>(definitions) : definitions,
      }),
    );
    return this.#manyResult(result, types);
  }

  async stream(sql: string, parameters: DriverParameters, options: ExecuteOptions = {}): Promise<DriverCursor> {
    const size = options.batchSize ?? DEFAULT_BATCH;
    const types = (options.parameterTypes ?? {}) as Types;
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    this.#limitTime(options.statementTimeout ?? 0);
    this.#isClean = false;
    const watch = new Watch(signal, undefined, () => this.cancel());
    this.#isRunning = true;
    const owner = {
      failure: (error: unknown) => this.#failure(error as NativeError, watch),
      ended: () => {
        this.#isRunning = false;
        watch.done();
      },
    };
    try {
      const { resultSet } = await this.native.execute(sql, this.#binds(parameters, types), {
        ...this.#options(options),
        resultSet: true,
        fetchArraySize: size,
        prefetchRows: size,
      });
      const reader = new RowReader(resultSet?.metaData ?? [], this.#module, options.textColumns);
      return new OracleCursor(resultSet ?? null, reader, owner);
    } catch (error) {
      owner.ended();
      throw owner.failure(error);
    }
  }

  /** Oracle begins by itself; `sql` sets how: `SET TRANSACTION READ ONLY`. */
  async begin(sql?: string): Promise<void> {
    this.#hasBegun = true;
    if (sql !== undefined) await this.execute(sql, []);
  }

  async commit(): Promise<void> {
    this.#hasBegun = false;
    if (this.#isClean) return;
    await this.native.commit();
    this.#isClean = true;
  }

  async rollback(): Promise<void> {
    this.#hasBegun = false;
    if (this.#isClean) return;
    await this.native.rollback();
    this.#isClean = true;
  }

  /** The protocol's own ping. */
  async ping(): Promise<void> {
    await this.native.ping();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A broken connection has nothing to say good-bye to.
    await this.native.close().catch(() => {});
  }

  terminate(): Promise<void> {
    return this.close();
  }

  /** Stops the statement that runs; it ends with ORA-01013. */
  async cancel(): Promise<void> {
    if (!this.#isRunning || this.#isClosed) return;
    await (this.native.breakExecution?.() ?? this.native.break?.());
  }

  // ---- one statement ----

  async #guarded<T>(options: ExecuteOptions, work: () => Promise<T>): Promise<T> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled(signal);
    this.#limitTime(options.statementTimeout ?? 0);
    this.#isClean = false;
    const watch = new Watch(signal, undefined, () => {
      this.cancel().catch(() => {});
    });
    this.#isRunning = true;
    try {
      return await work();
    } catch (error) {
      throw this.#failure(error as NativeError, watch);
    } finally {
      this.#isRunning = false;
      watch.done();
    }
  }

  #failure(error: NativeError, watch: Watch): unknown {
    return error.errorNum === CANCELLED || error.code === "ORA-01013" ? watch.failure(error) : error;
  }

  /** The limit of one round trip, which oracledb keeps for the connection. */
  #limitTime(milliseconds: number): void {
    const wanted = Math.ceil(milliseconds);
    if ((this.native.callTimeout ?? 0) !== wanted) this.native.callTimeout = wanted;
  }

  #options(options: ExecuteOptions): NativeExecuteOptions {
    return { ...this.#base, autoCommit: !this.#hasBegun, keepInStmtCache: options.prepare !== false };
  }

  #binds(parameters: DriverParameters, types: Types): unknown {
    if (Array.isArray(parameters))
      return parameters.map((value, index) => this.#encoder.bind(value, types[String(index)]));
    const binds: Record<string, NativeBind> = {};
    for (const [name, value] of Object.entries(parameters))
      binds[bindName(name)] = this.#encoder.bind(value, types[name]);
    return binds;
  }

  async #resultOf(result: NativeResult, types: Types, options: ExecuteOptions): Promise<DriverResult> {
    const { metaData, rows, rowsAffected = 0, outBinds } = result;
    if (metaData !== undefined) {
      const reader = new RowReader(metaData, this.#module, options.textColumns);
      const read = reader.read(rows ?? []);
      return { columns: reader.columns, rows: read, rowCount: read.length };
    }
    if (outBinds === undefined) return { columns: null, rows: [], rowCount: rowsAffected };
    const { names, rows: returned, values } = await outRows([outBinds as Readonly<Record<string, unknown>>], types);
    return {
      columns: names.length === 0 ? null : describeOut(names, types),
      rows: returned,
      rowCount: rowsAffected,
      outValues: values,
    };
  }

  async #manyResult({ outBinds, rowsAffected = 0 }: NativeResult, types: Types): Promise<DriverResult> {
    if (outBinds === undefined) return { columns: null, rows: [], rowCount: rowsAffected };
    const { names, rows } = await outRows(outBinds as readonly Readonly<Record<string, unknown>>[], types);
    return { columns: describeOut(names, types), rows, rowCount: rowsAffected };
  }

  // ---- two-phase ----

  /** Distributed transactions by the driver's own calls. */
  #twoPhase(): DriverTwoPhase {
    const { native } = this;
    const xid = (id: string): NativeXid => ({
      formatId: FORMAT_ID,
      globalTransactionId: id,
      branchQualifier: "athanor",
    });
    /** A transaction that has only read has nothing to commit, and is gone once it is prepared. */
    let hasWork = false;
    return {
      begin: async (id) => {
        await native.tpcBegin(xid(id));
        this.#hasBegun = true;
        this.#isClean = false;
      },
      prepare: async (id) => {
        hasWork = await native.tpcPrepare(xid(id));
      },
      commit: async (id) => {
        if (hasWork) await native.tpcCommit(xid(id));
        this.#end();
      },
      rollback: async (id, isPrepared) => {
        if (!isPrepared || hasWork) await native.tpcRollback(xid(id));
        this.#end();
      },
    };
  }

  #end(): void {
    this.#hasBegun = false;
    this.#isClean = true;
  }
}

/** "ATHA": tells this library's transactions from others'. */
const FORMAT_ID = 0x41544841;

interface OutRows {
  /** Names of the parameters that took rows. */
  readonly names: readonly string[];
  readonly rows: DriverRow[];
  readonly values: Readonly<Record<string, readonly unknown[]>>;
}

/** What came back in out parameters, one record for each execution: lists of RETURNING as rows, others as values. */
async function outRows(records: readonly Readonly<Record<string, unknown>>[], types: Types): Promise<OutRows> {
  const values: Record<string, unknown[]> = {};
  const lists = new Set<string>();
  const rows: unknown[][] = [];
  for (const record of records) {
    const columns: unknown[][] = [];
    for (const [key, given] of Object.entries(record)) {
      const name = key.replace(/^"(.*)"$/, "$1");
      const said = types[name] ?? { name: "varchar" };
      const list = Array.isArray(given) ? (given as readonly unknown[]) : [given];
      const read: unknown[] = [];
      for (const value of list) read.push(outValue(isLob(value) ? await value.getData() : value, said));
      values[name] = [...(values[name] ?? []), ...read];
      if (!Array.isArray(given)) continue;
      lists.add(name);
      columns.push(read);
    }
    columns[0]?.forEach((_, index) => rows.push(columns.map((column) => column[index])));
  }
  return { names: [...lists], rows, values };
}

function describeOut(names: readonly string[], types: Types): DriverResult["columns"] {
  return names.map((name) => ({ name, typeCode: types[name]?.name === "json" ? PARSED_JSON : types[name]?.name }));
}
