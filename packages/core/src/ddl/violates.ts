/** Which constraint an error of the database is about, asked by what the program has declared. */
import { DBAPIError } from "../errors/database.ts";
import { ArgumentError } from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { Column } from "../schema/column.ts";
import { UniqueConstraint } from "../schema/column-constraint.ts";
import { Constraint } from "../schema/constraint.ts";
import { ForeignKeyConstraint } from "../schema/foreign-key-constraint.ts";
import { PrimaryKeyConstraint } from "../schema/primary-key.ts";
import { Table } from "../schema/table.ts";
import { Index } from "../schema/table-index.ts";
import { describe } from "../types/literals.ts";
import { fittingName } from "./identifier.ts";

const violations: ReadonlySet<string> = new Set(["unique", "foreignKey", "notNull", "check", "exclusion"]);

/**
 * Whether an error says that a constraint was violated: that one, or one over exactly those columns (`error.kind` tells what
 * kind it is). Databases tell of it by name or by columns; constraints without a name of their own are recognised where the
 * columns are told (PostgreSQL, SQLite), and unique keys of MySQL by the name that it gives them.
 *
 * @param what a constraint, a unique index, or columns: of a table, or attributes of a mapped class.
 * @example if (violates(error, User.$.email)) return "that address is taken"; throw error;
 */
export function violates(error: unknown, ...what: readonly (Constraint | Index | ColumnElement)[]): boolean {
  const targets = what.map(targetOf);
  if (!(error instanceof DBAPIError) || !violations.has(error.kind)) return false;
  const [first] = targets;
  if (first === undefined) throw new ArgumentError("violates() takes an error, and a constraint or columns");
  if (!(first instanceof Column)) return isOf(error, first.table as Table | null) && isNamed(error, first);
  const { table } = first;
  if (!(table instanceof Table) || !isOf(error, table)) return false;
  const names = targets.map((target) => target.name as string);
  if (error.columns.length > 0 && isSame(error.columns, names)) return true;
  return [...table.constraints, ...table.indexes].some(
    (each) =>
      columnsOf(error, each)?.length === names.length && isNamed(error, each) && isSame(namesOf(error, each), names),
  );
}

function targetOf(given: unknown): Column | Constraint | Index {
  const node = given instanceof Constraint || given instanceof Index ? given : resolveNode(given);
  const target = node instanceof ColumnElement ? node.canonical : node;
  if (target instanceof Column || target instanceof Constraint || target instanceof Index) return target;
  throw new ArgumentError(`violates() takes constraints, indexes and columns of tables, not ${describe(given)}`);
}

function isOf(error: DBAPIError, table: Table | null): boolean {
  return error.table === undefined || table === null || sameText(error.table, table.name);
}

/** The columns of what can raise an error of that kind; null for what cannot. */
function columnsOf(error: DBAPIError, each: Constraint | Index): readonly Column[] | null {
  if (each instanceof Index) return each.unique && error.kind === "unique" ? each.columns : null;
  if (each instanceof UniqueConstraint || each instanceof PrimaryKeyConstraint)
    return error.kind === "unique" ? each.columns : null;
  return each instanceof ForeignKeyConstraint && error.kind === "foreignKey" ? each.columns : null;
}

function namesOf(error: DBAPIError, each: Constraint | Index): string[] {
  return (columnsOf(error, each) ?? []).map((column) => column.name);
}

/** The error names this constraint. */
function isNamed(error: DBAPIError, each: Constraint | Index): boolean {
  const names = namesOf(error, each);
  if (error.constraint === undefined) return error.columns.length > 0 && isSame(error.columns, names);
  const { name, nameIsConventional } = each;
  if (name !== null) {
    const shown = error.constraint;
    const cut = nameIsConventional && name.length > shown.length ? fittingName(name, true, shown.length) : name;
    return sameText(cut, shown);
  }
  if (error.columns.length > 0) return isSame(error.columns, names);
  const given = each instanceof PrimaryKeyConstraint ? "PRIMARY" : names[0];
  return given !== undefined && sameText(given, error.constraint);
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function isSame(a: readonly string[], b: readonly string[]): boolean {
  const fold = (names: readonly string[]): string => JSON.stringify(names.map((name) => name.toLowerCase()).sort());
  return fold(a) === fold(b);
}
