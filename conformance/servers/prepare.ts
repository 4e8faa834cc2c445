/** Has a server that runs here prepare every statement of core.json, and execute every statement of ddl.json. */
import { type ClauseElement, ColumnElement } from "@athanor/core";
import { type GatedDialect, grammarErrors } from "../../test/grammar/gate.ts";
import { batchSeparator, type CoreCase, compileSubject, subjectOf } from "../core.ts";
import { type DdlCase, ddlHelpers, statements } from "../ddl.ts";
import { dialectFor } from "../dialects.ts";
import type { Outcome } from "../report.ts";
import { type DialectModules, evaluate } from "../scope.ts";
import { needs } from "./needs.ts";
import type { ScratchServer } from "./server.ts";
import { asStatement, ownTables } from "./tables.ts";

/** One recorded case on a server; null where the case has no statement for it. */
export async function prepareCore(
  test: CoreCase,
  server: ScratchServer,
  names: Record<string, unknown>,
): Promise<Outcome | null> {
  if (test.error?.[server.dialectName] !== undefined || test.server?.[server.dialectName] !== undefined) return null;
  let element: ClauseElement;
  let sql: string;
  try {
    element = asStatement(subjectOf(test, names));
    ({ sql } = compileSubject(test, element, server.dialect));
  } catch {
    // The comparison with the record speaks of that.
    return null;
  }
  await server.begin();
  try {
    const own = await ownTables(server, element);
    const complaint =
      (await firstComplaint(own.create, (statement) => server.run(statement))) ??
      (await firstComplaint(sql.split(batchSeparator), (statement) => server.prepare(statement)));
    for (const statement of own.drop) await server.run(statement);
    if (complaint !== null) return { status: "failed", expected: "accepted", actual: complaint };
    return { status: "passed" };
  } finally {
    await server.rollback();
  }
}

/** One recorded case of SQL Server or Oracle through the grammar of its database; null where it has no statement. */
export function parseCase(
  test: CoreCase | DdlCase,
  dialectName: GatedDialect,
  names: Record<string, unknown>,
  modules: DialectModules,
): Outcome | null {
  const dialect = dialectFor(dialectName, modules, test.server?.[dialectName]);
  if (dialect === undefined || test.sql?.[dialectName] === undefined) return null;
  let lists: string[][];
  try {
    if (Array.isArray(test.sql[dialectName]))
      lists = [statements(evaluate(test.typescript as string, { ...names, ...ddlHelpers }), dialect)];
    else {
      const subject = subjectOf(test as CoreCase, names);
      // A predicate is no value on SQL Server.
      const elements = [
        asStatement(subject),
        ...(subject instanceof ColumnElement ? [asStatement(subject, "where")] : []),
      ];
      lists = elements.map((each) => compileSubject(test as CoreCase, each, dialect).sql.split(batchSeparator));
    }
  } catch {
    return null;
  }
  let complaint = "";
  for (const list of lists) {
    const found = list.map((sql) => grammarErrors(dialectName, sql)[0]);
    const index = found.findIndex((error) => error !== undefined);
    if (index < 0) return { status: "passed" };
    complaint = `${found[index]}\n    ${list[index]}`;
  }
  return { status: "failed", expected: "accepted", actual: complaint };
}

/** The same for DDL, in an empty place. */
export async function executeDdl(
  test: DdlCase,
  server: ScratchServer,
  names: Record<string, unknown>,
): Promise<Outcome | null> {
  const { dialectName } = server;
  if (test.error !== undefined || test.sql?.[dialectName] === undefined || test.server?.[dialectName] !== undefined)
    return null;
  let value: unknown;
  try {
    value = evaluate(test.typescript, { ...names, ...ddlHelpers });
    statements(value, server.dialect);
  } catch {
    return null;
  }
  const complaint = await executeAll(value, server);
  if (complaint === null) return { status: "passed" };
  // The elements of a list need not be a story: then each is tried alone.
  if (Array.isArray(value) && value.length > 1) {
    const alone: (string | null)[] = [];
    for (const each of value) alone.push(await executeAll(each, server));
    if (alone.every((each) => each === null)) return { status: "passed" };
  }
  return { status: "failed", expected: "accepted", actual: complaint };
}

/** In an empty place: what is needed, then the statements; gives the first complaint. */
async function executeAll(value: unknown, server: ScratchServer): Promise<string | null> {
  const list = statements(value, server.dialect);
  const { schemas, before } = needs(value, server.dialect);
  await server.empty();
  await server.begin();
  try {
    const texts = [...before, ...list].join("\n");
    for (const schema of schemas) if (texts.includes(schema)) await server.makeSchema(schema);
    const troubles: string[] = [];
    for (const sql of before) {
      const complaint = list.includes(sql) ? null : await server.run(sql);
      if (complaint !== null) troubles.push(`\n    needed, but: ${complaint}\n    ${sql}`);
    }
    const complaint = await firstComplaint(list, (sql) => server.run(sql));
    return complaint === null ? null : `${complaint}${troubles.join("")}`;
  } finally {
    await server.rollback();
  }
}

async function firstComplaint(
  list: readonly string[],
  work: (sql: string) => Promise<string | null>,
): Promise<string | null> {
  for (const sql of list) {
    const complaint = await work(sql);
    if (complaint !== null) return `${complaint}\n    ${sql}`;
  }
  return null;
}
