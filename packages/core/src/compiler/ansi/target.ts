/** The table that INSERT, UPDATE and DELETE work on, with its hints. */
import type { Dml } from "../../dml/dml-base.ts";
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

/** The target with its hint. */
export function targetText(compiler: Compiler, statement: Dml): string {
  const table = compiler.visit(statement.table);
  const hint = targetHint(compiler, statement);
  if (hint === "") return table;
  return compiler.hook("tableHint", { table, hint });
}
