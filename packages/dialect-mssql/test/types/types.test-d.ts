/** The options of SQL Server's types. Compiled only. */
import { column } from "@athanor/core";
import * as mssql from "@athanor/dialect-mssql";

column(mssql.TIME({ precision: 3 }));
column(mssql.DATETIME2(7));
column(mssql.VARCHAR("max", { collation: "Latin1_General_BIN" }));
column(mssql.NVARCHAR({ length: 20 }));
column(mssql.VARBINARY("max", { filestream: true }));

/** Through a helper. */
const moment = (precision: number) => column(mssql.DATETIMEOFFSET({ precision }));
moment(3);

// @ts-expect-error: misspelt
mssql.TIME({ precison: 3 });
// @ts-expect-error: the only word is "max"
mssql.VARCHAR("min");
// @ts-expect-error: misspelt
mssql.VARBINARY("max", { fileStream: true });
