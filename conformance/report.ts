/** Counts outcomes by file and dialect, and holds them against the listed deviations. */
import { readFileSync } from "node:fs";

/** What came of one case on one dialect. */
export type Outcome =
  | { readonly status: "passed" }
  | { readonly status: "missing" }
  | { readonly status: "failed"; readonly expected: string; readonly actual: string };

/** Whether a failure is listed with a reason. */
export type IsListed = (file: string, dialect: string, id: string) => boolean;

/** Reads deviations.md: `- core postgresql case.id: reason`, `*` for every dialect. */
export function readDeviations(): IsListed {
  const text = readFileSync(new URL("./deviations.md", import.meta.url), "utf8");
  const listed = new Set(
    [...text.matchAll(/^- (\w+) ([\w*]+) ([\w.]+): /gm)].map(([, file, dialect, id]) => `${file} ${dialect} ${id}`),
  );
  return (file, dialect, id) =>
    listed.has(`${file} ${dialect} ${id}`) || (dialect !== "types" && listed.has(`${file} * ${id}`));
}

/** Collects the outcomes of a run. */
export class Report {
  readonly #excluded = new Map<string, Map<string, string[]>>();
  readonly #counts = new Map<string, { passed: number; total: number; deviating: number; missing: number }>();
  readonly #failures: { readonly key: string; readonly outcome: Extract<Outcome, { status: "failed" }> }[] = [];
  readonly #stale: string[] = [];
  readonly #isListed: IsListed;

  constructor(isListed: IsListed) {
    this.#isListed = isListed;
  }

  add(file: string, dialect: string, id: string, outcome: Outcome): void {
    const key = `${file} ${dialect}`;
    let counts = this.#counts.get(key);
    if (counts === undefined) this.#counts.set(key, (counts = { passed: 0, total: 0, deviating: 0, missing: 0 }));
    counts.total++;
    if (outcome.status === "missing") counts.missing++;
    else if (outcome.status === "passed") {
      counts.passed++;
      if (this.#isListed(file, dialect, id)) this.#stale.push(`${key} ${id}`);
    } else if (this.#isListed(file, dialect, id)) counts.deviating++;
    else this.#failures.push({ key: `${key} ${id}`, outcome });
  }

  /** Notes a case that does not apply, and why: "12 rest on implicit loading". */
  exclude(file: string, dialect: string, id: string, reason: string): void {
    const key = `${file} ${dialect}`;
    const reasons = this.#excluded.get(key) ?? new Map<string, string[]>();
    this.#excluded.set(key, reasons);
    reasons.set(reason, [...(reasons.get(reason) ?? []), id]);
  }

  /** Prints a line per file and dialect; returns whether all that is not listed passed. */
  print(verbose: boolean): { readonly passed: number; readonly failed: number } {
    if (verbose)
      for (const { key, outcome } of this.#failures)
        console.log(`✗ ${key}\n    expected ${outcome.expected}\n    actual   ${outcome.actual}`);
    for (const key of this.#stale) console.log(`listed as a deviation, but it passes: ${key}`);
    for (const [key, { passed, total, deviating, missing }] of [...this.#counts].sort()) {
      const notes = [
        deviating > 0 ? `${deviating} listed deviations` : "",
        missing > 0 ? `${missing} without the dialect's package` : "",
        ...[...(this.#excluded.get(key) ?? [])].map(([reason, ids]) => `${ids.length} more ${reason}`),
      ].filter((note) => note !== "");
      console.log(`${key} ${passed}/${total}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`);
    }
    const passed = [...this.#counts.values()].reduce((sum, counts) => sum + counts.passed, 0);
    return { passed, failed: this.#failures.length };
  }

  /** Ids that failed without being listed. */
  get failures(): readonly string[] {
    return this.#failures.map(({ key }) => key);
  }
}
