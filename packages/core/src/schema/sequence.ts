/** Sequences: number generators that stand beside tables. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { identityOf } from "../ast/cache-key.ts";
import { QuotedName } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { ColumnClause } from "../expression/column-clause.ts";
import { registerFunction } from "../expression/func.ts";
import { SqlFunction } from "../expression/function.ts";
import { type DialectSpecificOptions, takeDialectOptions } from "../selectable/dialect-options.ts";
import { INTEGERTYPE } from "../types/numeric.ts";
import { type SqlType, type TypeLike, toType } from "../types/type.ts";
import type { SchemaClasses } from "./classes.ts";
import { SchemaEvents } from "./events.ts";
import {
  asOracleOption,
  type GeneratorOptions,
  type GeneratorSettings,
  generatorOptionNames,
  generatorOptions,
  readGeneratorOptions,
} from "./generator-options.ts";
import type { CreateDropOptions, DdlBind } from "./ports.ts";
import { type Info, SchemaItem, setInfo } from "./schema-item.ts";
import { BLANK_SCHEMA, quotedAs, type SchemaName, tableKey } from "./schema-name.ts";

/** Options of {@link sequence}. */
export interface SequenceOptions extends GeneratorOptions, DialectSpecificOptions {
  readonly schema?: SchemaName | undefined;
  /** Type of the numbers, for databases that ask for one. */
  readonly dataType?: TypeLike | undefined;
  /** Only where the database cannot number rows by itself. Default false. */
  readonly optional?: boolean | undefined;
  /** Makes the sequence part of `createAll()` although no column uses it. */
  readonly metadata?: SchemaClasses["metadata"] | undefined;
  readonly quote?: boolean | null | undefined;
  readonly quoteSchema?: boolean | null | undefined;
  /** As an item of a column: for UPDATE instead of INSERT. */
  readonly forUpdate?: boolean | undefined;
  readonly info?: Info | undefined;
}

const optionNames = new Set([
  ...generatorOptionNames,
  "schema",
  "dataType",
  "optional",
  "metadata",
  "quote",
  "quoteSchema",
  "forUpdate",
  "info",
]);

/** A sequence. */
export class Sequence extends SchemaItem implements GeneratorSettings {
  /** Phantom: what kind of column item it is. */
  declare readonly "~item": "default";
  readonly name: string;
  readonly quote: boolean | null;
  readonly schema: string | null;
  readonly quoteSchema: boolean | null;
  readonly start: number | bigint | null;
  readonly increment: number | bigint | null;
  readonly minvalue: number | bigint | null;
  readonly maxvalue: number | bigint | null;
  readonly nominvalue: boolean | null;
  readonly nomaxvalue: boolean | null;
  readonly cycle: boolean | null;
  readonly cache: number | bigint | null;
  readonly dataType: SqlType | null;
  readonly optional: boolean;
  readonly forUpdate: boolean;
  /** The column whose default it is. */
  column: ColumnClause | null = null;
  /** Where it is registered. */
  metadata: SchemaClasses["metadata"] | null = null;
  readonly dispatch: SchemaEvents<Sequence> = new SchemaEvents<Sequence>();

  constructor(name: string | QuotedName, options: SequenceOptions = {}) {
    super();
    const quoted = quotedAs(name, options.quote);
    this.name = String(quoted);
    this.quote = quoted.quote;
    const inherited = options.metadata?.schema ?? null;
    const given = options.schema === BLANK_SCHEMA ? null : (options.schema ?? inherited);
    this.schema = given === null ? null : String(given);
    this.quoteSchema = given === null ? null : quotedAs(given, options.quoteSchema).quote;
    const settings = readGeneratorOptions(options);
    this.start = settings.start;
    this.increment = settings.increment;
    this.minvalue = settings.minvalue;
    this.maxvalue = settings.maxvalue;
    this.nominvalue = settings.nominvalue;
    this.nomaxvalue = settings.nomaxvalue;
    this.cycle = settings.cycle;
    this.cache = settings.cache;
    this.dataType = options.dataType === undefined ? null : toType(options.dataType);
    this.optional = options.optional ?? false;
    this.forUpdate = options.forUpdate ?? false;
    this.dialectOptions = asOracleOption(
      takeDialectOptions(options, optionNames, "sequence()"),
      "order",
      options.order,
    );
    setInfo(this, options.info);
    options.metadata?.registerSequence(this);
  }

  /** Tells it from other defaults, for those who render and execute statements. */
  get defaultKind(): "sequence" {
    return "sequence";
  }

  /** The next number, as an expression. */
  get expression(): NextValue {
    return this.nextValue();
  }

  /** Its key in `metadata.sequences`: `"name"` or `"schema.name"`. */
  get key(): string {
    return tableKey(this.name, this.schema);
  }

  /** The next number, as an expression: `insert(t).values({ id: ids.nextValue() })`. */
  nextValue(): NextValue {
    return new NextValue(this);
  }

  /** `CREATE SEQUENCE`, if it is not there yet. */
  create<R>(bind: DdlBind<R>, options: CreateDropOptions = {}): R {
    return bind._runDdl({
      action: "create",
      target: this,
      tables: null,
      checkfirst: options.checkfirst ?? ["sequences"],
    });
  }

  /** `DROP SEQUENCE`, if it is there. */
  drop<R>(bind: DdlBind<R>, options: CreateDropOptions = {}): R {
    return bind._runDdl({
      action: "drop",
      target: this,
      tables: null,
      checkfirst: options.checkfirst ?? ["sequences"],
    });
  }

  /** A copy that belongs to no column and no MetaData. */
  copy(): Sequence {
    return new Sequence(new QuotedName(this.name, this.quote), {
      ...generatorOptions(this, this.dialectOptions),
      schema: this.schema === null ? null : new QuotedName(this.schema, this.quoteSchema),
      dataType: this.dataType ?? undefined,
      optional: this.optional,
      forUpdate: this.forUpdate,
    });
  }
}
defineKind(Sequence, "sequence");

declare module "./classes.ts" {
  interface SchemaClasses {
    sequence: Sequence;
  }
}

/** The next number of a sequence; each dialect has its own way of writing it. */
export class NextValue extends SqlFunction<number> {
  static override readonly fields: Fields = { sequence: "skip", type: "keyed" };
  readonly sequence: Sequence;

  constructor(source: Sequence) {
    super("next_value", [], source.dataType ?? INTEGERTYPE);
    this.sequence = source;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`(nextValue${identityOf(this.sequence)})`);
  }
}
defineKind(NextValue, "nextValue");

registerFunction("next_value", ([source, ...rest]) => {
  if (!(source instanceof Sequence) || rest.length > 0)
    throw new ArgumentError("func.next_value() takes a sequence", { fix: 'write func.next_value(sequence("ids"))' });
  return source.nextValue();
});

/**
 * A sequence: the default of a column, `column(t.integer, sequence("ids"), { primaryKey: true })`, or by itself with
 * `{ metadata }`.
 */
export function sequence(name: string | QuotedName, options: SequenceOptions = {}): Sequence {
  return new Sequence(name, options);
}
