/** The statements that a compilation is inside of, and what each of them shows to those within. Used by ./compiler.ts. */
import type { Node } from "../ast/node.ts";
import type { FromElement } from "../expression/from-element.ts";
import type { NamedColumn } from "../selectable/naming.ts";

const noFroms: ReadonlySet<FromElement> = new Set();

/** One statement on the way: the outermost, or one inside it. */
export class Frame {
  readonly statement: Node;
  /** Named columns, for ORDER BY and GROUP BY by label. */
  readonly columns: readonly NamedColumn[];
  readonly #froms: readonly Node[];
  readonly #outer: Frame | undefined;
  #own: ReadonlySet<FromElement> | undefined;
  #all: ReadonlySet<FromElement> | undefined;

  /** Tables that have an alias in this statement, as the database knows them (./ansi/renamed.ts). */
  renamed: ReadonlyMap<FromElement, string> | null = null;

  /** `froms` are the statement's own; `outer` is the statement around it whose FROM objects it may refer to. */
  constructor(
    statement: Node,
    froms: readonly Node[] = [],
    outer: Frame | undefined = undefined,
    columns: readonly NamedColumn[] = [],
  ) {
    this.statement = statement;
    this.columns = columns;
    this.#froms = froms;
    this.#outer = outer;
  }

  /** FROM objects of this statement itself, with those inside its joins. */
  get asFromFroms(): ReadonlySet<FromElement> {
    if (this.#own !== undefined) return this.#own;
    if (this.#froms.length === 0) return (this.#own = noFroms);
    const own = new Set<FromElement>();
    for (const from of this.#froms) {
      own.add(from as FromElement);
      for (const inner of (from as { hides?: readonly FromElement[] }).hides ?? []) own.add(inner);
    }
    return (this.#own = own);
  }

  /** FROM objects that statements inside may refer to without listing them. */
  get correlateFroms(): ReadonlySet<FromElement> {
    if (this.#all !== undefined) return this.#all;
    const outer = this.#outer?.correlateFroms ?? noFroms;
    return (this.#all = outer.size === 0 ? this.asFromFroms : new Set([...outer, ...this.asFromFroms]));
  }
}

/** A frame that shows what its surroundings show: set operations. */
export class TransparentFrame extends Frame {
  readonly #around: Frame | undefined;

  constructor(statement: Node, around: Frame | undefined, columns: readonly NamedColumn[]) {
    super(statement, [], undefined, columns);
    this.#around = around;
  }

  override get asFromFroms(): ReadonlySet<FromElement> {
    return this.#around?.asFromFroms ?? noFroms;
  }

  override get correlateFroms(): ReadonlySet<FromElement> {
    return this.#around?.correlateFroms ?? noFroms;
  }
}
