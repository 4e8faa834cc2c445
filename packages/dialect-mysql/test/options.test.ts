import { ArgumentError, delete_, tableClause, update } from "@athanor/core";
import { expect, it } from "vitest";
import "@athanor/dialect-mysql";

const orders = tableClause("orders");

it("options of statements that there are not are refused", () => {
  expect(delete_(orders).withDialectOptions({ mysqlLimit: 5, mariadbLimit: 5 }).dialectOptions).toEqual({
    mysqlLimit: 5,
    mariadbLimit: 5,
  });
  expect(() => delete_(orders).withDialectOptions({ mysqlLimits: 5 })).toThrow(
    "Argument 'mysqlLimits' is not accepted by dialect 'mysql' on behalf of delete()",
  );
  expect(() => delete_(orders).withDialectOptions({ limit: 5 } as never)).toThrow('delete() has no option "limit"');
  // @ts-expect-error no dialect's name
  expect(() => update(orders).withDialectOptions({ myslqLimit: 5 })).toThrow(ArgumentError);
});
