/** get(): one object by its primary key, from the identity map or by a SELECT. */
import { NoResultFound } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import { type GetOptions, getStep as getEntityStep, loadByKeyStep } from "../../load/by-key.ts";
import { fromIdentityStep } from "../../load/identity.ts";
import { mapperOf } from "../../mapping/class-map.ts";
import { isMapper, type Mapper } from "../../mapping/mapper.ts";
import type { SessionCore } from "../session-core.ts";

/** The object of a primary key; null when there is no such row. */
export function getStep(
  session: SessionCore,
  entity: unknown,
  ident: unknown,
  options: GetOptions = {},
): Step<object | null> {
  const step = (): Step<object | null> => getEntityStep(session, entityOf(entity), ident, options);
  return underToken(session, options, step);
}

/** {@link getStep} that insists. @throws NoResultFound */
export function* getOneStep(
  session: SessionCore,
  entity: unknown,
  ident: unknown,
  options: GetOptions = {},
): Step<object> {
  const found = yield* getStep(session, entity, ident, options);
  if (found === null) throw new NoResultFound("No row was found when one was required");
  return found;
}

/** The object of an identity whose values are complete. */
export function* loadIdentityStep(
  session: SessionCore,
  mapper: Mapper,
  values: readonly unknown[],
  options: GetOptions,
): Step<object | null> {
  return yield* underToken(session, options, function* () {
    const known = yield* fromIdentityStep(session, mapper, values);
    if (known !== undefined) return known as object | null;
    return yield* loadByKeyStep(session, mapper, values, options);
  });
}

/** Runs a step whose objects are known under the token of the options, and in its database; if they name one. */
function underToken<T>(session: SessionCore, { identityToken = null }: GetOptions, step: () => Step<T>): Step<T> {
  return identityToken === null ? step() : session.withTokenStep(identityToken, step);
}

/** The mapper of a class; a mapper itself, or what stands for one. @throws UnmappedClassError */
export function entityOf(given: unknown): Entity {
  if (isMapper(given)) return given;
  const { mapper } = (given ?? {}) as { readonly mapper?: unknown };
  return typeof given === "object" && isMapper(mapper) ? mapper : mapperOf(given);
}
