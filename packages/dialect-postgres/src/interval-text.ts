/** Intervals as PostgreSQL writes them, to ISO 8601 durations and back.  https://www.postgresql.org/docs/current/datatype-datetime.html */
import { formatDuration, parseDuration } from "@athanor/core";

const units: Readonly<Record<string, "months" | "days">> = { year: "months", mon: "months", day: "days" };
const clock = /^([+-]?)(\d+):(\d+):(\d+)(?:\.(\d+))?$/;

/** `1 year 2 mons -3 days 04:05:06.789` and `P1Y2M-3DT4H5M6.789S` as a canonical ISO duration; other text as it is. */
export function readInterval(text: string): string {
  if (text.includes("P")) {
    const iso = parseDuration(text);
    return iso === null ? text : formatDuration(iso);
  }
  let months = 0;
  let days = 0;
  let microseconds = 0;
  const words = text.split(" ");
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const time = clock.exec(word);
    if (time !== null) {
      const [, sign, hours, minutes, seconds, fraction = ""] = time;
      const size =
        (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000 +
        Number(fraction.padEnd(6, "0").slice(0, 6));
      microseconds = sign === "-" ? -size : size;
      continue;
    }
    const count = Number(word);
    const unit = (words[++index] ?? "").replace(/s$/, "");
    if (Number.isNaN(count) || units[unit] === undefined) return text;
    if (unit === "year") months += count * 12;
    else if (unit === "mon") months += count;
    else days += count;
  }
  return formatDuration({ months, days, microseconds });
}

/** An ISO duration as PostgreSQL reads it: a sign in front of the whole is given to each part. Null where it is none. */
export function writeInterval(text: string): string | null {
  const duration = parseDuration(text);
  if (duration === null) return null;
  const { months, days, microseconds } = duration;
  const whole = Math.trunc(microseconds / 1_000_000);
  const rest = Math.abs(microseconds - whole * 1_000_000);
  const sign = microseconds < 0 ? "-" : "";
  const seconds = `${sign}${Math.abs(whole)}${rest === 0 ? "" : `.${String(rest).padStart(6, "0").replace(/0+$/, "")}`}`;
  return `P${months === 0 ? "" : `${months}M`}${days === 0 ? "" : `${days}D`}T${seconds}S`;
}
