/** The parameters of one statement, as the protocol takes them. */
import { InvalidRequestError } from "@athanor/core";
import { parameterValue, type SentValue } from "../types/parameter-text.ts";

export { itemText, parameterValue, type SentValue } from "../types/parameter-text.ts";

/** Of one statement: the protocol counts them in two bytes, and postgres.js takes one fewer. */
const mostParameters = 65_534;

/** The parameters of one statement. @throws InvalidRequestError for more than the protocol can count. */
export function sentValues(parameters: readonly unknown[]): SentValue[] {
  const count = parameters.length;
  if (count > mostParameters)
    throw new InvalidRequestError(
      `a statement has ${count} parameters; PostgreSQL's protocol takes ${mostParameters}`,
      { fix: "send fewer rows at a time, or a list as one array parameter" },
    );
  const values: SentValue[] = new Array(count);
  for (let index = 0; index < count; index++) {
    const value = parameters[index];
    values[index] = typeof value === "string" ? value : parameterValue(value);
  }
  return values;
}
