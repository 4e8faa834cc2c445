/** Parts of SELECT that SQLite writes differently. */
import {
  type Compiler,
  type GenerativeSelect,
  literalBind,
  type Select,
  t,
  toType,
  type Visitor,
  visitSelect,
} from "@athanor/core";

const integer = toType(t.integer);

/** `LIMIT n OFFSET m`; always both, since OFFSET cannot stand alone and a cached text is then the same for more cases. */
function visitLimit(compiler: Compiler, select: GenerativeSelect): string {
  const { limitClause, offsetClause } = select;
  const limit = limitClause ?? literalBind(-1, integer);
  const offset = offsetClause ?? literalBind(0, integer);
  return `\n LIMIT ${compiler.visit(limit)} OFFSET ${compiler.visit(offset)}`;
}

/** Inside RETURNING, columns of the table are bare; in a subquery there they need their tables again. */
function visitNestedSelect(compiler: Compiler, select: Select): string {
  return compiler.bareColumns
    ? compiler.within({ bareColumns: false }, () => visitSelect(compiler, select))
    : visitSelect(compiler, select);
}

export const selectVisitors: Readonly<Record<string, Visitor>> = {
  select: visitNestedSelect as Visitor,
  limit: visitLimit as Visitor,
  // SQLite locks the whole database for a writer.
  forUpdate: () => "",
};
