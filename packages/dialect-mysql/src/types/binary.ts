/** MySQL's BLOB family. */
import { defineVisitName, LargeBinary } from "@athanor/core";

/** TINYBLOB, up to 255 bytes. */
export class MySQLTinyBlob extends LargeBinary {}
defineVisitName(MySQLTinyBlob, "TINYBLOB");

/** MEDIUMBLOB, up to 2^24 - 1 bytes. */
export class MySQLMediumBlob extends LargeBinary {}
defineVisitName(MySQLMediumBlob, "MEDIUMBLOB");

/** LONGBLOB, up to 2^32 - 1 bytes. */
export class MySQLLongBlob extends LargeBinary {}
defineVisitName(MySQLLongBlob, "LONGBLOB");
