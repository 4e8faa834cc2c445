/** PostgreSQL's own operators of documents, arrays, hstores, ranges. The comparators in ./types build expressions with them. */
import { customOp, Operator } from "@athanor/core";

/** Comparisons that are parenthesised inside any other operator, as SQLAlchemy writes them. */
const grouped = (symbol: string): Operator =>
  customOp(symbol, { precedence: 5, isComparison: true, eagerGrouping: true });
const plain = (symbol: string): Operator => customOp(symbol, { precedence: 5, isComparison: true });
const access = (symbol: string): Operator =>
  new Operator("custom", { symbol, custom: true, precedence: 15, selfPrecedent: true, eagerGrouping: true });

export const contains: Operator = grouped("@>");
export const containedBy: Operator = grouped("<@");
export const hasKey: Operator = grouped("?");
export const hasAll: Operator = grouped("?&");
export const hasAny: Operator = grouped("?|");
export const pathExists: Operator = grouped("@?");
export const pathMatch: Operator = grouped("@@");
export const asText: Operator = access("->>");
export const pathAsText: Operator = access("#>>");
export const deletePath: Operator = access("#-");
export const overlap: Operator = plain("&&");
export const strictlyLeftOf: Operator = plain("<<");
export const strictlyRightOf: Operator = plain(">>");
export const notExtendRightOf: Operator = plain("&<");
export const notExtendLeftOf: Operator = plain("&>");
export const adjacentTo: Operator = plain("-|-");
