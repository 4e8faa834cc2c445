/** `GENERATED … AS IDENTITY`: numbers that the database makes for a column. */
import { defineKind } from "../ast/node.ts";
import { takeDialectOptions } from "../selectable/dialect-options.ts";
import {
  asOracleOption,
  type GeneratorOptions,
  type GeneratorSettings,
  generatorOptionNames,
  generatorOptions,
  readGeneratorOptions,
} from "./generator-options.ts";
import { FetchedValue } from "./server-default.ts";

/** Options of {@link identity}. */
export interface IdentityOptions extends GeneratorOptions {
  /** `GENERATED ALWAYS`: values given by INSERT are refused. Default false: `BY DEFAULT`. */
  readonly always?: boolean | undefined;
  /** Oracle: also where NULL is given. The same as `oracleOnNull`. */
  readonly onNull?: boolean | undefined;
}

const optionNames = new Set([...generatorOptionNames, "always", "onNull"]);

/** An identity column's numbering. */
export class Identity extends FetchedValue implements GeneratorSettings {
  declare readonly "~item": "identity";
  readonly always: boolean;
  readonly start: number | bigint | null;
  readonly increment: number | bigint | null;
  readonly minvalue: number | bigint | null;
  readonly maxvalue: number | bigint | null;
  readonly nominvalue: boolean | null;
  readonly nomaxvalue: boolean | null;
  readonly cycle: boolean | null;
  readonly cache: number | bigint | null;

  constructor(options: IdentityOptions = {}) {
    super();
    const settings = readGeneratorOptions(options);
    this.always = options.always ?? false;
    this.start = settings.start;
    this.increment = settings.increment;
    this.minvalue = settings.minvalue;
    this.maxvalue = settings.maxvalue;
    this.nominvalue = settings.nominvalue;
    this.nomaxvalue = settings.nomaxvalue;
    this.cycle = settings.cycle;
    this.cache = settings.cache;
    const given = takeDialectOptions(options, optionNames, "identity()");
    this.dialectOptions = asOracleOption(asOracleOption(given, "order", options.order), "onNull", options.onNull);
  }

  override asForUpdate(): Identity {
    return this;
  }

  override copy(): Identity {
    return new Identity({ ...generatorOptions(this, this.dialectOptions), always: this.always });
  }
}
defineKind(Identity, "identityColumn");

/** A column numbered by the database: `column(t.integer, identity({ start: 100 }), { primaryKey: true })`. */
export function identity(options: IdentityOptions = {}): Identity {
  return new Identity(options);
}
