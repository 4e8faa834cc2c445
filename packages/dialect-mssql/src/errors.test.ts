/** Messages as SQL Server writes them, from its catalogue of messages (sys.messages). */
import { describe, expect, it } from "vitest";
import { isDisconnect, translateError } from "./errors.ts";

const server = (number: number, message: string, severity = 16): Error =>
  Object.assign(new Error(message), { number, class: severity, code: "EREQUEST" });

describe("errors of the server", () => {
  it.each([
    [
      2627,
      "Violation of PRIMARY KEY constraint 'PK__users__3213'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (1).",
      "IntegrityError",
      { kind: "unique", constraint: "PK__users__3213", table: "users" },
    ],
    [
      2601,
      "Cannot insert duplicate key row in object 'dbo.users' with unique index 'ix_email'. The duplicate key value is (a@x).",
      "IntegrityError",
      { kind: "unique", constraint: "ix_email", table: "users" },
    ],
    [
      547,
      'The INSERT statement conflicted with the FOREIGN KEY constraint "fk_user". The conflict occurred in database "shop", table "dbo.users", column \'id\'.',
      "IntegrityError",
      { kind: "foreignKey", constraint: "fk_user", table: "users", columns: ["id"] },
    ],
    [
      547,
      'The DELETE statement conflicted with the REFERENCE constraint "fk_user". The conflict occurred in database "shop", table "dbo.addresses", column \'user_id\'.',
      "IntegrityError",
      { kind: "foreignKey", table: "addresses" },
    ],
    [
      547,
      'The UPDATE statement conflicted with the CHECK constraint "ck_price". The conflict occurred in database "shop", table "dbo.items", column \'price\'.',
      "IntegrityError",
      { kind: "check", constraint: "ck_price", table: "items" },
    ],
    [
      515,
      "Cannot insert the value NULL into column 'name', table 'shop.dbo.users'; column does not allow nulls. INSERT fails.",
      "IntegrityError",
      { kind: "notNull", columns: ["name"], table: "users" },
    ],
    [
      1205,
      "Transaction (Process ID 57) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
      "OperationalError",
      { kind: "deadlock" },
    ],
    [1222, "Lock request time out period exceeded.", "OperationalError", { kind: "lockTimeout" }],
    [
      3960,
      "Snapshot isolation transaction aborted due to update conflict.",
      "OperationalError",
      { kind: "serialization" },
    ],
    [208, "Invalid object name 'dbo.nowhere'.", "ProgrammingError", { kind: "undefinedTable", table: "nowhere" }],
    [207, "Invalid column name 'nothing'.", "ProgrammingError", { kind: "undefinedColumn", columns: ["nothing"] }],
    [102, "Incorrect syntax near 'SELEKT'.", "ProgrammingError", { kind: "syntax" }],
    [
      2714,
      "There is already an object named 'users' in the database.",
      "ProgrammingError",
      { kind: "duplicateObject" },
    ],
    [8152, "String or binary data would be truncated.", "DataError", { kind: "dataTooLong" }],
    [
      2628,
      "String or binary data would be truncated in table 'shop.dbo.users', column 'name'. Truncated value: 'abc'.",
      "DataError",
      { kind: "dataTooLong", columns: ["name"], table: "users" },
    ],
    [
      245,
      "Conversion failed when converting the varchar value 'x' to data type int.",
      "DataError",
      { kind: "invalidValue" },
    ],
    [8115, "Arithmetic overflow error converting expression to data type int.", "DataError", { kind: "outOfRange" }],
    [8134, "Divide by zero error encountered.", "DataError", { kind: "divisionByZero" }],
    [229, "The SELECT permission was denied on the object 'users'.", "OperationalError", { kind: "permission" }],
    [18456, "Login failed for user 'sa'.", "OperationalError", { kind: "authentication" }],
    [4060, 'Cannot open database "x" requested by the login.', "OperationalError", { kind: "permission" }],
    [
      3906,
      'Failed to update database "shop" because the database is read-only.',
      "OperationalError",
      { kind: "readOnly" },
    ],
    [
      701,
      "There is insufficient system memory in resource pool 'internal' to run this query.",
      "OperationalError",
      { kind: "resources" },
    ],
    [50001, "raised by a procedure", "DatabaseError", { kind: "other" }],
  ])("%d: %s", (number, message, name, facts) => {
    const translated = translateError(server(number, message));
    expect(translated.class.name).toBe(name);
    expect(translated).toMatchObject({ ...facts, nativeCode: number, message: `(${number}) ${message}` });
    expect(isDisconnect(server(number, message))).toBe(false);
  });

  it("takes the principal one of several errors, and shows all", () => {
    const several = Object.assign(new Error(""), {
      errors: [
        server(1767, "Foreign key 'fk' references invalid table 'nowhere'."),
        server(1750, "Could not create constraint or index. See previous errors."),
      ],
    });
    expect(translateError(several).message).toMatch(/references invalid table .* See previous errors/);
    const rollback = Object.assign(new Error(""), {
      errors: [
        server(3609, "The transaction ended in the trigger."),
        server(2627, "Violation of UNIQUE KEY constraint 'uq'. Cannot insert duplicate key in object 'dbo.t'."),
      ],
    });
    expect(translateError(rollback)).toMatchObject({ kind: "unique", constraint: "uq" });
  });
});

describe("lost connections", () => {
  it.each([
    [{ code: "ESOCKET", message: "Connection lost - read ECONNRESET" }, true],
    [{ code: "ECLOSE", message: "Connection closed before request completed." }, true],
    [{ code: "EINVALIDSTATE", message: "Requests can only be made in the LoggedIn state, not the Final state" }, true],
    [{ code: "ETIMEOUT", message: "Failed to cancel request in 5000ms" }, true],
    [{ code: "ETIMEOUT", message: "Timeout: Request failed to complete in 15ms" }, false],
    [{ code: "ECANCEL", message: "Canceled." }, false],
    [
      { number: 596, class: 21, message: "Cannot continue the execution because the session is in the kill state." },
      true,
    ],
    [{ number: 99_999, class: 20, message: "fatal" }, true],
    [{ number: 40_613, class: 14, message: "Database is not currently available." }, true],
    [{ number: 102, class: 15, message: "Incorrect syntax" }, false],
  ])("%j", (error, expected) => {
    expect(isDisconnect(error)).toBe(expected);
    if (expected) expect(translateError(error)).toMatchObject({ kind: "disconnect" });
  });
});
