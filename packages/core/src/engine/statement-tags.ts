/** Comments that tell a database whose statement it runs, in the form of sqlcommenter. Installed for the option `statementTags`. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../types/literals.ts";
import type { EngineDispatcher } from "./engine-events.ts";

/** Tags by name: `{ application: "shop", route: "/orders/:id" }`. Those without a value are left out. */
export type StatementTags = Readonly<Record<string, string | number | null | undefined>>;

/** Puts the tags behind every statement of an engine. */
export function tagStatements(dispatch: EngineDispatcher<unknown>, tags: StatementTags | (() => StatementTags)): void {
  if (typeof tags !== "function" && (tags === null || typeof tags !== "object"))
    throw new ArgumentError(
      `statementTags is ${describe(tags)}, but must be an object of tags or a function that gives one`,
    );
  const fixed = typeof tags === "function" ? null : commentOf(tags);
  dispatch.listen(
    "beforeCursorExecute",
    (_connection, _cursor, statement, parameters) => {
      const comment = fixed ?? commentOf((tags as () => StatementTags)());
      // A statement with a comment of its own is left as it is: tools read the first one.
      const isTagged = comment === "" || statement.includes("/*");
      return [isTagged ? statement : `${statement.trimEnd()} ${comment}`, parameters];
    },
    { retval: true },
  );
}

/** `/*action='%2Fusers',controller='index'*&#47;`: sorted, and encoded so that nothing ends the comment early. */
function commentOf(tags: StatementTags): string {
  const pairs = Object.entries(tags)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${encoded(name)}='${encoded(String(value))}'`);
  return pairs.length === 0 ? "" : `/*${pairs.sort().join(",")}*/`;
}

/** As in a URL, apostrophes and asterisks included; no driver then sees a parameter's marker in it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
