/** SELECT: DISTINCT ON, LIMIT and FETCH, row locks, ONLY. */
import {
  type ClauseElement,
  ColumnClause,
  CompileError,
  type Compiler,
  type ForUpdate,
  FromClause,
  type GenerativeSelect,
  iterate,
  LiteralColumn,
  type Select,
  TextClause,
  type Visitor,
} from "@athanor/core";

/** `DISTINCT ON (a, b) ` */
function visitSelectPrefix(compiler: Compiler, select: Select): string {
  if (select.distinctOn.length > 0) return `DISTINCT ON (${compiler.list(select.distinctOn)}) `;
  return select.isDistinct ? "DISTINCT " : "";
}

/** ` LIMIT a OFFSET b` */
function visitLimit(compiler: Compiler, select: GenerativeSelect): string {
  let text = "";
  if (select.limitClause !== null) text += ` \n LIMIT ${compiler.visit(select.limitClause)}`;
  if (select.offsetClause !== null) {
    if (select.limitClause === null) text += "\n LIMIT ALL";
    text += ` OFFSET ${compiler.visit(select.offsetClause)}`;
  }
  return text;
}

/** ` OFFSET (a) ROWS FETCH FIRST (b) ROWS ONLY` */
function visitFetch(compiler: Compiler, select: GenerativeSelect): string {
  let text = "";
  if (select.offsetClause !== null) text += `\n OFFSET (${compiler.visit(select.offsetClause)}) ROWS`;
  if (select.fetchClause !== null) {
    const options = select.fetchOptions;
    text += `\n FETCH FIRST (${compiler.visit(select.fetchClause)})${options?.percent ? " PERCENT" : ""} ROWS ${options?.withTies ? "WITH TIES" : "ONLY"}`;
  }
  return text;
}

/** ` FOR NO KEY UPDATE OF a, b SKIP LOCKED` */
function visitForUpdate(compiler: Compiler, lock: ForUpdate): string {
  let text = lock.read
    ? lock.keyShare
      ? " FOR KEY SHARE"
      : " FOR SHARE"
    : lock.keyShare
      ? " FOR NO KEY UPDATE"
      : " FOR UPDATE";
  if (lock.of !== null) text += ` OF ${lockedTables(compiler, lock.of as readonly ClauseElement[]).join(", ")}`;
  if (lock.nowait) text += " NOWAIT";
  if (lock.skipLocked) text += " SKIP LOCKED";
  return text;
}

/** Names of the tables, and of those whose columns were given, without schemas. */
function lockedTables(compiler: Compiler, of: readonly ClauseElement[]): string[] {
  const names = new Set<string>();
  const add = (from: unknown): void => {
    if (!(from instanceof FromClause) || from.name === null) return;
    names.add(compiler.nameIdentifier(from.name, (from as { quote?: boolean | null }).quote ?? null));
  };
  for (const element of of) {
    if (element instanceof FromClause) add(element);
    else if (element instanceof TextClause || element instanceof LiteralColumn) names.add(compiler.visit(element));
    else for (const node of iterate(element)) if (node instanceof ColumnClause) add(node.table);
  }
  return [...names];
}

/** `ONLY table`, the only hint there is. */
function visitTableHint(
  _compiler: Compiler,
  { table, hint }: { readonly table: string; readonly hint: string },
): string {
  if (hint.trim().toUpperCase() !== "ONLY")
    throw new CompileError(`Unrecognized hint: ${JSON.stringify(hint)}`, { fix: 'PostgreSQL knows the hint "ONLY"' });
  return `ONLY ${table}`;
}

export const selectVisitors: Readonly<Record<string, Visitor>> = {
  selectPrefix: visitSelectPrefix,
  limit: visitLimit,
  fetch: visitFetch,
  forUpdate: visitForUpdate,
  tableHint: visitTableHint as unknown as Visitor,
};
