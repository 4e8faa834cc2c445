/** Sequelize 6: class instances that know their changes, no identity map and no unit of work. */
import sequelize from "sequelize";
import { SIZES } from "../lib/spec.mjs";
import { chunk, pkgVersion } from "../lib/util.mjs";

const { Sequelize, DataTypes, Op } = sequelize;

function models(connection, isLite) {
  const define = (name, tableName, columns) =>
    connection.define(name, columns, { tableName, timestamps: false, freezeTableName: true });
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
  const item = () => ({
    id: { ...id },
    title: DataTypes.TEXT,
    body: DataTypes.TEXT,
    score: DataTypes.DOUBLE,
    active: DataTypes.BOOLEAN,
    created: DataTypes.DATE,
    price: DataTypes.DECIMAL(12, 2),
    meta: isLite ? DataTypes.JSON : DataTypes.JSONB,
  });
  const Item = define("Item", "item", item());
  const ItemBig = define("ItemBig", "item_big", item());
  const Parent = define("Parent", "parent", {
    id: { ...id },
    name: DataTypes.TEXT,
    email: DataTypes.TEXT,
    rank: DataTypes.INTEGER,
  });
  const Child = define("Child", "child", {
    id: { ...id },
    parentId: { type: DataTypes.INTEGER, field: "parent_id" },
    pos: DataTypes.INTEGER,
    label: DataTypes.TEXT,
    amount: DataTypes.DOUBLE,
  });
  const Bulk = define("Bulk", "bulk", {
    id: { ...id },
    a: DataTypes.INTEGER,
    b: DataTypes.TEXT,
    c: DataTypes.TEXT,
    d: DataTypes.DOUBLE,
    e: DataTypes.INTEGER,
    f: DataTypes.TEXT,
  });
  Parent.hasMany(Child, { as: "children", foreignKey: "parentId" });
  Child.belongsTo(Parent, { as: "parent", foreignKey: "parentId" });
  return { Item, ItemBig, Parent, Child, Bulk };
}

const byId = [["id", "ASC"]];
const children = (h, more = {}) => [{ model: h.Child, as: "children", ...more }];
const inTransaction = (h, work) => h.connection.transaction(work);

export default {
  name: "sequelize",
  dateFormat: "seq",
  dbs: ["sqlite", "pg"],
  version: () => `${pkgVersion("sequelize")} (sqlite3 ${pkgVersion("sqlite3")})`,
  async open(ctx) {
    const isLite = ctx.db === "sqlite";
    const options = { logging: false, pool: { max: ctx.poolSize, min: 0, acquire: 60_000 } };
    const connection = isLite
      ? new Sequelize({ ...options, dialect: "sqlite", storage: ctx.sqliteFile })
      : new Sequelize(ctx.pgUrl, { ...options, dialect: "postgres" });
    const handle = { connection, ctx, isLite, ...models(connection, isLite) };
    await connection.authenticate();
    return handle;
  },
  close: (h) => h.connection.close(),
  workloads: {
    W2: {
      async run(h, { n }) {
        let sum = 0;
        for (let k = 0; k < n; k++) {
          const row = await h.Item.findByPk(h.ctx.idAt(k), { raw: true });
          sum += row.id + row.title.length;
        }
        return sum;
      },
    },
    W3: { run: (h) => h.ItemBig.findAll({ raw: true, order: byId }) },
    W4: { run: (h) => h.Item.findAll({ order: byId }) },
    W5: { run: (h) => h.Parent.findAll({ include: children(h), order: byId }) },
    "W5.separate": { run: (h) => h.Parent.findAll({ include: children(h, { separate: true }), order: byId }) },
    W6: {
      run: (h, { data }) =>
        inTransaction(h, async (transaction) => {
          const made = [];
          for (const values of data) made.push(await h.Item.create(values, { transaction }));
          return made;
        }),
    },
    "W6.bulkCreate": {
      run: (h, { data }) =>
        inTransaction(h, async (transaction) => {
          const options = { transaction, ...(h.isLite ? {} : { returning: ["id"] }) };
          const made = [];
          for (const part of chunk(data, 2000)) made.push(...(await h.Item.bulkCreate(part, options)));
          return made;
        }),
    },
    W7: {
      run: (h, { rep }) =>
        inTransaction(h, async (transaction) => {
          const items = await h.Item.findAll({ where: { id: { [Op.lte]: SIZES.w7 } }, order: byId, transaction });
          for (const item of items) {
            item.title = `upd ${rep} ${item.id}`;
            await item.save({ transaction });
          }
        }),
    },
    W8: {
      run: (h, { data }) =>
        inTransaction(h, async (transaction) => {
          for (const part of chunk(data, 5000)) await h.Bulk.bulkCreate(part, { transaction, returning: false });
        }),
    },
    W9: {
      run: (h, { data }) =>
        inTransaction(h, async (transaction) => {
          const made = [];
          for (const values of data) made.push(await h.Parent.create(values, { include: children(h), transaction }));
          return made;
        }),
    },
    W10: { run: (h, { n }) => h.ctx.concurrent((id) => h.Item.findByPk(id, { raw: true }), n) },
  },
};
