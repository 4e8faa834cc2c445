/** Factories of types: functions that can stand where a type is expected, called or bare. */
import { factories, type SqlType, type TypeLike } from "./type.ts";

/** A factory whose bare form has the value types of `Bare`. */
export interface TypeFactory<Args extends readonly unknown[], Bare extends TypeLike>
  extends TypeLike<Bare["~value"], Bare["~input"], Bare["~ops"]> {
  (...args: Args): Bare;
}

/** The value types of a factory's bare form, for factories with call signatures of their own. */
export interface BareType<Bare extends TypeLike> extends TypeLike<Bare["~value"], Bare["~input"], Bare["~ops"]> {}

/** Makes a factory of a class. Without arguments it gives one shared instance, since types do not change. */
export function typeFactory<Factory extends object>(
  type: new (...args: never[]) => SqlType,
  extras: Readonly<Record<string, unknown>> = {},
): Factory {
  const make = type as new (...args: unknown[]) => SqlType;
  let bare: SqlType | undefined;
  const factory = (...args: unknown[]): SqlType => (args.length === 0 ? (bare ??= new make()) : new make(...args));
  Object.defineProperty(factory, "name", { value: type.name });
  Object.assign(factory, extras);
  factories.add(factory);
  return factory as unknown as Factory;
}
