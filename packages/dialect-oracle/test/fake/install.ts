/**
 * The real front of oracledb over a fake database: its checks, binds, result sets and conversions are the genuine driver's,
 * only what talks to a server is replaced. oracledb keeps its implementation classes as properties of one module, which thin
 * mode fills and this file overwrites; the version of oracledb is pinned for it in package.json.
 */
import { createRequire } from "node:module";
import type { FakeBackend, FakeBind, FakeColumn, FakeStatement } from "./backend.ts";

const load = createRequire(import.meta.url);
export const oracledb = load("oracledb");
load("oracledb/lib/thin");
const impl = load("oracledb/lib/impl");
const types = load("oracledb/lib/types.js");
const errors = load("oracledb/lib/errors.js");
const { Statement } = load("oracledb/lib/thin/statement.js");

const Base = Object.getPrototypeOf(impl.ConnectionImpl);
const BaseResultSet = Object.getPrototypeOf(impl.ResultSetImpl);

/** A connection that was opened. */
export interface FakeConnection {
  readonly options: Record<string, unknown>;
  isBroken: boolean;
  callTimeout: number;
}

/** What the fake connections of a file share. */
export const fake: {
  backend: (() => FakeBackend) | null;
  version: string;
  readonly connections: FakeConnection[];
  /** An error refuses a login. */
  login: ((options: Record<string, unknown>) => Error | null) | null;
} = { backend: null, version: "19.3.0.0.0", connections: [], login: null };

/** An error as the driver raises those of the server. */
export function oracleError(number: number, message: string): Error {
  const code = `ORA-${String(number).padStart(5, "0")}`;
  return Object.assign(new Error(`${code}: ${message}`), { errorNum: number, code });
}

class FakeResultSet extends BaseResultSet {
  readonly #rows: unknown[][];

  constructor(rows: unknown[][]) {
    super();
    this.#rows = rows;
  }

  async getRows(count: number): Promise<unknown[][]> {
    const rows = this.#rows.splice(0, count || (this as unknown as { fetchArraySize: number }).fetchArraySize);
    return this.#converted(rows);
  }

  async close(): Promise<void> {
    this.#rows.length = 0;
  }

  /** As thin mode does with what comes from the wire. */
  #converted(rows: unknown[][]): unknown[][] {
    const { metaData } = this as unknown as {
      metaData: { dbType: unknown; fetchType: unknown; converter?: (value: unknown) => unknown }[];
    };
    return rows.map((row) =>
      row.map((value, index) => {
        const column = metaData[index];
        const wire = fromWire(value, column?.dbType, column?.fetchType);
        return column?.converter === undefined ? wire : column.converter(wire);
      }),
    );
  }
}

/** DATE and TIMESTAMP come by the machine's clock, unless they are fetched as TIMESTAMP WITH LOCAL TIME ZONE. */
function fromWire(value: unknown, dbType: unknown, fetchType: unknown): unknown {
  if (value === null || value === undefined) return null;
  const isPlain = dbType === types.DB_TYPE_DATE || dbType === types.DB_TYPE_TIMESTAMP;
  if (value instanceof Date && isPlain && fetchType !== types.DB_TYPE_TIMESTAMP_LTZ) {
    const at = value;
    return new Date(
      at.getUTCFullYear(),
      at.getUTCMonth(),
      at.getUTCDate(),
      at.getUTCHours(),
      at.getUTCMinutes(),
      at.getUTCSeconds(),
      at.getUTCMilliseconds(),
    );
  }
  return value;
}

interface RawBind {
  readonly name?: string;
  readonly pos?: number;
  readonly dir: number;
  readonly type: { readonly name: string };
  readonly maxSize?: number;
  readonly values: unknown[];
}

class FakeConnectionImpl extends Base {
  #backend: FakeBackend | null = null;
  #timeout = 0;
  #break: (() => void) | null = null;
  #state: FakeConnection | null = null;

  async connect(options: Record<string, unknown>): Promise<void> {
    const refusal = fake.login?.(options) ?? null;
    if (refusal !== null) throw refusal;
    this.#backend = fake.backend?.() ?? null;
    this.#state = { options, isBroken: false, callTimeout: 0 };
    fake.connections.push(this.#state);
  }

  async close(): Promise<void> {
    await this.#backend?.close();
  }

  isHealthy(): boolean {
    return this.#state?.isBroken === false;
  }
  async ping(): Promise<void> {
    this.#check();
    await this.#backend?.call({ word: "PING" });
  }
  getOracleServerVersion(): number {
    const [major = 0, minor = 0, patch = 0] = fake.version.split(".").map(Number);
    return major * 100_000_000 + minor * 1_000_000 + patch * 10_000;
  }
  getOracleServerVersionString(): string {
    return fake.version;
  }
  getCallTimeout(): number {
    return this.#timeout;
  }
  setCallTimeout(milliseconds: number): void {
    this.#timeout = milliseconds;
  }
  getStmtCacheSize(): number {
    return 30;
  }
  setStmtCacheSize(): void {}
  supportsPipelining(): boolean {
    return false;
  }
  getTransactionInProgress(): boolean {
    return true;
  }

  async commit(): Promise<void> {
    this.#check();
    await this.#backend?.call({ word: "COMMIT" });
  }
  async rollback(): Promise<void> {
    this.#check();
    await this.#backend?.call({ word: "ROLLBACK" });
  }
  async tpcBegin(xid: { globalTransactionId: unknown }): Promise<void> {
    await this.#backend?.call({ word: `TPC BEGIN ${String(xid.globalTransactionId)}` });
  }
  async tpcPrepare(): Promise<boolean> {
    return (await this.#backend?.call({ word: "TPC PREPARE" })) !== false;
  }
  async tpcCommit(): Promise<void> {
    await this.#backend?.call({ word: "TPC COMMIT" });
  }
  async tpcRollback(): Promise<void> {
    await this.#backend?.call({ word: "TPC ROLLBACK" });
  }
  async breakExecution(): Promise<void> {
    this.#break?.();
  }

  #check(): void {
    if (this.#state?.isBroken !== false) errors.throwErr(errors.ERR_CONNECTION_CLOSED);
  }

  async execute(
    sql: string,
    iterations: number,
    given: readonly RawBind[],
    options: Record<string, unknown>,
    isMany: boolean,
  ): Promise<unknown> {
    this.#check();
    const parsed = new Statement();
    parsed._prepare(sql);
    const binds = bindsOf(parsed.bindInfoList, given);
    const statement: FakeStatement = { sql, binds, iterations, isMany, options, timeout: this.#timeout };
    const reply = await this.#answer(statement);
    if (options["autoCommit"] === true) await this.#backend?.call({ word: "AUTOCOMMIT" });
    if (reply.columns !== undefined) {
      const resultSet = new FakeResultSet((reply.rows ?? []).map((row) => [...row]));
      (resultSet as unknown as { _setup(options: unknown, columns: unknown): void })._setup(
        options,
        reply.columns.map(described),
      );
      return { resultSet };
    }
    const outs = binds.filter(({ isOut }) => isOut);
    const result: Record<string, unknown> = { rowsAffected: reply.affected ?? 0 };
    if (outs.length > 0) {
      const perIteration = Array.from({ length: iterations }, (_, index) =>
        Object.fromEntries(
          outs.map((bind, position) => [bind.key, reply.out?.[index]?.[position] ?? (bind.isReturning ? [] : null)]),
        ),
      );
      result["outBinds"] = isMany ? perIteration : perIteration[0];
    }
    return result;
  }

  /** The backend's answer, a break, or the end of the time, whatever comes first. */
  async #answer(statement: FakeStatement): Promise<Awaited<ReturnType<FakeBackend["execute"]>>> {
    const state = this.#state as FakeConnection;
    let timer: NodeJS.Timeout | undefined;
    const stopped = new Promise<never>((_, reject) => {
      this.#break = () => reject(oracleError(1013, "user requested cancel of current operation."));
      if (this.#timeout > 0)
        timer = setTimeout(() => {
          reject(
            Object.assign(new Error(`NJS-123: call timeout of ${this.#timeout} ms exceeded`), { code: "NJS-123" }),
          );
        }, this.#timeout);
    });
    try {
      const backend = this.#backend;
      if (backend === null) return {};
      return await Promise.race([backend.execute(statement), stopped]);
    } catch (error) {
      if ((error as { breaks?: boolean }).breaks) {
        state.isBroken = true;
        errors.throwErr(errors.ERR_CONNECTION_CLOSED);
      }
      throw error;
    } finally {
      clearTimeout(timer);
      this.#break = null;
    }
  }
}

/** What the driver's own parser finds in the text, with the values that were given. */
function bindsOf(
  infos: readonly { readonly bindName: string; readonly isReturnBind: boolean }[],
  given: readonly RawBind[],
): FakeBind[] {
  const seen = new Map<string, FakeBind>();
  infos.forEach(({ bindName, isReturnBind }, position) => {
    const raw = given.find(({ name, pos }) =>
      name === undefined
        ? pos === position + 1
        : (name.startsWith('"') ? name.slice(1, -1) : name.toUpperCase()) === bindName,
    );
    if (raw === undefined) throw oracleError(1008, "not all variables bound");
    if (seen.has(bindName)) return;
    seen.set(bindName, {
      name: bindName,
      key: raw.name ?? String(position),
      type: raw.type.name.replace("DB_TYPE_", ""),
      isOut: raw.dir === oracledb.BIND_OUT,
      isReturning: isReturnBind,
      maxSize: raw.maxSize,
      values: raw.values,
    });
  });
  for (const { name } of given)
    if (name !== undefined && ![...seen.values()].some((bind) => bind.key === name))
      throw oracleError(1036, `illegal variable name/number ${name}`);
  return [...seen.values()];
}

function described({ name, type, precision = 0, scale = type === "NUMBER" ? -127 : 0 }: FakeColumn): object {
  return { name, dbType: types[`DB_TYPE_${type}`], nullable: true, precision, scale };
}

impl.ConnectionImpl = FakeConnectionImpl;
