/**
 * From classes to mappers. `mapped()` returns a class that the user's own extends; JavaScript does not tell a class that it
 * was extended, so the user's class is taken up when it is first seen: in `new User`, `User.$`, `select(User)`, `many(User)`.
 */
import { UnmappedClassError } from "../base/errors.ts";
import type { MappedClass, Mapper } from "./mapper.ts";

type AnyClass = abstract new (...args: never) => object;

/** Mappers of the classes that `mapped()` and `extend()` return. */
const made = new WeakMap<AnyClass, Mapper>();
/** Mappers of the users' classes. */
const known = new WeakMap<AnyClass, Mapper>();

/** Classes whose mappers are made later. */
const deferred = new WeakSet<AnyClass>();

/** Notes that a class gets its mapper later; {@link mapperOf} says so until then. @internal */
export function deferClass(type: AnyClass): void {
  deferred.add(type);
}

/** Registers the class that users are going to extend. @internal */
export function registerMade(type: AnyClass, mapper: Mapper): void {
  made.set(type, mapper);
}

/** Registers a class that is mapped itself. @internal */
export function registerClass(type: AnyClass, mapper: Mapper): void {
  known.set(type, mapper);
  mapper.class = type as MappedClass;
  mapper.takenUp = true;
}

/** Makes the class of a mapper, and the one that it extends, what they were before they were mapped. @internal */
export function unmapClass(mapper: Mapper): void {
  for (const type of [mapper.class, Object.getPrototypeOf(mapper.class) as AnyClass]) {
    if (known.get(type) !== mapper && made.get(type) !== mapper) continue;
    known.delete(type);
    made.delete(type);
    const prototype = type.prototype as object;
    for (const [key, property] of mapper.props)
      if (property.parent === mapper && Object.hasOwn(prototype, key)) Reflect.deleteProperty(prototype, key);
  }
}

/** The mapper of a class, or undefined. Takes the class up when it is seen for the first time. */
export function findMapper(type: unknown): Mapper | undefined {
  if (typeof type !== "function") return undefined;
  const mapper = known.get(type as AnyClass);
  if (mapper !== undefined) return mapper;
  const own = made.get(type as AnyClass);
  if (own !== undefined) {
    // Used as it is, without a class of the user's own.
    if (own.class === type) registerClass(type as AnyClass, own);
    return own;
  }
  const parent = Object.getPrototypeOf(type) as unknown;
  const waiting = typeof parent === "function" ? made.get(parent as AnyClass) : undefined;
  if (waiting === undefined || waiting.class !== parent || known.has(parent as AnyClass)) return undefined;
  registerClass(type as AnyClass, waiting);
  return waiting;
}

/** Whether a class extends a mapped one. @throws UnmappedClassError */
export function hasInheritedTable(type: unknown): boolean {
  return mapperOf(type).inherits !== null;
}

/** The mapper of a class. @throws UnmappedClassError */
export function mapperOf(type: unknown): Mapper {
  const mapper = findMapper(type);
  if (mapper !== undefined) return mapper;
  const name = typeof type === "function" ? type.name : String(type);
  if (isDeferred(type)) {
    throw new UnmappedClassError(
      `Class '${name}' is not mapped yet: classes of its base are mapped when prepare() is called`,
      { code: "unmapped_class", fix: "call prepare(engine) of the base first" },
    );
  }
  const ancestor = nearestMapped(type);
  throw new UnmappedClassError(`Class '${name}' is not mapped`, {
    code: "unmapped_class",
    fix:
      ancestor === undefined
        ? "map it: class X extends Base.mapped(…)"
        : `it extends the mapped class ${ancestor.class.name}: write class ${name} extends ${ancestor.class.name}.extend({ … }) to map it as a subclass`,
  });
}

function isDeferred(type: unknown): boolean {
  return (
    typeof type === "function" &&
    (deferred.has(type as AnyClass) || deferred.has(Object.getPrototypeOf(type) as AnyClass))
  );
}

/** The mapper of the closest mapped ancestor of a class. */
export function nearestMapped(type: unknown): Mapper | undefined {
  for (let each = type; typeof each === "function"; each = Object.getPrototypeOf(each) as unknown) {
    const mapper = findMapper(each);
    if (mapper !== undefined) return mapper;
  }
  return undefined;
}
