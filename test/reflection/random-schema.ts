/** Random schemas as plain data, which shrink and print well, and what they come to as a MetaData. What a database has: ./forms-*.ts. */
import {
  CheckConstraint,
  type Column,
  column,
  computed,
  foreignKeyConstraint,
  Index,
  MetaData,
  PrimaryKeyConstraint,
  type SqlType,
  type Table,
  table,
  uniqueConstraint,
  verbatim,
} from "@athanor/core";
import fc from "fast-check";

/** A type with what a column of it can be. */
export interface TypeForm {
  readonly make: () => SqlType;
  /** DEFAULT as the database keeps it. */
  readonly defaults?: readonly string[];
  /** It can be part of a key. */
  readonly keyable?: boolean;
  /** An integer: checks, computed columns and arithmetic use it. */
  readonly integer?: boolean;
  /** Text: expressions of text use it. */
  readonly text?: boolean;
  /** Keys of this type are not referred to: the type depends on options of the table. */
  readonly local?: boolean;
  /** A key of this type can number itself. */
  readonly numbers?: boolean;
}

/** What stands in an index, from the SQL of an integer column and of a text column. */
export interface IndexForm {
  readonly parts: (columns: FormColumns) => readonly unknown[] | null;
  readonly options?: (columns: FormColumns) => Record<string, unknown>;
}

/** The columns of a table that forms can be about. */
export interface FormColumns {
  readonly integers: readonly Column[];
  readonly texts: readonly Column[];
  readonly keyable: readonly Column[];
  readonly all: readonly Column[];
  /** The name as the database writes it in expressions. */
  readonly name: (column: Column) => string;
}

/** What a database has. */
export interface Forms {
  readonly types: readonly TypeForm[];
  readonly names: readonly string[];
  /** A column's name in an expression, as the database writes it. */
  readonly name: (name: string) => string;
  /** Conditions as the database writes them. */
  readonly checks: readonly ((columns: FormColumns) => string | null)[];
  readonly checkOptions: readonly Record<string, unknown>[];
  /** Expressions of an integer, as the database writes them. */
  readonly computations: readonly ((name: string) => string)[];
  readonly persisted: readonly boolean[];
  readonly indexes: readonly IndexForm[];
  readonly tableOptions: readonly Record<string, unknown>[];
  /** Options of tables with a primary key. */
  readonly keyedTableOptions: readonly Record<string, unknown>[];
  /** Options of tables whose key numbers itself; null: nothing does. */
  readonly numberedTableOptions: readonly Record<string, unknown>[] | null;
  readonly keyOptions: readonly Record<string, unknown>[];
  readonly uniqueOptions: readonly Record<string, unknown>[];
  readonly foreignKeyOptions: readonly Record<string, unknown>[];
  /** Options of columns; null for those that do not go with the type. */
  readonly columnItems: readonly ((
    form: TypeForm,
  ) => { items?: unknown[]; options?: Record<string, unknown> } | null)[];
  readonly comments: boolean;
  /** Whether the database keeps constraints without a name as such; `always`: it keeps no name. */
  readonly unnamed: {
    readonly primaryKey: boolean | "always";
    readonly unique: boolean;
    readonly check: boolean;
    readonly foreignKey: boolean;
  };
  /** UNIQUE constraints are nothing but unique indexes. */
  readonly uniquesAreIndexes: boolean;
}

interface ColumnData {
  readonly name: number;
  readonly type: number;
  readonly nullable: boolean;
  readonly default: number;
  readonly item: number;
  readonly computed: number;
  readonly comment: string | null;
}

interface KeyData {
  readonly columns: readonly number[];
  readonly name: number;
  readonly option: number;
}

interface ForeignKeyData {
  readonly table: number;
  readonly key: number;
  readonly name: number;
  readonly option: number;
}

interface TableData {
  readonly columns: readonly ColumnData[];
  readonly primaryKey: KeyData | null;
  readonly uniques: readonly KeyData[];
  readonly checks: readonly { readonly form: number; readonly name: number; readonly option: number }[];
  readonly foreignKeys: readonly ForeignKeyData[];
  readonly indexes: readonly { readonly form: number; readonly name: number; readonly pick: number }[];
  readonly option: number;
  readonly comment: string | null;
}

export interface SchemaData {
  readonly tables: readonly TableData[];
  readonly naming: number;
}

const number = fc.nat(1000);
const comments = fc.option(
  fc.constantFrom("plain", "it's", 'say "x"', "50% :a \\ done", "two\nlines", "ñ 日本", "--", "semi; (colon)"),
  { nil: null, freq: 3 },
);
const key = fc.record({ columns: fc.array(number, { minLength: 1, maxLength: 3 }), name: number, option: number });

export const schemas: fc.Arbitrary<SchemaData> = fc.record({
  naming: number,
  tables: fc.array(
    fc.record({
      columns: fc.array(
        fc.record({
          name: number,
          type: number,
          nullable: fc.boolean(),
          default: number,
          item: number,
          computed: number,
          comment: comments,
        }),
        { minLength: 2, maxLength: 7 },
      ),
      primaryKey: fc.option(key, { nil: null }),
      uniques: fc.array(key, { maxLength: 2 }),
      checks: fc.array(fc.record({ form: number, name: number, option: number }), { maxLength: 2 }),
      foreignKeys: fc.array(fc.record({ table: number, key: number, name: number, option: number }), { maxLength: 2 }),
      indexes: fc.array(fc.record({ form: number, name: number, pick: number }), { maxLength: 3 }),
      option: number,
      comment: comments,
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

function pick<T>(from: readonly T[], at: number): T {
  return from[at % from.length] as T;
}

/** Names that nothing else has. */
class Names {
  readonly #used = new Set<string>();
  readonly #pool: readonly string[];

  constructor(pool: readonly string[]) {
    this.#pool = pool;
  }

  next(at: number): string {
    const name = pick(this.#pool, at);
    for (let count = 0; ; count++) {
      const candidate = count === 0 ? name : `${name.slice(0, 58)}${count}`;
      if (this.#used.has(candidate.toLowerCase())) continue;
      this.#used.add(candidate.toLowerCase());
      return candidate;
    }
  }
}

/** A key of a table that others can refer to. */
interface Referable {
  readonly table: Table;
  readonly columns: readonly Column[];
}

/** The schema as a MetaData. */
export function build(data: SchemaData, forms: Forms, schema: string | null): MetaData {
  const metadata = new MetaData();
  const names = new Names(forms.names);
  const keys: Referable[] = [];
  for (const each of data.tables) buildTable(each, forms, metadata, schema, names, keys);
  return metadata;
}

function buildTable(
  data: TableData,
  forms: Forms,
  metadata: MetaData,
  schema: string | null,
  names: Names,
  keys: Referable[],
): void {
  const made = table(names.next(data.option), metadata, {
    ...pick(forms.tableOptions, data.option),
    schema,
    comment: forms.comments ? data.comment : null,
  } as never) as unknown as Table;
  const columnNames = new Names(forms.names);
  const facts: { readonly column: Column; readonly form: TypeForm; readonly plain: boolean }[] = [];
  for (const each of data.columns) {
    const form = pick(forms.types, each.type);
    const integer = facts.find((fact) => fact.plain && fact.form === form);
    const isComputed =
      form.integer === true && integer !== undefined && each.computed % 5 === 0 && forms.persisted.length > 0;
    const extra = isComputed ? null : pick(forms.columnItems, each.item)(form);
    const fallback =
      isComputed || form.defaults === undefined || extra?.items !== undefined || each.default % 3 !== 0
        ? null
        : pick(form.defaults, Math.floor(each.default / 3));
    const added = column(
      columnNames.next(each.name),
      form.make(),
      ...((isComputed
        ? [
            computed(verbatim(pick(forms.computations, each.item)(forms.name((integer.column as Column).name))), {
              persisted: pick(forms.persisted, each.computed),
            }),
          ]
        : (extra?.items ?? [])) as []),
      {
        nullable: each.nullable,
        ...(fallback === null ? {} : { serverDefault: verbatim(fallback) }),
        ...(isComputed ? { nullable: true } : extra?.options),
        comment: forms.comments ? each.comment : null,
        ...(extra?.items === undefined ? { autoincrement: false } : {}),
      } as never,
    ) as unknown as Column;
    made.appendColumn(added);
    facts.push({ column: added, form, plain: !isComputed && extra?.items === undefined });
  }
  const plain = facts.filter((fact) => fact.plain);
  const keyable = plain.filter((fact) => fact.form.keyable === true).map((fact) => fact.column);
  const columns: FormColumns = {
    integers: plain.filter((fact) => fact.form.integer === true).map((fact) => fact.column),
    texts: plain.filter((fact) => fact.form.text === true).map((fact) => fact.column),
    keyable,
    all: facts.map((fact) => fact.column),
    name: ({ name }) => forms.name(name),
  };
  const chosen = (places: readonly number[]): Column[] =>
    keyable.length === 0 ? [] : [...new Set(places.map((place) => pick(keyable, place)))];
  const named = (given: number, mayLack: boolean | "always"): string | null =>
    mayLack === "always" || (mayLack && given % 3 === 0) ? null : names.next(given);

  const isReferable = (of: readonly Column[]): boolean =>
    !facts.some((fact) => of.includes(fact.column) && fact.form.local === true);
  const primaryKey = data.primaryKey === null ? [] : chosen(data.primaryKey.columns);
  if (data.primaryKey !== null && primaryKey.length > 0) {
    for (const each of primaryKey) each.nullable = false;
    const [only] = primaryKey as [Column];
    const numbers =
      primaryKey.length === 1 &&
      forms.numberedTableOptions !== null &&
      only.serverDefault === null &&
      facts.some((fact) => fact.column === only && fact.form.numbers === true) &&
      // MySQL: no expression may name a column that numbers itself.
      !(forms.uniquesAreIndexes && data.checks.length + data.indexes.length + facts.length - plain.length > 0) &&
      data.primaryKey.option % 2 === 0;
    if (numbers) only.autoincrement = true;
    const options = numbers ? forms.numberedTableOptions : forms.keyedTableOptions;
    made.dialectOptions = { ...made.dialectOptions, ...pick(options as never, data.primaryKey.name) };
    const keyOptions = pick(forms.keyOptions, data.primaryKey.option);
    made.appendConstraint(
      new PrimaryKeyConstraint(
        primaryKey.map((each) => each.key as string),
        { ...keyOptions, name: named(data.primaryKey.name, forms.unnamed.primaryKey) },
      ),
    );
    if (keyOptions["deferrable"] !== true && isReferable(primaryKey)) keys.push({ table: made, columns: primaryKey });
  }
  const later: Referable[] = [];
  const uniqueSets = new Set([columnSet(primaryKey)]);
  for (const each of data.uniques) {
    const of = chosen(each.columns);
    if (of.length === 0 || uniqueSets.has(columnSet(of))) continue;
    uniqueSets.add(columnSet(of));
    const options = pick(forms.uniqueOptions, each.option);
    const name = named(each.name, forms.unnamed.unique);
    const keyNames = of.map((item) => item.key as string);
    made.appendConstraint(
      forms.uniquesAreIndexes
        ? new Index(name, of, { unique: true })
        : uniqueConstraint(...keyNames, { ...options, name } as never),
    );
    // An index is there after its table, for the tables behind it.
    if (!isReferable(of)) continue;
    if (forms.uniquesAreIndexes) later.push({ table: made, columns: of });
    else if (options["deferrable"] !== true) keys.push({ table: made, columns: of });
  }
  for (const each of data.checks) {
    const condition = pick(forms.checks, each.form)(columns);
    if (condition === null) continue;
    const options = { ...pick(forms.checkOptions, each.option), name: named(each.name, forms.unnamed.check) };
    made.appendConstraint(new CheckConstraint(verbatim(condition), options));
  }
  for (const each of data.foreignKeys) {
    if (keys.length === 0) break;
    const target = pick(keys, each.key);
    const own = target.columns.map((referred) => {
      const added = column(columnNames.next(each.name + each.table), referred.type, {
        nullable: true,
      } as never) as unknown as Column;
      made.appendColumn(added);
      return added;
    });
    made.appendConstraint(
      foreignKeyConstraint(
        own.map((item) => item.key as string) as never,
        [...target.columns] as never,
        {
          ...pick(forms.foreignKeyOptions, each.option),
          name: named(each.name, forms.unnamed.foreignKey),
        } as never,
      ),
    );
  }
  keys.push(...later);
  for (const each of data.indexes) {
    const form = pick(forms.indexes, each.form);
    const parts = form.parts(rotated(columns, each.pick));
    if (parts === null) continue;
    made.appendConstraint(
      new Index(names.next(each.name), parts as never, (form.options?.(rotated(columns, each.pick)) ?? {}) as never),
    );
  }
}

const columnSet = (columns: readonly Column[]): string =>
  columns
    .map((each) => each.name)
    .sort()
    .join("\0");

/** Other columns first. */
function rotated(columns: FormColumns, by: number): FormColumns {
  const turn = <T>(list: readonly T[]): T[] => {
    const at = list.length === 0 ? 0 : by % list.length;
    return [...list.slice(at), ...list.slice(0, at)];
  };
  return {
    ...columns,
    integers: turn(columns.integers),
    texts: turn(columns.texts),
    keyable: turn(columns.keyable),
    all: turn(columns.all),
  };
}
