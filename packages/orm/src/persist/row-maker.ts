/** Makes the parameters of new rows by code for the very columns that are given. Next: ./collect-insert.ts. */
import { codegenAllowed } from "@athanor/core";
import type { TablePlan, WriteColumn } from "./write-plan.ts";

type Values = Readonly<Record<string, unknown>>;

/** Makes a row's parameters from an object's values; null where there is none. */
export type MakeRow = (values: Values) => Record<string, unknown>;

interface Known {
  readonly signature: number;
  readonly make: MakeRow;
}

const makers = new WeakMap<TablePlan, Known>();

/** The maker for rows that give these columns; the one that was used last is kept. Not for wide tables. */
export function rowMaker(plan: TablePlan, signature: number): MakeRow {
  const known = makers.get(plan);
  if (known !== undefined && known.signature === signature) return known.make;
  const columns = plan.columns.filter(({ bit }) => Math.floor(signature / bit) % 2 === 1);
  const make = codegenAllowed() ? generatedRow(columns) : interpretedRow(columns);
  makers.set(plan, { signature, make });
  return make;
}

function generatedRow(columns: readonly WriteColumn[]): MakeRow {
  if (columns.some(({ name }) => name === "__proto__")) return interpretedRow(columns);
  const fields = columns.map(({ name, key }) => `${JSON.stringify(name)}:d[${JSON.stringify(key)}]??null`);
  return new Function(`"use strict";return(d)=>({${fields.join(",")}});`)() as MakeRow;
}

function interpretedRow(columns: readonly WriteColumn[]): MakeRow {
  return (values) => {
    const row: Record<string, unknown> = {};
    for (const { name, key } of columns) row[name] = values[key] ?? null;
    return row;
  };
}
