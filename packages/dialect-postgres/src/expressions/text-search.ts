/**
 * Functions of full-text search with their types: `func.to_tsvector("english", docs.c.body)`. Importing the package makes
 * `func` know them. The first argument may be a configuration, which a driver has to send as such.
 */
import {
  ColumnElement,
  functionArguments,
  registerFunction,
  resolveNode,
  SqlFunction,
  type SqlType,
  t,
} from "@athanor/core";
import { REGCONFIG, TSQUERY, TSVECTOR, TsQuery } from "../types/simple.ts";

/** Whether the arguments begin with a configuration. */
type ConfigRule = (args: readonly unknown[]) => boolean;

const withSecond: ConfigRule = (args) => args.length > 1;

/** `ts_headline(config, document, query, options)` or `ts_headline(document, query, options)` */
const headline: ConfigRule = (args) => args.length === 4 || (args.length === 3 && !isQuery(args[1]));

function isQuery(value: unknown): boolean {
  const node = resolveNode(value);
  return node instanceof ColumnElement && node.type instanceof TsQuery;
}

/** A call; a literal configuration gets the type REGCONFIG. */
function search(
  name: string,
  type: () => SqlType,
  hasConfig: ConfigRule,
): (...args: readonly unknown[]) => SqlFunction {
  const make = (...args: readonly unknown[]): SqlFunction => {
    const types = hasConfig(args) && typeof args[0] === "string" ? [REGCONFIG()] : [];
    return new SqlFunction(name, functionArguments(name, args, types), type());
  };
  registerFunction(name, (args) => make(...args));
  return make;
}

/** `to_tsvector('english', document)` */
export const toTsvector = search("to_tsvector", () => TSVECTOR(), withSecond);
/** `to_tsquery('english', 'cat & dog')` */
export const toTsquery = search("to_tsquery", () => TSQUERY(), withSecond);
/** `plainto_tsquery('english', 'cat dog')` */
export const plaintoTsquery = search("plainto_tsquery", () => TSQUERY(), withSecond);
/** `phraseto_tsquery('english', 'cat dog')` */
export const phrasetoTsquery = search("phraseto_tsquery", () => TSQUERY(), withSecond);
/** `websearch_to_tsquery('english', 'cat -dog')` */
export const websearchToTsquery = search("websearch_to_tsquery", () => TSQUERY(), withSecond);
/** `ts_headline('english', document, query)` */
export const tsHeadline = search("ts_headline", () => t.text(), headline);
