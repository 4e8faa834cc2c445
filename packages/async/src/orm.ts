/** The ORM's asynchronous front doors. */
export {
  type AsyncScopedSession,
  type AsyncSessionClass,
  type AsyncSessionMaker,
  type AsyncSessionMakerOptions,
  type AsyncSessionRegistry,
  asyncScopedSession,
  asyncSessionmaker,
} from "./orm/factory.ts";
export { AsyncSession, asyncObjectSession, closeAllSessions } from "./orm/session.ts";
export type { StepSession } from "./orm/step-session.ts";
export { AsyncSessionTransaction } from "./orm/transaction.ts";
