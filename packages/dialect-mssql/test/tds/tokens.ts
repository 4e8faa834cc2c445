/** The tokens of which the server's answers are made. */
import { ByteWriter } from "./bytes.ts";
import { COLLATION, type TdsColumn, writeTypeInfo, writeValue } from "./column.ts";

/** One result of a statement. */
export interface TdsResult {
  /** Absent for a statement without rows. */
  readonly columns?: readonly TdsColumn[];
  readonly rows?: Iterable<readonly unknown[]>;
  /** Rows affected, where there are no columns. Default 0; null: the count is not told (SET NOCOUNT ON). */
  readonly count?: number | null;
}

/** An error or a message of the server. */
export interface TdsMessage {
  readonly number: number;
  readonly message: string;
  /** Severity. Default 16 for errors, 0 for messages. */
  readonly severity?: number;
  readonly state?: number;
}

export const token = {
  returnStatus: 0x79,
  columns: 0x81,
  error: 0xaa,
  info: 0xab,
  loginAck: 0xad,
  row: 0xd1,
  environment: 0xe3,
  done: 0xfd,
  doneProcedure: 0xfe,
  doneInProcedure: 0xff,
} as const;

/** Bits of a DONE token. */
export const status = { final: 0, more: 1, error: 2, count: 0x10, attention: 0x20 } as const;

/** DONE, DONEPROC or DONEINPROC. */
export function doneToken(kind: number, bits: number, count = 0): Buffer {
  return new ByteWriter().u8(kind).u16(bits).u16(0).i64(BigInt(count)).done;
}

export function messageToken(given: TdsMessage, isError: boolean): Buffer {
  const body = new ByteWriter()
    .i32(given.number)
    .u8(given.state ?? 1)
    .u8(given.severity ?? (isError ? 16 : 0))
    .longText(given.message)
    .shortText("tds-test")
    .shortText("")
    .u32(1).done;
  return new ByteWriter()
    .u8(isError ? token.error : token.info)
    .u16(body.length)
    .bytes(body).done;
}

/** A change of the session: database (1), packet size (4), collation (7), transactions (8 begun, 9 committed, 10 rolled back). */
export function environmentToken(type: number, now: Buffer, before: Buffer): Buffer {
  const body = new ByteWriter().u8(type).bytes(now).bytes(before).done;
  return new ByteWriter().u8(token.environment).u16(body.length).bytes(body).done;
}

export const shortText = (text: string): Buffer => new ByteWriter().shortText(text).done;
export const shortBytes = (bytes: Buffer): Buffer => new ByteWriter().u8(bytes.length).bytes(bytes).done;
export const collationBytes: Buffer = shortBytes(COLLATION);

export function columnsToken(columns: readonly TdsColumn[]): Buffer {
  const out = new ByteWriter().u8(token.columns).u16(columns.length);
  for (const column of columns) {
    out.u32(0).u16(0x09);
    writeTypeInfo(out, column);
    out.shortText(column.name);
  }
  return out.done;
}

export function rowToken(columns: readonly TdsColumn[], row: readonly unknown[]): Buffer {
  const out = new ByteWriter().u8(token.row);
  columns.forEach((column, index) => {
    writeValue(out, column, row[index]);
  });
  return out.done;
}
