/** The statement that selects an entity by its primary key. */
import { BindParameter, Select } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { entityColumn } from "../query/adapt.ts";
import { nodeOf } from "../query/entity.ts";

const statements = new WeakMap<Entity, Select>();

/** `SELECT … WHERE key = ?`; made once per entity. */
export function byKeyStatement(entity: Entity): Select {
  let statement = statements.get(entity);
  if (statement === undefined) {
    statement = new Select([nodeOf(entity)]);
    entity.mapper.primaryKey.forEach((column, position) => {
      const own = entityColumn(entity, column);
      const name = `pk_${position + 1}`;
      statement = (statement as Select).where(
        own.eq(new BindParameter(name, name, null, own.type, { required: true }) as never),
      );
    });
    statements.set(entity, statement);
  }
  return statement;
}

/** Parameters of {@link byKeyStatement}. */
export function keyParameters(values: readonly unknown[]): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  values.forEach((value, position) => {
    params[`pk_${position + 1}`] = value;
  });
  return params;
}
