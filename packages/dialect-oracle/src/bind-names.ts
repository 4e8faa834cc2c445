/** Names of parameters in SQL text: those that Oracle would refuse stand in quotes. */

/** Words that no bind name may be (ORA-01745), from `V$RESERVED_WORDS`. */
const reserved = new Set(
  (
    "access add all alter and any as asc audit between by char check cluster column comment compress connect create current date decimal default " +
    "delete desc distinct drop else exclusive exists file float for from grant group having identified immediate in increment index initial insert " +
    "integer intersect into is level like lock long maxextents minus mlslabel mode modify noaudit nocompress not nowait null number of offline on " +
    "online option or order pctfree prior public raw rename resource revoke row rowid rownum rows select session set share size smallint start " +
    "successful synonym sysdate table then to trigger uid union unique update user validate values varchar varchar2 view whenever where with"
  ).split(" "),
);

/** The name as it stands behind the colon. */
export function bindName(name: string): string {
  return /^[A-Za-z][\w$#]*$/.test(name) && !reserved.has(name.toLowerCase()) ? name : `"${name}"`;
}
