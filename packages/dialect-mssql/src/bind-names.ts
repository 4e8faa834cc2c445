/** Names of parameters in SQL text: a variable of Transact-SQL takes letters, digits and few other characters. */

/** The name as it stands behind the `@`; what no variable can have is written as its number. */
export function bindName(name: string): string {
  return name.replaceAll(
    /[^\p{L}\p{N}_@#$]/gu,
    (character) => `_x${(character.codePointAt(0) as number).toString(16)}_`,
  );
}
