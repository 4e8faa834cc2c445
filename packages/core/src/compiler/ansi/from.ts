/** What stands in FROM: tables, aliases, joins, subqueries, VALUES, functions. */
import { CompileError } from "../../errors/errors.ts";
import type { ColumnElement } from "../../expression/column-element.ts";
import type { Grouping } from "../../expression/grouping.ts";
import type { Alias, Lateral, TableSample } from "../../selectable/alias.ts";
import type { FromClause } from "../../selectable/from-clause.ts";
import { Join } from "../../selectable/join.ts";
import type { LateralSubquery, Subquery } from "../../selectable/subquery.ts";
import type { TableClause } from "../../selectable/table-clause.ts";
import type {
  FunctionFrom,
  ScalarFunctionColumn,
  TableValuedAlias,
  TableValuedColumn,
} from "../../selectable/table-valued.ts";
import type { TextualSelect } from "../../selectable/text-select.ts";
import type { ScalarValues, Values, ValuesSelect } from "../../selectable/values.ts";
import type { Compiler } from "../compiler.ts";
import { enterCteScope, leaveCteScope, renderAddedCtes } from "./cte.ts";
import { takePlace, visitInPlace } from "./place.ts";
import { fromElementText } from "./select.ts";

/** A table with its schema. */
export function visitTable(compiler: Compiler, table: TableClause): string {
  const name = compiler.identifier(table.name, table.quote);
  const schema = table.hasMappedSchema ? compiler.effectiveSchema(table.schema) : table.schema;
  if (schema !== null && schema !== "") return `${compiler.schemaName(schema, table.quoteSchema)}.${name}`;
  const renamed = compiler.frame?.renamed?.get(table);
  return renamed === undefined ? name : `${name}${compiler.hook("aliasKeyword", table)}${renamed}`;
}

/** ` AS `, or what the dialect writes instead. */
export function visitAliasKeyword(_compiler: Compiler, _alias: FromClause): string {
  return " AS ";
}

/** `table AS name` */
export function visitAlias(compiler: Compiler, alias: Alias): string {
  return `${compiler.visit(alias.element)}${compiler.hook("aliasKeyword", alias)}${compiler.nameIdentifier(alias.name as string, alias.quote)}`;
}

/** `LATERAL table AS name` */
export function visitLateral(compiler: Compiler, lateral: Lateral): string {
  return `LATERAL ${visitAlias(compiler, lateral as unknown as Alias)}`;
}

/** `table AS name TABLESAMPLE method(…) REPEATABLE (seed)` */
export function visitTableSample(compiler: Compiler, sample: TableSample): string {
  const text = `${visitAlias(compiler, sample as unknown as Alias)} TABLESAMPLE ${compiler.visit(sample.sampling)}`;
  return sample.seed === null ? text : `${text} REPEATABLE (${compiler.visit(sample.seed)})`;
}

/** A subquery that is compiled by itself: the statement. */
const byItself = { asFrom: false, lateral: false, memberIndex: null };

/** `(SELECT …) AS name` */
export function visitSubquery(compiler: Compiler, subquery: Subquery): string {
  if (compiler.isRoot(subquery)) return visitInPlace(compiler, subquery.element, byItself);
  // Names are numbered from outside to inside.
  const name = compiler.nameIdentifier(subquery.name, subquery.quote);
  const body = visitInPlace(compiler, subquery.element, { asFrom: true, lateral: false, memberIndex: null });
  return `(${body})${compiler.hook("aliasKeyword", subquery)}${name}`;
}

/** `LATERAL (SELECT …) AS name` */
export function visitLateralSubquery(compiler: Compiler, subquery: LateralSubquery): string {
  if (compiler.isRoot(subquery)) return `LATERAL (${visitInPlace(compiler, subquery.element, byItself)})`;
  const name = compiler.nameIdentifier(subquery.name, subquery.quote);
  const body = visitInPlace(compiler, subquery.element, { asFrom: true, lateral: true, memberIndex: null });
  return `LATERAL (${body})${compiler.hook("aliasKeyword", subquery)}${name}`;
}

/** `a JOIN b ON …` */
export function visitJoin(compiler: Compiler, join: Join): string {
  const keyword = compiler.hook("joinKeyword", join);
  const left = fromElementText(compiler, join.left);
  const right =
    join.right instanceof Join ? `(${fromElementText(compiler, join.right)})` : fromElementText(compiler, join.right);
  return `${left}${keyword}${right} ON ${compiler.visit(join.onclause)}`;
}

/** The words between the sides of a join. */
export function visitJoinKeyword(_compiler: Compiler, join: Join): string {
  return join.full ? " FULL OUTER JOIN " : join.isouter ? " LEFT OUTER JOIN " : " JOIN ";
}

/** `(VALUES …) AS name (columns)` in FROM; `VALUES …` as a statement. */
export function visitValues(compiler: Compiler, values: Values): string {
  if (compiler.stack.length === 0) return valuesText(compiler, values);
  const body = `(${valuesText(compiler, values)})`;
  const lateral = values.isLateral ? "LATERAL " : "";
  if (values.name === null) return `${lateral}${body}`;
  const columns = values.givenColumns.map((column) => compiler.nameIdentifier(column.name, column.quote)).join(", ");
  return `${lateral}${body}${compiler.hook("aliasKeyword", values)}${compiler.nameIdentifier(values.name)} (${columns})`;
}

/** `VALUES (…), (…)` */
export function valuesText(compiler: Compiler, values: Values): string {
  renderAddedCtes(compiler, values);
  return compiler.within(
    values.literalBinds ? { literalBinds: true } : {},
    () => `VALUES ${values.rows.map((row) => `(${compiler.list(row)})`).join(", ")}`,
  );
}

/** VALUES as the body of a CTE. */
export function visitValuesSelect(compiler: Compiler, select: ValuesSelect): string {
  takePlace();
  return valuesText(compiler, select.element);
}

/** VALUES as the right side of IN. */
export function visitScalarValues(compiler: Compiler, values: ScalarValues): string {
  return `(${valuesText(compiler, values.element)})`;
}

/** `f(…) AS name(columns)` */
export function visitTableValuedAlias(compiler: Compiler, alias: TableValuedAlias): string {
  const lateral = alias.isLateral ? "LATERAL " : "";
  const ordinality = alias.withOrdinality ? " WITH ORDINALITY" : "";
  const text = `${lateral}${compiler.visit(alias.element)}${ordinality}${compiler.hook("aliasKeyword", alias)}${compiler.nameIdentifier(alias.name)}`;
  if (alias.derived === null) return text;
  const types = alias.derived.withTypes;
  const columns = alias.givenColumns.map((column) => {
    const name = compiler.nameIdentifier(column.name, column.quote);
    return types ? `${name} ${compiler.typeText(column.type)}` : name;
  });
  return `${text}(${columns.join(", ")})`;
}

/** The one value of a function in FROM. */
export function visitTableValuedColumn(compiler: Compiler, column: TableValuedColumn): string {
  if (column.table.name === null) throw new CompileError("a join has no value as a whole");
  return compiler.nameIdentifier(column.table.name);
}

/** `f(…)` directly in FROM. */
export function visitFunctionFrom(compiler: Compiler, from: FunctionFrom): string {
  return compiler.visit(from.element);
}

/** Text with known columns. */
export function visitTextualSelect(compiler: Compiler, select: TextualSelect): string {
  const place = takePlace();
  const outermost = compiler.stack.length === 0;
  if (outermost) {
    compiler.positionalResult = select.positional;
    compiler.isTextual = true;
    for (const column of select.columns) {
      const name = compiler.resolveName(column.resultName ?? column.anonLabel);
      compiler.addResultColumn({
        name,
        key: column.key ?? name,
        type: compiler.dialect.adaptType(column.type),
        elements: new Set<ColumnElement>([column, column.canonical]),
      });
    }
  }
  const scope = place.memberIndex === null ? enterCteScope(compiler) : null;
  renderAddedCtes(compiler, select);
  const text = compiler.visit(select.element);
  return scope === null ? text : leaveCteScope(compiler, scope, text);
}

/** `( … )` */
export function visitGrouping(compiler: Compiler, grouping: Grouping): string {
  return `(${compiler.visit(grouping.element)})`;
}

/** `(f(x)).name` */
export function visitScalarFunctionColumn(compiler: Compiler, column: ScalarFunctionColumn): string {
  return `(${compiler.visit(column.element)}).${compiler.identifier(column.name)}`;
}
