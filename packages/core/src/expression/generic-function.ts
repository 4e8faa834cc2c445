/** Functions of the user's own that `func` knows, with a name and a result type. */
import { ArgumentError } from "../errors/errors.ts";
import { NULLTYPE } from "../types/null.ts";
import { type TypeLike, toType } from "../types/type.ts";
import { registerFunction } from "./func.ts";
import { functionArguments, SqlFunction } from "./function.ts";

/** What a class of functions says of itself. */
interface FunctionClass {
  readonly functionName?: string;
  readonly identifier?: string;
  readonly package?: string;
  readonly type?: TypeLike;
}

/**
 * Base of named functions with a known type. {@link registerGenericFunction} makes `func` give it; `compiles()` changes its text.
 *
 * @example
 * class GeoBuffer extends GenericFunction<string> {
 *   static override readonly functionName = "ST_Buffer";
 *   static override readonly identifier = "buffer";
 *   static override readonly package = "geo";
 *   static override readonly type = t.string;
 * }
 * registerGenericFunction(GeoBuffer);
 * select(func.geo.buffer(shapes.c.outline));     // SELECT ST_Buffer(shapes.outline) AS "ST_Buffer_1"
 */
export class GenericFunction<out T = unknown, I = T> extends SqlFunction<T, I> {
  /** The name in SQL. Not taken from the class, whose name does not survive minification. */
  static readonly functionName: string | undefined = undefined;
  /** The name under `func`, where it is not that of SQL. */
  static readonly identifier: string | undefined = undefined;
  /** The name of the collection under `func`: `func.<package>.<identifier>()`. It is not part of the SQL. */
  static readonly package: string | undefined = undefined;
  constructor(...args: readonly unknown[]) {
    const own = new.target as FunctionClass;
    const name = nameOf(own);
    super(name, functionArguments(name, args), own.type === undefined ? NULLTYPE : toType(own.type));
  }
}

function nameOf(own: FunctionClass): string {
  if (own.functionName === undefined || own.functionName === "")
    throw new ArgumentError("a GenericFunction needs a name", {
      fix: 'add static override readonly functionName = "my_function"',
    });
  return own.functionName;
}

/**
 * Makes `func.<identifier>()`, or `func.<package>.<identifier>()`, give objects of a class.
 *
 * @throws ArgumentError for a class without a name.
 */
export function registerGenericFunction(type: new (...args: readonly unknown[]) => GenericFunction): void {
  const own = type as FunctionClass;
  const identifier = own.identifier ?? nameOf(own);
  const path = own.package === undefined ? identifier : `${own.package}.${identifier}`;
  registerFunction(path, (args) => new type(...args));
}
