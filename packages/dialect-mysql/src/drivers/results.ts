/** Results as the packages hand them out, made ours: the same from both. */
import { type DriverResult, keepEmptied } from "@athanor/driver";
import { describeColumns, type ResultField, rowDecoder } from "./decode.ts";

/** The outcome of a statement without rows. */
export interface ResultHeader {
  readonly affectedRows: number;
  readonly insertId: number | bigint | string;
}

/** Rows or a header; a list of them where a procedure gives several results. */
export type GivenResult = ResultHeader | unknown[][] | (ResultHeader | unknown[][])[];
/** The columns of the rows; in a list, nothing stands for a header. */
export type GivenFields = readonly ResultField[] | readonly (readonly ResultField[] | undefined)[] | undefined;

const noResult: DriverResult = { columns: null, rows: [], rowCount: 0 };

/** The result of a statement; of several results, as procedures give them, those with rows. */
export function resultOf([result, fields]: readonly [GivenResult, GivenFields]): DriverResult {
  if (!Array.isArray(result)) return headerResult(result);
  if (fields === undefined) return noResult;
  if (!isNested(fields)) return rowsResult(result as unknown[][], fields as readonly ResultField[]);
  const results = fields.flatMap((list, index) =>
    list === undefined ? [] : [rowsResult(result[index] as unknown[][], list)],
  );
  const [first, ...further] = results;
  if (first === undefined) return headerResult(result.at(-1) as ResultHeader);
  return further.length === 0 ? first : { ...first, further };
}

function isNested(fields: NonNullable<GivenFields>): fields is readonly (readonly ResultField[] | undefined)[] {
  return fields.some((field) => field === undefined || Array.isArray(field));
}

function rowsResult(rows: unknown[][], fields: readonly ResultField[]): DriverResult {
  rowDecoder(fields)?.(rows);
  return { columns: describeColumns(fields), rows, rowCount: rows.length };
}

function headerResult({ affectedRows, insertId }: ResultHeader): DriverResult {
  const key = BigInt(insertId);
  const lastRowId = key === 0n ? undefined : Number.isSafeInteger(Number(key)) ? Number(key) : key;
  return { columns: null, rows: [], rowCount: affectedRows, lastRowId };
}

let isHeaderKept = false;
let areFieldsKept = false;

/**
 * Keeps the first header and the first column that a package made, and says whether it has both by now. Called with an answer
 * that nobody reads any more; see the driver's `keepEmptied`.
 */
export function keepAnswer([result, fields]: readonly [GivenResult, readonly unknown[] | undefined]): boolean {
  if (!isHeaderKept && !Array.isArray(result)) {
    keepEmptied(result);
    isHeaderKept = true;
  }
  const field = fields?.[0];
  if (!areFieldsKept && typeof field === "object" && field !== null && !Array.isArray(field)) {
    keepEmptied(field);
    areFieldsKept = true;
  }
  return isHeaderKept && areFieldsKept;
}
