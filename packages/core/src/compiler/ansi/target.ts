/** The table that INSERT, UPDATE and DELETE work on, with its hints. */
import type { Node } from "../../ast/node.ts";
import type { Dml } from "../../dml/dml-base.ts";
import { UnsupportedCompilationError } from "../../errors/errors.ts";
import { appliesTo } from "../../selectable/decoration.ts";
import type { Compiler } from "../compiler.ts";

/** A table that a statement reads beside its target, with its hint. */
export function readTableText(compiler: Compiler, statement: Dml, from: Node): string {
  const table = compiler.visit(from);
  const hint = hintOf(compiler, statement, from);
  return hint === "" || from === statement.table ? table : compiler.hook("tableHint", { table, hint });
}

function hintOf(compiler: Compiler, statement: Dml, from: Node): string {
  return statement.hints
    .filter(
      ({ table, dialect }) =>
        (table === from || (table === null && from === statement.table)) && appliesTo(dialect, compiler.dialect.name),
    )
    .map((hint) => hint.text)
    .join(" ");
}

/** The target with its hint. @throws CompileError on dialects that would leave out an extension of the statement. */
export function targetText(compiler: Compiler, statement: Dml): string {
  const { dialectsOnly } = statement;
  if (
    dialectsOnly !== null &&
    !dialectsOnly.includes(compiler.dialect.name) &&
    compiler.optionalHook("foreignExtension", statement) === undefined
  )
    throw new UnsupportedCompilationError(
      `the ${compiler.dialect.name} dialect cannot render what ext() added to this ${statement.kind} (it is for ${dialectsOnly.join(" and ")})`,
    );
  const table = compiler.visit(statement.table);
  const hint = hintOf(compiler, statement, statement.table);
  if (hint === "") return table;
  return compiler.hook("tableHint", { table, hint });
}
