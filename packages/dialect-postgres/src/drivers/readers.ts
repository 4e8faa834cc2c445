/**
 * From PostgreSQL's text to JavaScript, by the number of the column's type: what every driver of the dialect gives for a
 * column, whether the statement knows its type or not. Other types stay text.
 */
import { parseDateTime } from "@athanor/core";
import { parseArray } from "../array-text.ts";
import { readInterval } from "../interval-text.ts";
import { arrayOids, oid } from "../oids.ts";
import { readBytes } from "../types/from-text.ts";
import { parseMultirange, parseRange } from "../types/range.ts";

/** Reads the text of a value that is not NULL. */
export type Reader = (text: string) => unknown;

const readBoolean: Reader = (text) => text === "t";
const readJson: Reader = (text) => JSON.parse(text) as unknown;
const same: Reader = (text) => text;

/** A moment; without a time zone it is UTC. `infinity` has no Date and is a number. */
function readMoment(text: string): unknown {
  const milliseconds = parseDateTime(text);
  if (!Number.isNaN(milliseconds)) return new Date(milliseconds);
  return text === "infinity" ? Number.POSITIVE_INFINITY : text === "-infinity" ? Number.NEGATIVE_INFINITY : text;
}

const scalars: readonly (readonly [number, Reader])[] = [
  [oid.bool, readBoolean],
  [oid.bytea, readBytes],
  [oid.int8, BigInt],
  [oid.int2, Number],
  [oid.int4, Number],
  [oid.oid, Number],
  [oid.float4, Number],
  [oid.float8, Number],
  [oid.json, readJson],
  [oid.jsonb, readJson],
  [oid.timestamp, readMoment],
  [oid.timestamptz, readMoment],
  [oid.interval, readInterval],
];

const bounds: Readonly<Record<number, Reader>> = {
  [oid.int4range]: Number,
  [oid.int8range]: BigInt,
  [oid.numrange]: same,
  [oid.daterange]: same,
  [oid.tsrange]: readMoment,
  [oid.tstzrange]: readMoment,
};

const multiranges: Readonly<Record<number, number>> = {
  [oid.int4multirange]: oid.int4range,
  [oid.int8multirange]: oid.int8range,
  [oid.nummultirange]: oid.numrange,
  [oid.datemultirange]: oid.daterange,
  [oid.tsmultirange]: oid.tsrange,
  [oid.tstzmultirange]: oid.tstzrange,
};

function makeReaders(): Map<number, Reader> {
  const readers = new Map<number, Reader>(scalars);
  for (const [code, bound] of Object.entries(bounds)) readers.set(Number(code), (text) => parseRange(text, bound));
  for (const [code, range] of Object.entries(multiranges)) {
    const bound = bounds[range] as Reader;
    readers.set(Number(code), (text) => parseMultirange(text, bound));
  }
  for (const [item, array] of arrayOids) {
    const reader = readers.get(item) ?? same;
    readers.set(array, (text) => parseArray(text, reader));
  }
  return readers;
}

/** Readers by type number. */
export const readers: ReadonlyMap<number, Reader> = makeReaders();
