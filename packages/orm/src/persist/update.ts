/** UPDATEs: rows with the same columns in one call, versioned rows and SQL expressions one by one; row counts are checked. */
import { executeStep, type Table, type Update, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { StaleDataError } from "../base/errors.ts";
import { executeManyStep } from "./execute.ts";
import { takeBackAll, takeBackStep } from "./finalize.ts";
import { groups, type WriteRecord } from "./records.ts";
import type { FlushScope } from "./scope.ts";

type Mapper = OrmClasses["mapper"];

/** Writes the changed rows of one table. @throws StaleDataError when a row was not there, or not in the expected version. */
export function* updateRowsStep(
  base: Mapper,
  mapper: Mapper,
  table: Table,
  records: readonly WriteRecord[],
  scope: FlushScope,
): Step<void> {
  for (const group of groups(records)) {
    const [first] = group as readonly [WriteRecord];
    const { plan, writing, expressions } = first;
    const { capabilities } = writing.connection.dialect;
    const isVersioned = plan.version !== null;
    let statement: Update = plan.update;
    let returns = false;
    const bringBack = (columns: readonly { readonly column: unknown }[]): void => {
      statement = statement.returnDefaults(...columns.map(({ column }) => column as never));
      returns = true;
    };
    if (!first.hasAllKeys) bringBack(plan.primary);
    if (
      !first.hasAllDefaults &&
      base.options.eagerDefaults === true &&
      table.implicitReturning &&
      capabilities.updateReturning
    )
      bringBack(plan.serverOnupdates);
    if (plan.hasServerVersion && mapper.versionIdGenerator === false && capabilities.updateReturning)
      bringBack([plan.version as { column: unknown }]);
    let matched = 0;
    let isChecked = capabilities.saneRowCount;
    if (expressions !== null || returns || isVersioned) {
      for (const record of group) {
        const own = record.expressions === null ? statement : statement.values(record.expressions as never);
        const result = yield* executeStep(writing.connection, own, record.params);
        matched += result.rowcount;
        yield* takeBackStep(record, result.returnedDefaults, scope);
      }
    } else {
      const result = yield* executeManyStep(
        writing.connection,
        statement,
        group.map(({ params }) => params),
      );
      matched = result.rowcount;
      isChecked &&= group.length === 1 || capabilities.saneMultiRowCount;
      if (group.some((record) => record.plan.equated.length > 0))
        for (const record of group) yield* takeBackStep(record, null, scope);
      else takeBackAll(group);
    }
    if (isChecked) {
      if (matched !== group.length) {
        throw new StaleDataError(
          `UPDATE statement on table '${table.description}' expected to update ${group.length} row(s); ${matched} were matched.`,
          {
            fix: isVersioned
              ? "the row was changed or deleted meanwhile: roll back, load the object again, and repeat the change"
              : "the row was deleted meanwhile: roll back and load the objects again",
          },
        );
      }
    } else if (isVersioned)
      warn(
        `Dialect ${writing.connection.dialect.name} does not support updated rowcount - versioning cannot be verified.`,
      );
  }
}
