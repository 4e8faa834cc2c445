/** Messages as Oracle writes them, from its Error Messages book; 23ai's say more. */
import { describe, expect, it } from "vitest";
import { isDisconnect, translateError } from "./errors.ts";

const server = (message: string): Error =>
  Object.assign(new Error(message), { errorNum: Number(message.slice(4, 9)), code: message.slice(0, 9) });

describe("errors of the server", () => {
  it.each([
    [
      "ORA-00001: unique constraint (SCOTT.UQ_EMAIL) violated",
      "IntegrityError",
      { kind: "unique", constraint: "uq_email" },
    ],
    [
      "ORA-00001: unique constraint (SCOTT.UQ_EMAIL) violated on table SCOTT.USERS columns (EMAIL, TENANT)",
      "IntegrityError",
      { kind: "unique", constraint: "uq_email", table: "users", columns: ["email", "tenant"] },
    ],
    ['ORA-00001: unique constraint (SCOTT."Mixed") violated', "IntegrityError", { constraint: "Mixed" }],
    [
      "ORA-02290: check constraint (SCOTT.CK_PRICE) violated",
      "IntegrityError",
      { kind: "check", constraint: "ck_price" },
    ],
    [
      "ORA-02291: integrity constraint (SCOTT.FK_USER) violated - parent key not found",
      "IntegrityError",
      { kind: "foreignKey", constraint: "fk_user" },
    ],
    [
      "ORA-02292: integrity constraint (SCOTT.FK_USER) violated - child record found",
      "IntegrityError",
      { kind: "foreignKey", constraint: "fk_user" },
    ],
    [
      'ORA-01400: cannot insert NULL into ("SCOTT"."USERS"."NAME")',
      "IntegrityError",
      { kind: "notNull", table: "users", columns: ["name"] },
    ],
    [
      'ORA-01407: cannot update ("SCOTT"."USERS"."NAME") to NULL',
      "IntegrityError",
      { kind: "notNull", table: "users", columns: ["name"] },
    ],
    ["ORA-00060: deadlock detected while waiting for resource", "OperationalError", { kind: "deadlock" }],
    [
      "ORA-00054: resource busy and acquire with NOWAIT specified or timeout expired",
      "OperationalError",
      { kind: "lockTimeout" },
    ],
    ["ORA-08177: can't serialize access for this transaction", "OperationalError", { kind: "serialization" }],
    ["ORA-00942: table or view does not exist", "ProgrammingError", { kind: "undefinedTable", table: undefined }],
    [
      'ORA-00942: table or view "SCOTT"."NOWHERE" does not exist',
      "ProgrammingError",
      { kind: "undefinedTable", table: "nowhere" },
    ],
    [
      'ORA-00904: "U"."NOTHING": invalid identifier',
      "ProgrammingError",
      { kind: "undefinedColumn", columns: ["nothing"] },
    ],
    ["ORA-00900: invalid SQL statement", "ProgrammingError", { kind: "syntax" }],
    ["ORA-00955: name is already used by an existing object", "ProgrammingError", { kind: "duplicateObject" }],
    [
      'ORA-12899: value too large for column "SCOTT"."USERS"."NAME" (actual: 9, maximum: 5)',
      "DataError",
      { kind: "dataTooLong", table: "users", columns: ["name"] },
    ],
    ["ORA-01438: value larger than specified precision allowed for this column", "DataError", { kind: "outOfRange" }],
    ["ORA-01722: invalid number", "DataError", { kind: "invalidValue" }],
    ["ORA-01476: divisor is equal to zero", "DataError", { kind: "divisionByZero" }],
    ["ORA-01031: insufficient privileges", "OperationalError", { kind: "permission" }],
    ["ORA-01017: invalid username/password; logon denied", "OperationalError", { kind: "authentication" }],
    ["ORA-01013: user requested cancel of current operation", "OperationalError", { kind: "cancelled" }],
    [
      "ORA-01456: may not perform insert, delete, update operation inside a READ ONLY transaction",
      "OperationalError",
      { kind: "readOnly" },
    ],
    ["ORA-04031: unable to allocate 4096 bytes of shared memory", "OperationalError", { kind: "resources" }],
    ["ORA-20001: raised by a procedure", "DatabaseError", { kind: "other" }],
  ])("%s", (message, name, facts) => {
    const translated = translateError(server(message));
    expect(translated.class.name).toBe(name);
    expect(translated).toMatchObject({ nativeCode: Number(message.slice(4, 9)), message });
    for (const [key, value] of Object.entries(facts)) expect(translated[key as keyof typeof translated]).toEqual(value);
    expect(isDisconnect(server(message))).toBe(false);
  });
});

describe("lost connections", () => {
  it.each([
    [server("ORA-03113: end-of-file on communication channel"), true],
    [server("ORA-03114: not connected to ORACLE"), true],
    [server("ORA-12537: TNS:connection closed"), true],
    [server("ORA-02396: exceeded maximum idle time, please connect again"), true],
    [server("ORA-00028: your session has been killed"), true],
    [Object.assign(new Error("NJS-500: connection to the Oracle Database was broken"), { code: "NJS-500" }), true],
    [Object.assign(new Error("NJS-003: invalid or closed connection"), { code: "NJS-003" }), true],
    [new Error("DPI-1010: not connected"), true],
    [new Error("DPY-4011: the database or network closed the connection"), true],
    [Object.assign(new Error("NJS-123: call timeout of 30 ms exceeded"), { code: "NJS-123" }), false],
    [Object.assign(new Error("NJS-011: encountered bind value and type mismatch"), { code: "NJS-011" }), false],
  ])("%s", (error, expected) => {
    expect(isDisconnect(error)).toBe(expected);
    if (expected) expect(translateError(error)).toMatchObject({ kind: "disconnect" });
  });

  it("tells the end of a call's time", () => {
    expect(
      translateError(Object.assign(new Error("NJS-123: call timeout of 30 ms exceeded"), { code: "NJS-123" })),
    ).toMatchObject({ kind: "timeout", nativeCode: "NJS-123" });
  });
});
