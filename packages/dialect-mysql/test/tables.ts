/** Tables that tests of SQL text use. */
import { column, MetaData, t, table } from "@athanor/core";

const metadata = new MetaData();

export const product = table("product", metadata, {
  id: column(t.integer, { primaryKey: true }),
  data: column(t.json),
  price: column(t.numeric(10, 2)),
  name: column(t.string(20)),
  made: column(t.dateTime),
});

export const orders = table("orders", metadata, {
  id: column(t.integer, { primaryKey: true }),
  productId: column("product_id", t.integer),
  when: column(t.integer),
});
