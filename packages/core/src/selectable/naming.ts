/** Gives every column of a SELECT its name: which need a label, and how columns of the same name are told apart. */
import { AnonName, type JoinedName, joinNames, type Name } from "../ast/name.ts";
import type { Node } from "../ast/node.ts";
import { Cast, TypeCoerce } from "../expression/cast.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { Label } from "../expression/label.ts";
import { LiteralColumn } from "../expression/literal-column.ts";

/** No labels at all. */
export const LABEL_STYLE_NONE: "none" = "none";
/** `table_column` for every column. */
export const LABEL_STYLE_TABLENAME_PLUS_COL: "tablenamePlusCol" = "tablenamePlusCol";
/** Labels only where names collide. */
export const LABEL_STYLE_DISAMBIGUATE_ONLY: "disambiguateOnly" = "disambiguateOnly";
/** The default, {@link LABEL_STYLE_DISAMBIGUATE_ONLY}. */
export const LABEL_STYLE_DEFAULT: "disambiguateOnly" = "disambiguateOnly";

/** How the columns of a SELECT are labelled. */
export type LabelStyle =
  | typeof LABEL_STYLE_NONE
  | typeof LABEL_STYLE_TABLENAME_PLUS_COL
  | typeof LABEL_STYLE_DISAMBIGUATE_ONLY;

/** A column of a SELECT under its name. */
export interface NamedColumn {
  readonly column: Node;
  /** The label that must be rendered; null where the column's own rendering gives it its name. */
  readonly label: Name | null;
  /** The name that the result or an enclosing query knows; null for text. */
  readonly name: Name | null;
  /** The same column under the same name has been there before. */
  readonly repeated: boolean;
  /** Of a repeated column: the name of the first one, which is what an enclosing query reads. */
  readonly first?: Name;
}

/** Names the columns of one SELECT. */
export function nameColumns(columns: readonly Node[], style: LabelStyle): NamedColumn[] {
  const seen = new Map<string | AnonName | JoinedName, ColumnElement>();
  const qualified = style === LABEL_STYLE_TABLENAME_PLUS_COL;
  let duplicates = 0;
  const again = (column: ColumnElement, base: Name): AnonName =>
    repeatLabel(column.canonical, base, qualified ? -++duplicates : ++duplicates);
  return columns.map((column): NamedColumn => {
    if (!(column instanceof ColumnElement)) return { column, label: null, name: null, repeated: false };
    if (style === LABEL_STYLE_NONE) {
      const name = column.resultName ?? column.anonLabel;
      // What only passes a column's name on (CAST) needs AS to do so.
      return { column, label: typeof name === "string" && needsLabel(column) ? name : null, name, repeated: false };
    }
    const own = naturalName(column, qualified);
    if (own === null) {
      const anonymous = column.anonLabel;
      if (!seen.has(anonymous)) {
        seen.set(anonymous, column);
        return { column, label: anonymous, name: anonymous, repeated: false };
      }
      const label = again(column, qualified ? "anon" : anonymous.base);
      return { column, label, name: label, repeated: true, first: anonymous };
    }
    const known = seen.get(own);
    if (known === undefined) {
      seen.set(own, column);
      return {
        column,
        label: (qualified && !isBare(column)) || needsLabel(column) ? own : null,
        name: own,
        repeated: false,
      };
    }
    // Columns of no table and literal ones are what the program wrote; nothing tells them from others of their name.
    if (isBare(column)) return { column, label: null, name: own, repeated: false };
    // A label that the user chose stays, also where a column has the same name.
    if (column instanceof Label && known.canonical !== column.canonical)
      return { column, label: null, name: own, repeated: false };
    if (known.canonical !== column.canonical) {
      const plain = column.canonical;
      const label = (qualified ? namedColumn(plain)?.anonQualifiedLabel : undefined) ?? plain.anonLabel;
      if (!seen.has(label)) {
        seen.set(label, column);
        return { column, label, name: label, repeated: false };
      }
      const repeated = again(column, own);
      return { column, label: repeated, name: repeated, repeated: true, first: label };
    }
    const label = again(column, own);
    return { column, label, name: label, repeated: true, first: own };
  });
}

const repeatLabels = new WeakMap<ColumnElement, Map<number, AnonName>>();

/**
 * The label of a column where it stands in one list once more. Numbered through the whole statement, and so the same for
 * members of a set operation that repeat the same column. The count is negative where the base has the table's name in it.
 */
function repeatLabel(column: ColumnElement, base: Name, count: number): AnonName {
  let labels = repeatLabels.get(column);
  if (labels === undefined) repeatLabels.set(column, (labels = new Map()));
  let label = labels.get(count);
  if (label === undefined) labels.set(count, (label = new AnonName(joinNames(base, "_"))));
  return label;
}

function naturalName(column: ColumnElement, qualified: boolean): Name | null {
  return (qualified ? namedColumn(column)?.qualifiedName : undefined) ?? column.resultName;
}

/**
 * The quoting that a label takes over from the names that it is made of: of the column, or else of its table. Null: by the
 * dialect's rules.
 */
export function labelQuote(column: ColumnElement, label: string): boolean | null {
  if (column instanceof Label) return column.quote;
  const source = namedColumn(column);
  if (source === undefined) return null;
  if (source.name === label) return source.quote;
  return source.qualifiedName === label ? (source.quote ?? source.table?.quote ?? null) : null;
}

/** The column whose name an expression has: CAST and type coercions pass it on. */
function namedColumn(column: ColumnElement): ColumnClause | undefined {
  if (column instanceof ColumnClause) return column;
  return column instanceof Cast || column instanceof TypeCoerce ? namedColumn(column.element) : undefined;
}

/** Whether a column is what the program wrote: of no table, or SQL text. */
function isBare(column: ColumnElement): boolean {
  return column instanceof LiteralColumn || (column instanceof ColumnClause && column.table === null);
}

/** Whether SQL would not know the column by its name without AS. */
function needsLabel(column: ColumnElement): boolean {
  return !(
    column instanceof ColumnClause ||
    column instanceof Label ||
    column instanceof LiteralColumn ||
    column.namesItself
  );
}

/** The keys under which an enclosing query's `c` knows the columns; one that is there already is numbered: `id`, `id_1`. */
export function keyColumns(columns: readonly NamedColumn[], style: LabelStyle): (string | null)[] {
  const used = new Set<string>();
  return columns.map(({ column, name, first }) => {
    if (!(column instanceof ColumnElement)) return null;
    const known = first ?? name;
    const base = style === LABEL_STYLE_TABLENAME_PLUS_COL ? nameText(known) : (column.key ?? nameText(known));
    return base === null ? anonymousKey(known, used) : freeKey(base, used);
  });
}

function nameText(name: Name | null): string | null {
  return typeof name === "string" ? name : null;
}

/** `count` for the first `count(…)`, as SQLAlchemy has it; `anon_1` for the first expression that has no name at all. */
function anonymousKey(name: Name | null, used: Set<string>): string | null {
  const base = name !== null && typeof name !== "string" && "base" in name ? name.base : null;
  if (typeof base !== "string") return null;
  return base === "anon" ? freeKey("anon_1", used, "anon", 2) : freeKey(base, used);
}

/** `wanted`, or the first free one of `base_1`, `base_2`, … */
function freeKey(wanted: string, used: Set<string>, base = wanted, from = 1): string {
  let key = wanted;
  for (let n = from; used.has(key); n++) key = `${base}_${n}`;
  used.add(key);
  return key;
}
