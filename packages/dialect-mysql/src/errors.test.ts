import { DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { isDisconnect, translateError } from "./errors.ts";

const server = (errno: number, sqlState: string, sqlMessage: string) =>
  Object.assign(new Error(sqlMessage), { errno, sqlState, sqlMessage });

interface Facts {
  readonly kind: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly columns?: readonly string[];
}

describe("translateError", () => {
  it.each<readonly [number, string, string, object, Facts]>([
    // MySQL 8.0.19 and later, then older servers and MariaDB
    [
      1062,
      "23000",
      "Duplicate entry 'a' for key 'users.name'",
      IntegrityError,
      { kind: "unique", constraint: "name", table: "users" },
    ],
    [1062, "23000", "Duplicate entry 'a-1' for key 'uq_a_b'", IntegrityError, { kind: "unique", constraint: "uq_a_b" }],
    [
      1062,
      "23000",
      "Duplicate entry 'o'clock' for key 'users.PRIMARY'",
      IntegrityError,
      { kind: "unique", constraint: "PRIMARY", table: "users" },
    ],
    [
      1452,
      "23000",
      "Cannot add or update a child row: a foreign key constraint fails (`shop`.`orders`, CONSTRAINT `fk_customer` FOREIGN KEY (`customer_id`, `we``ird`) REFERENCES `customer` (`id`, `x`))",
      IntegrityError,
      { kind: "foreignKey", constraint: "fk_customer", table: "orders", columns: ["customer_id", "we`ird"] },
    ],
    [
      1451,
      "23000",
      "Cannot delete or update a parent row: a foreign key constraint fails (`shop`.`orders`, CONSTRAINT `orders_ibfk_1` FOREIGN KEY (`cid`) REFERENCES `customer` (`id`))",
      IntegrityError,
      { kind: "foreignKey", constraint: "orders_ibfk_1", table: "orders", columns: ["cid"] },
    ],
    [1048, "23000", "Column 'name' cannot be null", IntegrityError, { kind: "notNull", columns: ["name"] }],
    [
      1364,
      "HY000",
      "Field 'name' doesn't have a default value",
      IntegrityError,
      { kind: "notNull", columns: ["name"] },
    ],
    [3819, "HY000", "Check constraint 'ck_age' is violated.", IntegrityError, { kind: "check", constraint: "ck_age" }],
    [
      4025,
      "23000",
      "CONSTRAINT `ck_age` failed for `test`.`users`",
      IntegrityError,
      { kind: "check", constraint: "ck_age", table: "users" },
    ],
    [
      4025,
      "23000",
      "CONSTRAINT `users.age` failed for `test`.`users`",
      IntegrityError,
      { kind: "check", constraint: "users.age", table: "users", columns: ["age"] },
    ],
    [
      1213,
      "40001",
      "Deadlock found when trying to get lock; try restarting transaction",
      OperationalError,
      { kind: "deadlock" },
    ],
    [
      1205,
      "HY000",
      "Lock wait timeout exceeded; try restarting transaction",
      OperationalError,
      { kind: "lockTimeout" },
    ],
    [
      3572,
      "HY000",
      "Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.",
      OperationalError,
      { kind: "lockTimeout" },
    ],
    [
      1045,
      "28000",
      "Access denied for user 'x'@'localhost' (using password: YES)",
      OperationalError,
      { kind: "authentication" },
    ],
    [
      1142,
      "42000",
      "SELECT command denied to user 'x'@'localhost' for table 't'",
      OperationalError,
      { kind: "permission" },
    ],
    [1049, "42000", "Unknown database 'nowhere'", OperationalError, { kind: "other" }],
    [1146, "42S02", "Table 'test.nope' doesn't exist", ProgrammingError, { kind: "undefinedTable", table: "nope" }],
    [
      1054,
      "42S22",
      "Unknown column 'x' in 'field list'",
      ProgrammingError,
      { kind: "undefinedColumn", columns: ["x"] },
    ],
    [1064, "42000", "You have an error in your SQL syntax", ProgrammingError, { kind: "syntax" }],
    [1050, "42S01", "Table 't' already exists", ProgrammingError, { kind: "duplicateObject" }],
    [1406, "22001", "Data too long for column 'name' at row 1", DataError, { kind: "dataTooLong", columns: ["name"] }],
    [1264, "22003", "Out of range value for column 'n' at row 1", DataError, { kind: "outOfRange", columns: ["n"] }],
    [
      1366,
      "22007",
      "Incorrect integer value: 'x' for column `test`.`t`.`n` at row 1",
      DataError,
      { kind: "invalidValue", table: "t", columns: ["n"] },
    ],
    [1365, "22012", "Division by 0", DataError, { kind: "divisionByZero" }],
    [
      1969,
      "70100",
      "Query execution was interrupted (max_statement_time exceeded)",
      OperationalError,
      { kind: "timeout" },
    ],
    [
      3024,
      "HY000",
      "Query execution was interrupted, maximum statement execution time exceeded",
      OperationalError,
      { kind: "timeout" },
    ],
    [1317, "70100", "Query execution was interrupted", OperationalError, { kind: "cancelled" }],
    [1792, "25006", "Cannot execute statement in a READ ONLY transaction.", OperationalError, { kind: "readOnly" }],
    [1040, "08004", "Too many connections", OperationalError, { kind: "resources" }],
    [9999, "23000", "something new", IntegrityError, { kind: "other" }],
    [9999, "22999", "something new", DataError, { kind: "invalidValue" }],
  ])("%i %s %s", (errno, sqlState, message, Class, facts) => {
    const translated = translateError(server(errno, sqlState, message));
    expect(translated).toMatchObject({
      class: Class,
      message: `(${errno}) ${message}`,
      sqlState,
      nativeCode: errno,
      ...facts,
    });
    expect(pick(translated)).toEqual(pick(facts));
  });

  it("takes what is no error of the server for one of the interface", () => {
    expect(translateError(new TypeError("Bind parameters must not contain undefined"))).toMatchObject({
      class: InterfaceError,
      kind: "other",
    });
    expect(translateError("odd")).toMatchObject({ class: InterfaceError, message: "odd" });
  });

  it("believes the adapter about who interrupted a statement", () => {
    expect(
      translateError(
        Object.assign(server(1317, "70100", "Query execution was interrupted"), { athanorKind: "timeout" }),
      ),
    ).toMatchObject({ kind: "timeout" });
  });
});

function pick({
  constraint,
  table,
  columns,
}: {
  constraint?: string | undefined;
  table?: string | undefined;
  columns?: readonly string[] | undefined;
}) {
  return { constraint, table, columns };
}

describe("isDisconnect", () => {
  it.each([
    [{ errno: 2006 }, true],
    [{ errno: 2013 }, true],
    [{ errno: 1053 }, true],
    [{ errno: 4031 }, true],
    [{ code: "ECONNRESET" }, true],
    [{ code: "PROTOCOL_CONNECTION_LOST" }, true],
    [new Error("Can't add new command when connection is in closed state"), true],
    [{ errno: 1062 }, false],
    [new Error("odd"), false],
    [null, false],
  ])("%o: %s", (error, expected) => {
    expect(isDisconnect(error)).toBe(expected);
  });
});
