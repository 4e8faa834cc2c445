/** Names in DDL: tables, indexes, constraints, sequences; and expressions that stand in a schema. */
import type { Node } from "../../ast/node.ts";
import { fittingName, nameLimit } from "../../ddl/identifier.ts";
import { CompileError } from "../../errors/errors.ts";
import type { Constraint } from "../../schema/constraint.ts";
import type { Sequence } from "../../schema/sequence.ts";
import type { Index } from "../../schema/table-index.ts";
import type { TableClause } from "../../selectable/table-clause.ts";
import type { Compiler } from "../compiler.ts";

/** A table with its schema, as DDL names it. */
export function visitTableName(compiler: Compiler, table: TableClause): string {
  return qualified(compiler, compiler.identifier(table.name, table.quote), table.schema, table.quoteSchema);
}

/** A sequence with its schema. */
export function visitSequenceName(compiler: Compiler, sequence: Sequence): string {
  return qualified(compiler, compiler.identifier(sequence.name, sequence.quote), sequence.schema, sequence.quoteSchema);
}

/** An identifier behind that of its schema, if it has one. */
export function qualified(
  compiler: Compiler,
  identifier: string,
  schema: string | null,
  quoteSchema: boolean | null,
): string {
  const effective = compiler.effectiveSchema(schema);
  return effective === null || effective === ""
    ? identifier
    : `${compiler.schemaName(effective, quoteSchema)}.${identifier}`;
}

/** The identifier of a constraint, or null where it has no name. */
export function constraintIdentifier(compiler: Compiler, constraint: Constraint): string | null {
  const { name } = constraint;
  if (name === null) return null;
  const { capabilities } = compiler.dialect;
  const limit = nameLimit(capabilities, "constraint");
  return compiler.identifier(
    fittingName(name, constraint.nameIsConventional, limit, capabilities.maxIdentifierLength),
    constraint.quote,
  );
}

/** The identifier of an index without a schema. */
export function indexIdentifier(compiler: Compiler, index: Index): string {
  const { name } = index;
  if (name === null)
    throw new CompileError("CREATE INDEX requires that the index have a name", {
      fix: "name it, or give the MetaData a naming convention",
    });
  const { capabilities } = compiler.dialect;
  const limit = nameLimit(capabilities, "index");
  return compiler.identifier(
    fittingName(name, index.nameIsConventional, limit, capabilities.maxIdentifierLength),
    index.quote,
  );
}

/** The name of an index with the schema of its table, as DROP INDEX wants it. */
export function visitQualifiedIndexName(compiler: Compiler, index: Index): string {
  const identifier = indexIdentifier(compiler, index);
  return index.table === null
    ? identifier
    : qualified(compiler, identifier, index.table.schema, index.table.quoteSchema);
}

/** An expression of a schema: its values in the text, its columns without their table. */
export function schemaExpression(compiler: Compiler, expression: Node): string {
  return compiler.within({ literalBinds: true, bareColumns: true }, () => compiler.visit(expression));
}

/**
 * A word or two that users give and that go into the text as they are.
 *
 * @throws CompileError for anything else than the known phrases.
 */
export function sqlPhrase(text: string, known: RegExp): string {
  if (known.test(text)) return text;
  throw new CompileError(`Unexpected SQL phrase: '${text}' (matching against ${known.source})`);
}
