/** Formats of dates and times as text, in SQLAlchemy's notation: `"%(year)04d-%(month)02d-%(day)02d"`. */
import { ArgumentError } from "@athanor/core";

/** Parts of a moment; what a format leaves out is the first of its kind. */
export interface MomentParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

const names: ReadonlySet<string> = new Set(["year", "month", "day", "hour", "minute", "second", "microsecond"]);
const first: MomentParts = { year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0, microsecond: 0 };
const placeholder = /%\((\w+)\)(?:0(\d+))?d|%%/g;

/** Writes and reads text of one format. */
export class StorageFormat {
  readonly #format: string;
  readonly #regexp: RegExp;
  readonly #order: readonly string[];
  /** The text has something beside digits, so that SQLite keeps it as text in a column of numeric affinity. */
  readonly isText: boolean;

  /** @param regexp reads the text: by named groups, or by groups in the order year to microsecond. Default: made of the format. */
  constructor(format: string, regexp: RegExp | undefined) {
    this.#format = format;
    const order: string[] = [];
    let pattern = "";
    let end = 0;
    for (const match of format.matchAll(placeholder)) {
      pattern += escapeRegExp(format.slice(end, match.index));
      end = match.index + match[0].length;
      if (match[0] === "%%") {
        pattern += "%";
        continue;
      }
      const name = match[1] as string;
      if (!names.has(name)) throw new ArgumentError(`storageFormat: ${match[0]} is none of ${[...names].join(", ")}`);
      order.push(name);
      pattern += match[2] === undefined ? "(\\d+)" : `(\\d{${match[2]}})`;
    }
    pattern += escapeRegExp(format.slice(end));
    this.#order = regexp === undefined ? order : [...names];
    this.#regexp = regexp ?? new RegExp(`^${pattern}`);
    this.isText = /[^0-9]/.test(format.replaceAll(placeholder, (text) => (text === "%%" ? "%" : "0")));
  }

  /** The text of a moment. */
  write(parts: MomentParts): string {
    return this.#format.replaceAll(placeholder, (text, name: string, width: string | undefined) =>
      text === "%%" ? "%" : String(parts[name as keyof MomentParts]).padStart(Number(width ?? 0), "0"),
    );
  }

  /** The parts of a text; null where it is of another format. */
  read(text: string): MomentParts | null {
    const match = this.#regexp.exec(text);
    if (match === null) return null;
    const parts: Record<string, number> = { ...first };
    if (match.groups !== undefined) {
      for (const [name, value] of Object.entries(match.groups)) if (value !== undefined) parts[name] = Number(value);
    } else {
      this.#order.forEach((name, index) => {
        const value = match[index + 1];
        if (value !== undefined) parts[name] = Number(value);
      });
    }
    return parts as unknown as MomentParts;
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The parts of `YYYY-MM-DD HH:MM:SS.ffffff`, of a date alone, or of a time alone. */
export function partsOf(text: string): MomentParts {
  const match = /^(?:([+-]?\d{4,6})-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?/.exec(
    text,
  ) as RegExpExecArray;
  const number = (index: number, fallback: number): number =>
    match[index] === undefined ? fallback : Number(match[index]);
  return {
    year: number(1, first.year),
    month: number(2, 1),
    day: number(3, 1),
    hour: number(4, 0),
    minute: number(5, 0),
    second: number(6, 0),
    microsecond: match[7] === undefined ? 0 : Number(match[7].padEnd(6, "0")),
  };
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` */
export function canonicalDateTime(parts: MomentParts): string {
  return `${canonicalDate(parts)} ${canonicalTime(parts)}`;
}

/** `YYYY-MM-DD` */
export function canonicalDate({ year, month, day }: MomentParts): string {
  return `${String(year).padStart(4, "0")}-${pair(month)}-${pair(day)}`;
}

/** `HH:MM:SS.ffffff` */
export function canonicalTime({ hour, minute, second, microsecond }: MomentParts): string {
  return `${pair(hour)}:${pair(minute)}:${pair(second)}.${String(microsecond).padStart(6, "0")}`;
}

function pair(value: number): string {
  return String(value).padStart(2, "0");
}
