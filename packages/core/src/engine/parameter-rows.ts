/** The parameter sets of one execution. Next: ./steps/execute-many.ts. */
import type { BindParameter } from "../expression/bind.ts";
import type { Prepared } from "./prepared.ts";
import type { ParameterSet, ReadSet, SetReaders } from "./set-reader.ts";

/** Several parameter sets for one statement; values by bind are made when they are asked for. */
export class ParameterRows {
  readonly sets: readonly ParameterSet[];
  readonly #prepared: Prepared;
  readonly #keyed: readonly BindParameter[] | null;
  readonly #given: ParameterSet | null;
  readonly #computed: unknown[][] | null;

  /** @param computed values that have been worked out, defaults among them; null: the sets say all. */
  constructor(
    prepared: Prepared,
    keyed: readonly BindParameter[] | null,
    sets: readonly ParameterSet[],
    given: ParameterSet | null = null,
    computed: unknown[][] | null = null,
  ) {
    this.#prepared = prepared;
    this.#keyed = keyed;
    this.sets = sets;
    this.#given = given;
    this.#computed = computed;
  }

  get length(): number {
    return this.sets.length;
  }

  /** One value per bind of the statement, not converted. */
  values(index: number): readonly unknown[] {
    const computed = this.#computed;
    if (computed !== null) return computed[index] as unknown[];
    return this.#prepared.values(this.#keyed, this.sets[index] as ParameterSet, this.#given, index);
  }

  /** Reads sets by the given order of binds; null where values come from elsewhere too. */
  reader(readers: SetReaders): ReadSet | null {
    if (this.#computed !== null || this.#given !== null) return null;
    return readers.for(this.sets[0] as ParameterSet);
  }
}
