/** `table.insert()`, `table.update()`, `table.delete()`: the statements of a table as its methods. */
import { TableClause } from "../selectable/table-clause.ts";
import { type Delete, delete_ } from "./delete.ts";
import { type Insert, insert } from "./insert.ts";
import { type Update, update } from "./update.ts";

declare module "../selectable/table-clause.ts" {
  interface TableClause<C> {
    /** `INSERT INTO` this table; the same as `insert(table)`. */
    insert(): Insert<C, [], object>;
    /** `UPDATE` this table; the same as `update(table)`. */
    update(): Update<C, [], object>;
    /** `DELETE FROM` this table; the same as `delete_(table)`. */
    delete(): Delete<C, [], object>;
  }
}

Object.defineProperties(TableClause.prototype, {
  insert: {
    value(this: TableClause): Insert {
      return insert(this);
    },
  },
  update: {
    value(this: TableClause): Update {
      return update(this);
    },
  },
  delete: {
    value(this: TableClause): Delete {
      return delete_(this);
    },
  },
});
