/** Tables that several groups use. */
import { column, foreignKey, identity, MetaData, t, table } from "@athanor/core";

import type { Suite } from "../suite.ts";

/** A primary key that the database numbers. */
export function numberedKey(suite: Suite) {
  return suite.requirements.numberedKeys
    ? column(t.integer, { primaryKey: true })
    : column(t.integer, identity(), { primaryKey: true });
}

/** A list of values to select from. */
export function someTable(metadata: MetaData = new MetaData()) {
  const some = table("ath_some", metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    x: column(t.integer),
    y: column(t.integer),
    name: column(t.string(50)),
  });
  return { metadata, some };
}

/** The rows of {@link someTable}. */
export const someRows = [
  { id: 1, x: 1, y: 2, name: "alpha" },
  { id: 2, x: 2, y: 3, name: "beta" },
  { id: 3, x: 3, y: 4, name: "gamma" },
  { id: 4, x: 4, y: 5, name: null },
  { id: 5, x: null, y: 5, name: "al%ph_a" },
] as const;

/** Two tables, one of which refers to the other. */
export function parentAndChild(metadata: MetaData = new MetaData()) {
  const parent = table("ath_parent", metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    name: column(t.string(50)),
  });
  const child = table("ath_child", metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    parentId: column("parent_id", t.integer, foreignKey("ath_parent.id")),
    amount: column(t.integer),
  });
  return { metadata, parent, child };
}
