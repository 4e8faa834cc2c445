/** What MySQL and MariaDB can do, by kind and version. */
import { type Capabilities, defaultCapabilities } from "@athanor/core";
import { isMariaDB, type ServerFacts } from "./server.ts";

/** Facts about a server, for the compiler and the engine. */
export function capabilitiesOf(server: Pick<ServerFacts, "isMariaDB" | "serverVersion">): Capabilities {
  const returning = isMariaDB(server, 10, 5);
  return {
    ...defaultCapabilities,
    labelLength: 255,
    maxIdentifierLength: 255,
    maxIndexNameLength: 64,
    maxConstraintNameLength: 64,
    booleanConstants: true,
    integerDivision: false,
    insertReturning: returning,
    deleteReturning: isMariaDB(server, 10, 0, 5),
    keysByReturning: false,
    nullKeyAutoincrements: true,
    insertManyReturning: returning,
    multiRowInsert: true,
    defaultMetavalue: true,
    sequences: isMariaDB(server, 10, 3),
    optionalSequences: false,
    cteFollowsInsert: true,
    insertManyValues: true,
    insertManySentinel: "values",
    maxParameters: 65_535,
    twoPhase: true,
    serverSideCursors: true,
    comments: true,
    inlineComments: true,
  };
}
