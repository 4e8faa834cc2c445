/** The fixed schema that the recorded cases are about (README.md, "The fixed schema"). */
import {
  type ColumnElement,
  column,
  columnClause,
  computed,
  foreignKey,
  func,
  identity,
  MetaData,
  type StringType,
  sequence,
  TypeDecorator,
  t,
  table,
  tableClause,
  typeFactory,
  UserDefinedType,
} from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";

const metadata = new MetaData();
const key = { primaryKey: true } as const;

/** A string whose binds are wrapped in lower() and whose columns in upper(). */
class FoldedType extends TypeDecorator<string> {
  readonly impl: StringType;
  constructor(length?: number) {
    super();
    this.impl = t.string(length);
  }
  override readonly cacheOk = true;
  override bindExpression(bind: ColumnElement): ColumnElement {
    return func.lower(bind);
  }
  override columnExpression(column: ColumnElement): ColumnElement {
    return func.upper(column);
  }
}
const Folded = typeFactory(FoldedType);

class PointType extends UserDefinedType {
  override getColSpec(): string {
    return "POINT";
  }
}
const Point = typeFactory(PointType);

const customer = table("customer", metadata, {
  id: column(t.integer, key),
  name: column(t.string(60), { nullable: false }),
  email: column(t.string(120), { unique: true }),
  age: column(t.integer),
  active: column(t.boolean),
  credit: column(t.numeric(10, 2)),
  joined: column(t.dateTime),
  notes: column(t.text),
});
const address = table("address", metadata, {
  id: column(t.integer, key),
  customer_id: column(t.integer, foreignKey("customer.id"), { nullable: false }),
  line1: column(t.string(100)),
  city: column(t.string(50)),
  postcode: column(t.string(12)),
});
const orders = table("orders", metadata, {
  id: column(t.integer, key),
  customer_id: column(t.integer, foreignKey("customer.id")),
  ship_to: column(t.integer, foreignKey("address.id")),
  status: column(t.string(20)),
  total: column(t.numeric(12, 2)),
  placed: column(t.date),
});
const product = table("product", metadata, {
  id: column(t.integer, key),
  sku: column(t.string(20)),
  title: column(t.string(200)),
  price: column(t.numeric(10, 2)),
  weight: column(t.float),
  stock: column(t.integer),
  data: column(t.json),
});
const lineItem = table("line_item", metadata, {
  order_id: column(t.integer, foreignKey("orders.id"), key),
  line_no: column(t.integer, { primaryKey: true, autoincrement: false }),
  product_id: column(t.integer, foreignKey("product.id")),
  qty: column(t.integer),
  price: column(t.numeric(10, 2)),
});
const category = table("category", metadata, {
  id: column(t.integer, key),
  parent_id: column(t.integer, foreignKey("category.id")),
  title: column(t.string(50)),
});
const productCategory = table("product_category", metadata, {
  product_id: column(t.integer, foreignKey("product.id"), key),
  category_id: column(t.integer, foreignKey("category.id"), key),
});
const staff = table("staff", metadata, {
  id: column(t.integer, key),
  name: column(t.string(60)),
  boss_id: column(t.integer, foreignKey("staff.id")),
  dept: column(t.string(30)),
  salary: column(t.numeric(10, 2)),
  hired: column(t.date),
});
const account = table("account", metadata, { id: column(t.integer, key), owner: column(t.string(60)) });
const transfer = table("transfer", metadata, {
  id: column(t.integer, key),
  src_id: column(t.integer, foreignKey("account.id")),
  dst_id: column(t.integer, foreignKey("account.id")),
  amount: column(t.numeric(10, 2)),
});
const event = table("event", metadata, {
  id: column(t.integer, key),
  kind: column(t.enum("click", "view", "buy", { name: "event_kind" })),
  happened: column(t.dateTime({ timezone: true })),
  flags: column(t.integer),
  uid: column(t.uuid),
  raw: column(t.largeBinary),
  payload: column(t.json),
  lasted: column(t.interval),
});
const ticket = table("ticket", metadata, {
  id: column(t.integer, sequence("ticket_id_seq"), key),
  code: column(t.string(10), { default: "new" }),
  rank: column(t.integer, { default: () => 1 }),
  opened: column(t.dateTime, { default: func.current_timestamp() }),
  stored: column(t.dateTime, { serverDefault: func.now() }),
  touched: column(t.dateTime, { onupdate: func.current_timestamp() }),
});
const doc = table("doc", metadata, {
  id: column(t.integer, key),
  title: column(t.string(100)),
  body: column(t.text),
  tags: column(pg.ARRAY(t.string)),
  grid: column(pg.ARRAY(t.integer, { dimensions: 2 })),
  meta: column(pg.JSON),
  payload: column(pg.JSONB),
  attrs: column(pg.HSTORE),
  span: column(pg.INT4RANGE),
  spans: column(pg.INT4MULTIRANGE),
  during: column(pg.TSTZRANGE),
  tsv: column(pg.TSVECTOR),
  mood: column(pg.ENUM("sad", "ok", "glad", { name: "mood" })),
  uid: column(pg.UUID),
  addr: column(pg.INET),
});
const weird = table("order", metadata, {
  select: column(t.integer, key),
  from: column(t.integer),
  Group: column(t.integer),
  "has space": column(t.string(20)),
  "pct%": column(t.integer),
  "a(b)": column(t.integer),
});
const mixed = table("UserAccount", metadata, {
  Id: column(t.integer, key),
  userName: column(t.string(40)),
  plain: column(t.string(40)),
});
const audit = table(
  "log",
  metadata,
  { id: column(t.integer, key), who: column(t.integer), what: column(t.string(80)) },
  { schema: "audit" },
);
const odd = table(
  "Log Archive",
  metadata,
  { id: column(t.integer, key), log_id: column(t.integer, foreignKey("audit.log.id")) },
  { schema: "Odd.Schema" },
);
const gadget = table("gadget", metadata, {
  id: column(t.integer, identity(), key),
  label: column(t.string(20)),
  area: column(t.integer, computed("w * h")),
});
const flag = table("flag", metadata, { id: column(t.integer, key), on: column(t.boolean), off: column(t.boolean) });
const light = tableClause("light", columnClause("a"), columnClause("b"), columnClause("c"));
const folded = table("folded", metadata, { id: column(t.integer, key), word: column(Folded(30)) });

/** A Python enumeration: names are stored, values are what the program uses. */
class Color {
  static readonly red = "red";
  static readonly green = "green";
}

/** The tables, under the names that cases use. */
export const tables = {
  customer,
  address,
  orders,
  product,
  lineItem,
  category,
  productCategory,
  staff,
  account,
  transfer,
  event,
  ticket,
  doc,
  weird,
  mixed,
  audit,
  odd,
  gadget,
  flag,
  light,
  folded,
};

/** Types that DDL cases name. */
export const helpers = { Folded, Point, Color };
