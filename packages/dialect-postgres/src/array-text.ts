/** PostgreSQL's text form of arrays, `{1,NULL,"a b"}`: read and written. Knows nothing of types.  https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */

const quote = 34;
const backslash = 92;
const open = 123;
const close = 125;

/**
 * Reads an array. `item` gets the text of each item that is not NULL.
 *
 * @throws SyntaxError when the text is no array.
 */
export function parseArray<T>(text: string, item: (text: string) => T, delimiter = ","): unknown[] {
  // `[2:4]={…}`: bounds other than 1 say nothing about the values.
  let at = text.charCodeAt(0) === 91 ? text.indexOf("=") + 1 : 0;
  const separator = delimiter.charCodeAt(0);
  if (text.charCodeAt(at) !== open) throw new SyntaxError(`not an array: ${text.slice(0, 40)}`);
  const readLevel = (): unknown[] => {
    const items: unknown[] = [];
    at++;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === close) {
        at++;
        return items;
      }
      if (code === separator) at++;
      else if (code === open) items.push(readLevel());
      else if (code === quote) items.push(item(readQuoted()));
      else if (Number.isNaN(code)) throw new SyntaxError(`an array without its end: ${text.slice(0, 40)}`);
      else {
        const bare = readBare();
        items.push(bare === "NULL" ? null : item(bare));
      }
    }
  };
  const readQuoted = (): string => {
    let result = "";
    let start = ++at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        result += text.slice(start, at++);
        return result;
      }
      if (code === backslash) {
        result += text.slice(start, at) + text.charAt(at + 1);
        at += 2;
        start = at;
      } else if (Number.isNaN(code)) throw new SyntaxError(`an array without its end: ${text.slice(0, 40)}`);
      else at++;
    }
  };
  const readBare = (): string => {
    const start = at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === separator || code === close || Number.isNaN(code)) return text.slice(start, at);
      at++;
    }
  };
  return readLevel();
}

const special = /^$|^null$|[{}",\\\s]/i;

/** One item of an array, quoted where it must be. */
export function arrayItem(text: string): string {
  if (!special.test(text)) return text;
  const escaped = text.includes("\\") ? text.replaceAll("\\", "\\\\") : text;
  return `"${escaped.replaceAll('"', '\\"')}"`;
}

/** Writes an array; `item` gives the text of a value that is not null. Nested arrays are further dimensions. */
export function formatArray(items: readonly unknown[], item: (value: unknown) => string): string {
  let text = "{";
  for (let index = 0; index < items.length; index++) {
    const value = items[index];
    if (index > 0) text += ",";
    if (value === null || value === undefined) text += "NULL";
    else if (Array.isArray(value)) text += formatArray(value, item);
    else text += arrayItem(item(value));
  }
  return `${text}}`;
}
