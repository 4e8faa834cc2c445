/** What carries out `type.create(engine)`. The engines implement it: see `DdlBind` in ../schema/ports.ts, which this folder cannot name. */

/** Options of a type's `create()` and `drop()`. */
export interface TypeCreateOptions {
  /** Leave alone what is there already, or is not there. Default true. */
  readonly checkfirst?: boolean;
}

/** An engine or a connection; `R` is `void` for synchronous ones and a promise for the others. */
export interface TypeBind<out R = unknown> {
  /** Carries out a creation or a removal. @internal */
  _runDdl(operation: {
    readonly action: "create" | "drop";
    readonly target: never;
    readonly tables: null;
    readonly checkfirst: boolean;
  }): R;
}

/** Creates or drops a type that is an object of the database; nothing where the database has no such types. */
export function runTypeDdl<R>(
  action: "create" | "drop",
  type: object,
  bind: TypeBind<R>,
  { checkfirst = true }: TypeCreateOptions,
): R {
  return bind._runDdl({ action, target: type as never, tables: null, checkfirst });
}
