/** Common table expressions: collected while a statement is rendered, written in front of it. */
import type { Node } from "../../ast/node.ts";
import { CompileError } from "../../errors/errors.ts";
import type { FromElement } from "../../expression/from-element.ts";
import type { CTE } from "../../selectable/cte.ts";
import type { AddedCte } from "../../selectable/executable.ts";
import type { Compiler, RenderedCte } from "../compiler.ts";
import { Frame } from "../frame.ts";
import { decorationText, visitInPlace } from "./place.ts";

/** Starts a statement that may have CTEs in front of it. */
export function enterCteScope(compiler: Compiler): number {
  const scope = ++compiler.cteScopeCount;
  compiler.cteScopes.push(scope);
  return scope;
}

/** Ends it without a text: an error is on its way. */
export function abandonCteScope(compiler: Compiler, scope: number): void {
  const index = compiler.cteScopes.indexOf(scope);
  if (index >= 0) compiler.cteScopes.length = index;
}

/** Puts the CTEs that belong to a statement in front of its text. */
export function leaveCteScope(compiler: Compiler, scope: number, body: string): string {
  abandonCteScope(compiler, scope);
  if (!compiler.hasCtes) return body;
  const own: RenderedCte[] = [];
  for (const [name, list] of compiler.ctes) {
    const kept = list.filter((entry) => entry.scope !== scope);
    if (kept.length === list.length) continue;
    own.push(...list.filter((entry) => entry.scope === scope));
    if (kept.length > 0) compiler.ctes.set(name, kept);
    else compiler.ctes.delete(name);
  }
  if (own.length === 0) return body;
  const recursive = own.some((entry) => entry.cte.recursive);
  const keyword = recursive && compiler.dialect.capabilities.recursiveKeyword ? "WITH RECURSIVE " : "WITH ";
  return `${keyword}${own.map((entry) => entry.text).join(", ")}\n ${body}`;
}

/** Renders CTEs that were added by `addCte`. */
export function renderAddedCtes(compiler: Compiler, statement: { readonly addedCtes: readonly AddedCte[] }): void {
  for (const { cte, nestHere } of statement.addedCtes) {
    collectCte(compiler, cte as unknown as CTE, nestHere || (cte as unknown as CTE).nesting);
  }
}

/** A CTE in FROM: its name; its text is collected. */
export function visitCte(compiler: Compiler, cte: CTE): string {
  // Compiled by itself: the statement.
  if (compiler.isRoot(cte))
    return visitInPlace(compiler, cte.element, { asFrom: false, lateral: false, memberIndex: null });
  const base = cte.aliasOf ?? cte;
  // An alias that got a recursive part is the name of the whole.
  if (cte.aliasOf !== null) {
    const name = compiler.resolveName(cte.name);
    if (compiler.ctes.get(name)?.some((entry) => entry.cte.restatesCte(cte)))
      return compiler.identifier(name, cte.quote);
  }
  collectCte(compiler, base, base.nesting);
  const name = compiler.nameIdentifier(base.name, base.quote);
  return cte.aliasOf === null
    ? name
    : `${name}${compiler.hook("aliasKeyword", cte)}${compiler.nameIdentifier(cte.name, cte.quote)}`;
}

function collectCte(compiler: Compiler, cte: CTE, nested: boolean): void {
  if (cte.aliasOf !== null) {
    collectCte(compiler, cte.aliasOf, nested);
    return;
  }
  const name = compiler.resolveName(cte.name);
  const known = compiler.ctes.get(name) ?? [];
  const scope = (nested ? compiler.cteScopes.at(-1) : compiler.cteScopes[0]) ?? 0;
  const same = known.find((entry) => entry.cte === cte || entry.cte.restatesCte(cte) || cte.restatesCte(entry.cte));
  if (same !== undefined) {
    if (same.cte === cte || same.cte.restatesCte(cte)) return;
    // The recursive form replaces the one that was met first.
    known.splice(known.indexOf(same), 1);
  } else if (known.some((entry) => entry.scope === scope)) {
    throw new CompileError(`Multiple, unrelated CTEs found with the same name: '${name}'`, {
      fix: "give them different names, or nest one with { nesting: true }",
    });
  }
  const entry: RenderedCte = { cte, text: "", scope };
  compiler.ctes.set(name, [...known, entry]);
  entry.text = cteText(compiler, cte, name);
  // A CTE used inside stands before the one that uses it.
  const list = compiler.ctes.get(name) as RenderedCte[];
  compiler.ctes.delete(name);
  compiler.ctes.set(name, list);
}

function cteText(compiler: Compiler, cte: CTE, name: string): string {
  let text = compiler.identifier(name, cte.quote);
  if (cte.recursive || cte.element.kind === "valuesSelect") {
    const columns = [...cte.c].map((column) => compiler.nameIdentifier(column.resultName ?? column.anonLabel));
    text += `(${columns.join(", ")})`;
  }
  const body = visitCteBody(compiler, cte.element);
  const prefix = decorationText(cte.prefixes, compiler);
  const suffix = decorationText(cte.suffixes, compiler).trimEnd();
  return `${text} AS ${prefix}\n(${body})${suffix === "" ? "" : ` ${suffix}`}`;
}

/** FROM objects around the statement that uses a CTE, without the statement's own; undefined where there are none. */
function correlatable(user: Frame | undefined): Frame | undefined {
  if (user === undefined || user.correlateFroms.size === user.asFromFroms.size) return undefined;
  const around = [...user.correlateFroms].filter((from) => !user.asFromFroms.has(from));
  return new Frame(user.statement, around as readonly FromElement[] as unknown as readonly Node[]);
}

function visitCteBody(compiler: Compiler, element: Node): string {
  // The text is written in front of a statement: what stands around its first use is visible where correlate() says so.
  const stack = compiler.stack.splice(0, compiler.stack.length);
  compiler.stack.push(new Frame(stack[0]?.statement ?? element, [], correlatable(stack.at(-1))));
  const { crud, resultColumns, tableNames, bareColumns, multiTable } = compiler;
  compiler.tableNames = null;
  compiler.bareColumns = false;
  compiler.multiTable = false;
  try {
    return visitInPlace(compiler, element, { asFrom: true, lateral: false, memberIndex: null });
  } finally {
    compiler.stack.splice(0, compiler.stack.length, ...stack);
    compiler.crud = crud;
    compiler.resultColumns = resultColumns;
    compiler.tableNames = tableNames;
    compiler.bareColumns = bareColumns;
    compiler.multiTable = multiTable;
  }
}
