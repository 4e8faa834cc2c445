/** The ORM's asynchronous front doors. */
export {
  type AsyncScopedSession,
  type AsyncSessionMaker,
  asyncScopedSession,
  asyncSessionmaker,
} from "./orm/factory.ts";
export { AsyncSession, type StepSession } from "./orm/session.ts";
export { AsyncSessionTransaction } from "./orm/transaction.ts";
