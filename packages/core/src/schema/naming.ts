/** Names of constraints and indexes by the MetaData's convention: `"uq_%(table_name)s_%(column_0_name)s"`. */
import { ArgumentError, InvalidRequestError } from "../errors/errors.ts";

/** A name that conventions leave alone, and that may be cut to the database's limit. Made with {@link conv}. */
export class ConventionName {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** Marks a name as final: `checkConstraint("a > 1", { name: conv("exact") })`. */
export function conv(name: string): ConventionName {
  return new ConventionName(name);
}

/** Which rule of a convention applies. */
export type ConventionKey = "ix" | "uq" | "ck" | "fk" | "pk";

/** What conventions see of a column. */
export interface ConventionColumn {
  readonly name: string;
  readonly key: string;
  /** `schema_table_column` */
  readonly label: string;
}

/** What conventions see of a constraint or an index. */
export interface ConventionParts {
  readonly key: ConventionKey;
  readonly givenName: string | null;
  readonly columns: readonly ConventionColumn[];
  /** Foreign keys: the table that is referred to. */
  readonly referredTableName: () => string;
  /** Foreign keys: the columns that are referred to. */
  readonly referredColumnNames: () => readonly string[];
  /** Calls a token of the user's own. */
  readonly call: (token: unknown) => string;
}

/** A naming convention as it is kept: rules and the user's own tokens by name. */
export type ConventionRules = Readonly<Record<string, unknown>>;

/** The convention of a MetaData that has none of its own: indexes are named, constraints are not. */
export const defaultConvention: ConventionRules = Object.freeze({ ix: "ix_%(column_0_label)s" });

/**
 * The name that a convention gives, or null where it has no rule.
 *
 * @throws InvalidRequestError when the rule needs a name that was not given, ArgumentError for an unknown token.
 */
export function conventionalName(rules: ConventionRules, parts: ConventionParts, tableName: string): string | null {
  const rule = rules[parts.key];
  if (typeof rule !== "string") return null;
  if (parts.givenName !== null && !rule.includes("constraint_name")) return null;
  return rule.replaceAll(/%%|%\((\w+)\)s/g, (match, token: string | undefined) =>
    token === undefined ? match.slice(1) : tokenText(token, rules, parts, tableName),
  );
}

const columnToken = /^(referred_)?column_(\d+)(_?N)?_(name|key|label)$/;

function tokenText(token: string, rules: ConventionRules, parts: ConventionParts, tableName: string): string {
  const own = rules[token];
  if (typeof own === "function") return parts.call(own);
  if (token === "table_name") return tableName;
  if (token === "constraint_name") return requireName(parts);
  if (token === "referred_table_name") return parts.referredTableName();
  const match = columnToken.exec(token);
  if (match === null) throw unknownToken(token, parts);
  const [, referred, index, multiple, detail] = match;
  const texts =
    referred === undefined
      ? parts.columns.map((column) => column[detail as "name" | "key" | "label"])
      : parts.referredColumnNames();
  if (multiple === undefined) return texts[Number(index)] ?? "";
  return texts.join(multiple.startsWith("_") ? "_" : "");
}

function requireName(parts: ConventionParts): string {
  if (parts.givenName !== null) return parts.givenName;
  throw new InvalidRequestError(
    "Naming convention including %(constraint_name)s token requires that constraint is explicitly named",
    {
      fix: "give the constraint a name",
    },
  );
}

function unknownToken(token: string, parts: ConventionParts): ArgumentError {
  return new ArgumentError(`the naming convention for "${parts.key}" has an unknown token %(${token})s`, {
    fix: "known tokens are table_name, constraint_name, referred_table_name, column_0_name (key, label), column_0_N_name, column_0N_name, referred_column_0_name, and functions of your own",
  });
}
