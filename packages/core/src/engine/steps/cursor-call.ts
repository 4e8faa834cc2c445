/** What one call of the driver consists of. Next: ./cursor.ts. */
import type { DriverParameters, ExecuteOptions } from "@athanor/driver";
import type { ExecutionOptionsInput } from "../options.ts";

/** One call of the driver. */
export interface CursorCall {
  readonly sql: string;
  /** One set, or a list of sets with `many`. */
  readonly parameters: DriverParameters | readonly DriverParameters[];
  readonly many: boolean;
  readonly options: ExecutionOptionsInput;
  readonly compiled: object | null;
  readonly driverOptions: ExecuteOptions;
  /** The option `noParameters` holds, and there are none. */
  readonly hasNoParameters?: boolean;
  /** Where the SQL comes from, for the log: `"generated in 0.00012s"`. */
  origin(): string;
}
