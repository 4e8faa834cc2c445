/** The table that INSERT, UPDATE and DELETE work on, with its hints. */
import type { Dml } from "../../dml/dml-base.ts";
import { UnsupportedCompilationError } from "../../errors/errors.ts";
import { appliesTo } from "../../selectable/decoration.ts";
import type { Compiler } from "../compiler.ts";

/** The hint for the target table. */
function targetHint(compiler: Compiler, statement: Dml): string {
  return statement.hints
    .filter(
      (hint) =>
        (hint.table === statement.table || hint.table === null) && appliesTo(hint.dialect, compiler.dialect.name),
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
  const hint = targetHint(compiler, statement);
  if (hint === "") return table;
  return compiler.hook("tableHint", { table, hint });
}
