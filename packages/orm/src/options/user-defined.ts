/** Options that mean nothing to the ORM itself: extensions and programs find them on statements, and listeners of `doOrmExecute`. */
import type { StatementOption } from "@athanor/core";

/**
 * An option of the program's own: `select(User).options(new FromCache("default"))`, found by listeners of `doOrmExecute` in
 * `execution.userDefinedOptions`. It does not take part in the compiled cache.
 */
export class UserDefinedOption implements StatementOption {
  /** What the option carries. */
  readonly payload: unknown;
  /** Loads that the statement's objects ask for later (lazy ones, second statements) have the option too. Default false. */
  readonly propagateToLoaders: boolean;

  constructor(payload: unknown = null, options: { readonly propagateToLoaders?: boolean } = {}) {
    this.payload = payload;
    this.propagateToLoaders = options.propagateToLoaders ?? false;
  }

  get cacheKey(): string {
    return "user-defined";
  }
}
