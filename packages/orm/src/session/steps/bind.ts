/** getBind(): what a session would use for a class or a statement. */
import { type ClauseElement, resolveNode } from "@athanor/core";
import { isMapper } from "../../mapping/mapper.ts";
import type { BindArguments } from "../options.ts";
import type { SessionCore } from "../session-core.ts";
import { entityOf } from "./get.ts";

/** The engine or connection, as the program holds it. `entity`: a mapped class, a mapper, or arguments by name. */
export function bindOf(session: SessionCore, entity: unknown, options: { readonly clause?: object }): object {
  const isArguments = typeof entity === "object" && entity !== null && !isMapper(entity);
  const given: BindArguments = isArguments ? entity : { mapper: (entity as object | null) ?? undefined, ...options };
  const mapper = given.mapper === undefined ? null : entityOf(given.mapper).mapper;
  const clause = given.clause === undefined ? null : (resolveNode(given.clause) as ClauseElement);
  return given.bind ?? session.bindFor(mapper, null, clause).front;
}
