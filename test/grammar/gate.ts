/**
 * The grammar gate: SQL Server and Oracle cannot run here, so what is written for them is parsed by their ANTLR grammars. A green
 * run says that the syntax is theirs, about as well as the labelled corpus beside it is told apart (gate.test.ts).
 */
import { type ANTLRErrorListener, antlr4tsSQL, PredictionMode, SQLDialect } from "antlr4ts-sql";
import { misses } from "./misses.ts";

/** A database whose text goes through the gate. */
export type GatedDialect = "mssql" | "oracle";

const grammars = { mssql: SQLDialect.TSQL, oracle: SQLDialect.PLSQL };

/** What is wrong with a statement; empty where the grammar takes it. */
export function grammarErrors(dialect: GatedDialect, sql: string): string[] {
  // PL/SQL's grammar wants the semicolon that a driver leaves out.
  const text = dialect === "oracle" ? `${sql};` : sql;
  // The quick way of predicting may refuse what the whole one accepts, never the other way round.
  const quick = parse(dialect, text, PredictionMode.SLL);
  const { errors, words } = quick.errors.length === 0 ? quick : parse(dialect, text, PredictionMode.LL);
  return [...errors, ...misses(dialect, words)];
}

function parse(
  dialect: GatedDialect,
  text: string,
  mode: PredictionMode,
): { readonly errors: string[]; readonly words: string[] } {
  const errors: string[] = [];
  const listener: ANTLRErrorListener<unknown> = {
    syntaxError: (_recognizer, _symbol, line, column, message) => {
      errors.push(`${line}:${column} ${message.slice(0, 200)}`);
    },
  };
  const toolkit = new antlr4tsSQL(grammars[dialect]);
  const tokens = toolkit.getTokens(text, [listener]);
  const parser = toolkit.getParser(tokens, [listener]);
  parser.interpreter.setPredictionMode(mode);
  toolkit.getParseTree(parser);
  const words = tokens
    .getTokens()
    .filter((token) => token.channel === 0)
    .map((token) => text.slice(token.startIndex, token.stopIndex + 1).toUpperCase());
  return { errors, words };
}
