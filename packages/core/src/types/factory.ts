/** Factories of types: functions that can stand where a type is expected, called or bare. */
import { markCopy } from "../util/copies.ts";
import { factories, type SqlType, type TypeLike } from "./type.ts";

/** A factory whose bare form has the value types of `Bare`. */
export interface TypeFactory<Args extends readonly unknown[], out Bare extends TypeLike> extends BareType<Bare> {
  (...args: Args): Bare;
}

/** The value types of a factory's bare form, for factories with call signatures of their own. */
export interface BareType<out Bare extends TypeLike> extends TypeLike<Bare["~value"], Bare["~input"], Bare["~ops"]> {}

/** A class of types. */
export type TypeClass = new (...args: never[]) => SqlType;

/** Makes a factory of a class of your own, so that it can be used as `t`'s are: `column(Point)`, `column(Point(3))`. */
export function typeFactory<Class extends TypeClass>(
  type: Class,
): TypeFactory<ConstructorParameters<Class>, InstanceType<Class>> {
  return makeFactory(type);
}

/**
 * A factory with call signatures that the caller declares. Without arguments it gives one shared instance, since types
 * do not change.
 */
export function makeFactory<Factory extends object>(
  type: TypeClass,
  extras: Readonly<Record<string, unknown>> = {},
): Factory {
  const make = type as new (...args: unknown[]) => SqlType;
  let bare: SqlType | undefined;
  const factory = (...args: unknown[]): SqlType => {
    if (args.length > 0) return new make(...args);
    bare ??= new make();
    return bare;
  };
  Object.defineProperty(factory, "name", { value: type.name });
  Object.assign(factory, extras);
  factories.add(factory);
  markCopy(factory);
  return factory as unknown as Factory;
}
