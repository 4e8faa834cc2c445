/** The keys of a join's columns: `<table>_<column>`. Types only. */

/** What a join has to know of its sides: the columns by key and the name; an empty one leaves the keys as they are. */
export interface JoinPart<out C extends object = object, out N extends string = string> {
  readonly columns: C;
  readonly name: N;
}

/** The columns that one side gives to a join. Where the types do not know its name, any prefix will do. */
export type JoinColumns<F> = F extends { readonly "~joins": JoinPart<infer C, infer N> }
  ? Prefixed<C, N>
  : F extends { readonly table: { readonly "~joins": JoinPart<infer C, infer N> } }
    ? Prefixed<C, N>
    : object;

type Prefixed<C extends object, N extends string> = N extends ""
  ? C
  : { readonly [K in keyof C & string as WithPrefix<K, N>]: C[K] };

/** The schema of the table, if there is one, stands before its name. */
type WithPrefix<K extends string, N extends string> = `${N}_${K}` | `${string}_${N}_${K}`;
