/** The statement that selects an entity by its primary key. */
import { BindParameter, Select } from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { mapperMemo } from "../mapping/memo.ts";
import { entityColumn } from "../query/adapt.ts";
import { nodeOf } from "../query/entity.ts";

const statements = mapperMemo<Select>();

/** `SELECT … WHERE key = ?`; made once per entity. */
export function byKeyStatement(entity: Entity): Select {
  let statement = statements.get(entity);
  if (statement === undefined) {
    statement = byPartialKeyStatement(entity, []);
    statements.set(entity, statement);
  }
  return statement;
}

/** The same for a key that is NULL at some positions. */
export function byPartialKeyStatement(entity: Entity, nulls: readonly number[]): Select {
  return entity.mapper.primaryKey.reduce(
    (statement, column, position) => {
      const own = entityColumn(entity, column);
      const name = `pk_${position + 1}`;
      const value = nulls.includes(position) ? null : new BindParameter(name, name, null, own.type, { required: true });
      return statement.where(own.eq(value as never));
    },
    new Select([nodeOf(entity)]),
  );
}

/** Parameters of {@link byKeyStatement}. */
export function keyParameters(values: readonly unknown[]): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  values.forEach((value, position) => {
    if (value !== null) params[`pk_${position + 1}`] = value;
  });
  return params;
}
