/** Decimal numbers as text: checking, comparing and rendering without loss. Knows nothing of SQL. */

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const special = /^(?:NaN|[+-]?Infinity)$/i;

/** Whether text is a decimal number. */
export function isDecimalText(text: string): boolean {
  return decimal.test(text);
}

/** A driver's value as decimal text; a number gets `scale` digits after the point. */
export function decimalText(value: unknown, scale: number | undefined): string {
  if (typeof value === "string") return value;
  const text = String(value);
  if (typeof value !== "bigint" && !Number.isFinite(value)) return text;
  const plain = text.includes("e") ? plainDecimal(text) : text;
  if (scale === undefined) return plain;
  // The digits of the shortest text are those that were stored; toFixed() would go on with the binary fraction's.
  const point = plain.indexOf(".");
  const digits = point < 0 ? 0 : plain.length - point - 1;
  if (digits === scale) return plain;
  if (digits < scale) return `${point < 0 ? `${plain}.` : plain}${"0".repeat(scale - digits)}`;
  return scale <= 100 && Math.abs(value as number) < 1e21 ? (value as number).toFixed(scale) : plain;
}

/** The one spelling of a decimal's value, or null where the text is none: `"1.50"` and `"+15e-1"` are `"1.5"`. */
export function canonicalDecimal(text: string): string | null {
  if (!decimal.test(text)) return special.test(text) ? text.toLowerCase() : null;
  const [negative, digits, exponent] = parts(text);
  if (digits === "") return "0";
  return `${negative ? "-" : ""}${digits}e${exponent}`;
}

/** Decimal text without an exponent: `"1e-7"` is `"0.0000001"`. */
export function plainDecimal(text: string): string {
  const [negative, digits, exponent] = parts(text);
  if (digits === "") return "0";
  const point = digits.length + exponent;
  let plain: string;
  if (exponent >= 0) plain = digits + "0".repeat(exponent);
  else if (point > 0) plain = `${digits.slice(0, point)}.${digits.slice(point)}`;
  else plain = `0.${"0".repeat(-point)}${digits}`;
  return negative ? `-${plain}` : plain;
}

/** Sign, significant digits without zeros at either end, and the power of ten they are multiplied with. */
function parts(text: string): [negative: boolean, digits: string, exponent: number] {
  const [mantissa = "", power = "0"] = text.toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  return [negative, digits, Number(power) - fraction.length + (all.length - digits.length)];
}
