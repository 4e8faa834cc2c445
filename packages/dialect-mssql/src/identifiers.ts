/** How SQL Server quotes: brackets, its own reserved words, schemas in two parts. */
import { ansiIdentifiers, type IdentifierRules } from "@athanor/core";

const reserved = new Set(
  (
    "add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint close clustered coalesce " +
    "collate column commit compute constraint contains containstable continue convert create cross current current_date current_time " +
    "current_timestamp current_user cursor database dbcc deallocate declare default delete deny desc disk distinct distributed double drop dump " +
    "else end errlvl escape except exec execute exists exit external fetch file fillfactor for foreign freetext freetexttable from full function " +
    "goto grant group having holdlock identity identity_insert identitycol if in index inner insert intersect into is join key kill left like lineno " +
    "load merge national nocheck nonclustered not null nullif of off offsets on open opendatasource openquery openrowset openxml option or order outer " +
    "over percent pivot plan precision primary print proc procedure public raiserror read readtext reconfigure references replication restore restrict " +
    "return revert revoke right rollback rowcount rowguidcol rule save schema securityaudit select session_user set setuser shutdown some statistics " +
    "system_user table tablesample textsize then to top tran transaction trigger truncate tsequal union unique unpivot update updatetext use user " +
    "values varying view waitfor when where while with writetext"
  ).split(" "),
);

/** `db.owner` is two identifiers; a part in brackets is taken as it is: `[my.db].[my.owner]`. */
function schemaParts(schema: string): readonly { readonly name: string; readonly quote: boolean | null }[] {
  const parts: { name: string; quote: boolean | null }[] = [];
  for (const match of schema.matchAll(/\[((?:[^\]]|\]\])*)\]|[^.]+/g)) {
    parts.push(
      match[1] === undefined ? { name: match[0], quote: null } : { name: match[1].replaceAll("]]", "]"), quote: true },
    );
  }
  // `server.db.owner`: what stands before the owner is one name.
  const owner = parts.at(-1);
  return owner === undefined || parts.length < 3 || parts.some(({ quote }) => quote === true)
    ? parts
    : [
        {
          name: parts
            .slice(0, -1)
            .map(({ name }) => name)
            .join("."),
          quote: null,
        },
        owner,
      ];
}

/** SQL Server's rules. */
export const mssqlIdentifiers: IdentifierRules = { ...ansiIdentifiers, open: "[", close: "]", reserved, schemaParts };
