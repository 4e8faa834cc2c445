/**
 * Names that are only known when a statement is compiled: `anon_1`, `id_1`, `param_2`. A name is a plain string, an
 * `AnonName` (identity decides: the same object always resolves to the same text), or a concatenation of both.
 */

/** A name, possibly one that the compiler still has to make up. */
export type Name = string | AnonName | JoinedName;

/** Resolves to `<base>_<n>`, where `n` counts the anonymous names of one statement that share the base. */
export class AnonName {
  readonly base: Name;

  constructor(base: Name) {
    // Names of binds and labels must stand in SQL unquoted and in `:name` markers.
    this.base =
      typeof base === "string" && unsafe.test(base)
        ? base.replaceAll(/[%() $]+/g, "_").replaceAll(/^_+|_+$/g, "")
        : base;
  }
}

const unsafe = /[%() $]/;

/** Names glued together, e.g. the alias `anon_1` and `_id`. */
export class JoinedName {
  readonly parts: readonly Name[];

  constructor(parts: readonly Name[]) {
    this.parts = parts;
  }
}

/** Joins names; stays a plain string where every part is one. */
export function joinNames(...parts: readonly Name[]): Name {
  return parts.every((part) => typeof part === "string") ? parts.join("") : new JoinedName(parts);
}

/** Hands out the anonymous names of one statement. */
export class NameScope {
  readonly #resolved = new Map<AnonName, string>();
  readonly #counters = new Map<string, number>();

  resolve(name: Name): string {
    if (typeof name === "string") return name;
    if (name instanceof JoinedName) return name.parts.map((part) => this.resolve(part)).join("");
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const base = this.resolve(name.base);
    const count = (this.#counters.get(base) ?? 0) + 1;
    this.#counters.set(base, count);
    const text = `${base}_${count}`;
    this.#resolved.set(name, text);
    return text;
  }
}

/** A string that says whether it is to be quoted, whatever the dialect's rules would say. */
export class QuotedName extends String {
  readonly quote: boolean | null;

  constructor(text: string, quote: boolean | null) {
    super(text);
    this.quote = quote;
  }
}

/** The quoting that a name was given with; null: by the dialect's rules. */
export function quoteOf(name: unknown): boolean | null {
  return name instanceof QuotedName ? name.quote : null;
}
