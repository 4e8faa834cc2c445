/** The ORM's asynchronous front doors. */
export {
  type AsyncScopedSession,
  type AsyncSessionMaker,
  asyncScopedSession,
  asyncSessionmaker,
} from "./orm/factory.ts";
export { AsyncSession } from "./orm/session.ts";
export type { StepSession } from "./orm/step-session.ts";
export { AsyncSessionTransaction } from "./orm/transaction.ts";
