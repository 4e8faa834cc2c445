/** PostgreSQL: names every collaborator. The folders beside it hold the parts. */
import {
  type BindStyle,
  type Capabilities,
  DefaultDialect,
  type DialectOptions,
  type FunctionVisitors,
  type IdentifierRules,
  type SqlType,
  type TypeVisitors,
  type Visitors,
} from "@athanor/core";
import { postgresCapabilities } from "../capabilities.ts";
import { postgresIdentifiers } from "../quoting.ts";
import { adaptedTypes } from "../types/adapted.ts";
import { postgresFunctionVisitors, postgresVisitors } from "../visitors/table.ts";
import { postgresTypeVisitors } from "../visitors/type.ts";

/** Options of {@link PostgresDialect}. */
export interface PostgresDialectOptions extends DialectOptions {
  /** Casts every parameter, as the wire protocol needs it. Default: where there is a driver. */
  readonly bindCasts?: boolean;
}

/** PostgreSQL 12 and later. */
export class PostgresDialect extends DefaultDialect {
  override readonly name: string = "postgresql";
  override readonly capabilities: Capabilities = postgresCapabilities;
  override readonly bindStyle: BindStyle = "numeric_dollar";
  override readonly identifiers: IdentifierRules = postgresIdentifiers;
  override readonly visitors: Visitors = postgresVisitors;
  override readonly functionVisitors: FunctionVisitors = postgresFunctionVisitors;
  override readonly typeVisitors: TypeVisitors = postgresTypeVisitors;
  override readonly supportsNativeBoolean: boolean = true;
  override readonly supportsNativeUuid: boolean = true;
  override readonly supportsNativeEnum: boolean = true;
  override readonly jsonAsText: boolean = true;
  protected override readonly typeMap: ReadonlyMap<unknown, (type: never) => SqlType> = adaptedTypes;
  /** Every parameter is cast: `$1::INTEGER`. */
  readonly bindCasts: boolean;

  constructor(options: PostgresDialectOptions = {}) {
    super(options);
    this.bindCasts = options.bindCasts ?? this.driver !== null;
  }
}
