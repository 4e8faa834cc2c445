/** Types of fromDmlColumn(). */
import { type ColumnElement, column, fromDmlColumn, insert, MetaData, t, table, update } from "@athanor/core";

const things = table("t", new MetaData(), { x: column(t.integer, { nullable: false }), y: column(t.integer) });

const value: ColumnElement<number> = fromDmlColumn(things.c.x);
update(things).values({ x: 1, y: fromDmlColumn(things.c.x).add(5) });
insert(things).values({ x: 1, y: value });
// @ts-expect-error misspelt
fromDmlColumn(things.c.z);
// @ts-expect-error a name is no column
fromDmlColumn("x");
const next = <T extends typeof things>(of: T): ColumnElement<number> => fromDmlColumn(of.c.x);
void next(things);
