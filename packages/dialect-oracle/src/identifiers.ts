/** How Oracle quotes: its own reserved words, and no leading underscore or dollar sign without quotes. */
import { ansiIdentifiers, type IdentifierRules } from "@athanor/core";

const reserved = new Set(
  (
    "share raw drop between from desc option prior long then default alter is into minus integer number grant identified all to order on float date " +
    "having cluster nowait resource any table index for update where check smallint with delete by asc revoke like size rename nocompress null group " +
    "values as in view exclusive compress synonym select insert exists not trigger else create intersect pctfree distinct user connect set mode of " +
    "unique varchar2 varchar lock or char decimal union public and start uid comment current level"
  ).split(" "),
);

/** Oracle's rules. */
export const oracleIdentifiers: IdentifierRules = { ...ansiIdentifiers, reserved, illegalFirst: /^[_0-9$]/ };
