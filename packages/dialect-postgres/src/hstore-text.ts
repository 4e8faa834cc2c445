/** The text form of hstore, `"a"=>"1", "b"=>NULL`.  https://www.postgresql.org/docs/current/hstore.html */
import { ArgumentError, describe } from "@athanor/core";

const pair = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"=>,]+))\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|(NULL)|([^\s",]+))\s*(?:,|$)/giy;

const unquote = (text: string): string => text.replace(/\\(.)/gs, "$1");

/** Reads an hstore. @throws ArgumentError for other text. */
export function parseHstore(text: string): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  const pattern = new RegExp(pair);
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, quotedKey, bareKey, quotedValue, nothing, bareValue] = match;
    const key = quotedKey === undefined ? (bareKey as string) : unquote(quotedKey);
    const value =
      nothing !== undefined ? null : quotedValue === undefined ? (bareValue as string) : unquote(quotedValue);
    Object.defineProperty(found, key, { value, enumerable: true, writable: true, configurable: true });
    end = pattern.lastIndex;
    if (end >= text.length) break;
  }
  if (text.slice(end).trim() !== "") throw new ArgumentError(`${describe(text.slice(0, 60))} is not an hstore`);
  return found;
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** Writes an hstore of an object or a Map; values are text or null. @throws ArgumentError for other values. */
export function formatHstore(value: object): string {
  const entries = value instanceof Map ? [...(value as Map<unknown, unknown>)] : Object.entries(value);
  return entries
    .map(([key, item]) => {
      if (typeof key !== "string")
        throw new ArgumentError(`${describe(key)} is not a key of an hstore`, { fix: "keys are strings" });
      if (item === null || item === undefined) return `${quoted(key)}=>NULL`;
      if (typeof item !== "string")
        throw new ArgumentError(`${describe(item)} is not a value of an hstore`, { fix: "values are strings or null" });
      return `${quoted(key)}=>${quoted(item)}`;
    })
    .join(", ");
}
