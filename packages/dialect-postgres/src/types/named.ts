/** Types that live in a schema under a name: ENUM and DOMAIN. Their DDL is in ../expressions/named-type-ddl.ts. */
import {
  ArgumentError,
  type BareType,
  type ColumnElement,
  defineVisitName,
  describe,
  type EnumObject,
  type EnumOptions,
  EnumType,
  type EnumValues,
  factories,
  makeFactory,
  type Processor,
  runTypeDdl,
  SqlType,
  type TextClause,
  type TypeBind,
  type TypeCreateOptions,
  type TypeDialect,
  type TypeLike,
  toType,
} from "@athanor/core";

/** A native enumeration. */
export class PgEnum<T = string> extends EnumType<T> {}
defineVisitName(PgEnum, "ENUM");

/** `pg.ENUM("sad", "ok", { name: "mood" })` */
export interface PgEnumFactory extends BareType<PgEnum> {
  <const Value extends string>(...values: readonly Value[]): PgEnum<Value>;
  <const Value extends string>(...args: readonly [...values: Value[], options: EnumOptions]): PgEnum<Value>;
  <const Members extends EnumObject>(members: Members, options?: EnumOptions): PgEnum<EnumValues<Members>>;
}
/** An enumeration, a type of its own: `pg.ENUM("a", "b", { name: "letters" })`. Created and dropped with the tables that use it. */
export const ENUM: PgEnumFactory = makeFactory(PgEnum);

/** Options of {@link DOMAIN}. */
export interface DomainOptions {
  readonly collation?: string;
  /** The schema of the collation. */
  readonly collationSchema?: string;
  /** The default: a string is a literal, SQL is text() or an expression. */
  readonly default?: string | TextClause | ColumnElement;
  readonly constraintName?: string;
  readonly notNull?: boolean;
  /** SQL of the CHECK constraint about `VALUE`. */
  readonly check?: string | TextClause | ColumnElement;
  /** Create and drop the domain together with its tables. Default true. */
  readonly createType?: boolean;
  readonly schema?: string | null;
  readonly quote?: boolean;
  /** The MetaData that creates and drops the domain. */
  readonly metadata?: object;
}

/** What {@link DOMAIN} takes: its name and the type behind it stand first, or among the options. */
export type DomainArguments<Type extends TypeLike = TypeLike> =
  | readonly [name: string, dataType: Type, options?: DomainOptions]
  | readonly [options: DomainOptions & { readonly name: string; readonly dataType: Type }];

/** A domain: another type under a name, with a default and constraints. */
export class Domain<T = unknown, Input = T, Ops = unknown> extends SqlType<T, Input, Ops> {
  readonly name: string;
  readonly dataType: SqlType;
  readonly collation: string | undefined;
  readonly collationSchema: string | undefined;
  readonly default: DomainOptions["default"];
  readonly constraintName: string | undefined;
  readonly notNull: boolean;
  readonly check: DomainOptions["check"];
  readonly createType: boolean;
  readonly schema: string | null | undefined;
  readonly quote: boolean | undefined;
  readonly metadata: object | undefined;

  constructor(name: string, dataType: TypeLike, options: DomainOptions = {}) {
    super();
    if (typeof name !== "string" || name === "")
      throw new ArgumentError(`the name of a domain must be a string, not ${describe(name)}`);
    this.name = name;
    this.dataType = toType(dataType);
    this.collation = options.collation;
    this.collationSchema = options.collationSchema;
    this.default = options.default;
    this.constraintName = options.constraintName;
    this.notNull = options.notNull ?? false;
    this.check = options.check;
    this.createType = options.createType ?? true;
    this.schema = options.schema;
    this.quote = options.quote;
    this.metadata = options.metadata;
  }

  /** `CREATE DOMAIN`, if it is not there yet. */
  create<R>(bind: TypeBind<R>, options: TypeCreateOptions = {}): R {
    return runTypeDdl("create", this, bind, options);
  }

  /** `DROP DOMAIN`, if it is there. */
  drop<R>(bind: TypeBind<R>, options: TypeCreateOptions = {}): R {
    return runTypeDdl("drop", this, bind, options);
  }

  override get affinity(): SqlType["affinity"] {
    return this.dataType.affinity;
  }
  override get comparator(): SqlType["comparator"] {
    return this.dataType.comparator;
  }
  override accepts(value: unknown): boolean {
    return this.dataType.accepts(value);
  }
  override adaptOperator(...args: Parameters<SqlType["adaptOperator"]>): ReturnType<SqlType["adaptOperator"]> {
    return this.dataType.adaptOperator(...args);
  }
  override bindProcessor(dialect: TypeDialect): Processor {
    return dialect.adaptType(this.dataType).bindProcessor(dialect);
  }
  override resultProcessor(dialect: TypeDialect, typeCode?: number | string): Processor {
    return dialect.adaptType(this.dataType).resultProcessor(dialect, typeCode);
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return dialect.adaptType(this.dataType).literalProcessor(dialect);
  }
  override compareValues(a: T, b: T): boolean {
    return this.dataType.compareValues(a, b);
  }
}
defineVisitName(Domain, "DOMAIN");

/** `pg.DOMAIN("posint", t.integer, { check: "VALUE > 0" })` */
export type DomainFactory = <T, Input, Ops>(...args: DomainArguments<TypeLike<T, Input, Ops>>) => Domain<T, Input, Ops>;
/** A domain, a type with conditions: `pg.DOMAIN("positive", t.integer, { check: "VALUE > 0" })`. */
export const DOMAIN: DomainFactory = ((...[first, dataType, options]: readonly [never, TypeLike, DomainOptions?]) => {
  const named = first as string | (DomainOptions & { readonly name: string; readonly dataType: TypeLike });
  if (typeof named !== "object" || named === null) return new Domain(named, dataType, options);
  return new Domain(named.name, named.dataType, named);
}) as DomainFactory;
factories.add(DOMAIN);
