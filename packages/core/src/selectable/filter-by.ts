/** `filterBy()`: equality by column key, in whatever a statement reads from. */
import { AmbiguousColumnError, InvalidRequestError } from "../errors/errors.ts";
import type { ColumnElement } from "../expression/column-element.ts";

/** Something that `filterBy()` looks into. */
export interface FilterEntity {
  /** How messages call it. */
  readonly description: string;
  /** Its column or attribute of this key; undefined where it has none. */
  column(key: string): ColumnElement | undefined;
}

/**
 * The conditions of `filterBy(values)`.
 *
 * @throws InvalidRequestError for a key that no entity has.
 * @throws AmbiguousColumnError for a key that several have.
 */
export function filterConditions(
  values: Readonly<Record<string, unknown>>,
  entities: readonly FilterEntity[],
): ColumnElement<boolean>[] {
  return Object.entries(values).map(([key, value]) => filterColumn(key, entities).eq(value as never));
}

function filterColumn(key: string, entities: readonly FilterEntity[]): ColumnElement {
  const found = entities.flatMap((entity) => {
    const column = entity.column(key);
    return column === undefined ? [] : [{ entity, column }];
  });
  const [first] = found;
  const names = (all: readonly FilterEntity[]) => all.map(({ description }) => description).join(", ");
  if (first === undefined)
    throw new InvalidRequestError(`filterBy(): there is no column ${JSON.stringify(key)}`, {
      fix: `it was looked for in: ${names(entities) || "nothing"}`,
    });
  if (found.length > 1)
    throw new AmbiguousColumnError(
      `filterBy(): ${JSON.stringify(key)} is a column of ${names(found.map(({ entity }) => entity))}`,
      { fix: "name the column in where()" },
    );
  return first.column;
}
