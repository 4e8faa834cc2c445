/** Operators of JSON expressions: access by key, index and path, and the typed reading of what is found. */
import { ArgumentError, InvalidRequestError } from "../../errors/errors.ts";
import type { Operator } from "../../operator/operator.ts";
import { operators } from "../../operator/table.ts";
import { BOOLEANTYPE } from "../../types/boolean.ts";
import { JSONIntegerIndex, JSONPath, JSONStringIndex, JSONType } from "../../types/json.ts";
import { describe } from "../../types/literals.ts";
import { Float, Integer, Numeric } from "../../types/numeric.ts";
import { Unicode } from "../../types/string.ts";
import type { SqlType } from "../../types/type.ts";
import { Binary } from "../binary.ts";
import { literalBind } from "../bind.ts";
import type { SqlExpression } from "../clause-element.ts";
import { asColumnElement, refuseUndefined, resolveNode } from "../coerce.ts";
import type { ColumnElement } from "../column-element.ts";

/** A step into a JSON document: a key, an index, or several of both. */
export type JsonStep = string | number | readonly (string | number)[] | SqlExpression;

/** A JSON expression. */
export type JsonElement = ColumnElement<unknown, unknown> & JsonOps;

/** What JSON expressions have besides the standard operators. */
export interface JsonOps {
  /** The element at a key, index or path: `data.at("size")`, `data.at(["dims", 0])`. */
  at(step: JsonStep): JsonElement;
  /** The element as text. */
  asString(): ColumnElement<string | null>;
  /** The element as an integer. */
  asInteger(): ColumnElement<number | null>;
  /** The element as a floating-point number. */
  asFloat(): ColumnElement<number | null>;
  /** The element as an exact number. */
  asNumeric(precision: number, scale: number): ColumnElement<string | null, string | number | bigint>;
  /** The element as a truth value. */
  asBoolean(): ColumnElement<boolean | null>;
  /** The element as JSON, which it is anyway; for chains. */
  asJson(): JsonElement;
}

const stringIndex = new JSONStringIndex();
const integerIndex = new JSONIntegerIndex();
const path = new JSONPath();

/** The operator and parameter of one step. */
export function jsonStep(
  document: ColumnElement,
  step: unknown,
): { readonly operator: Operator; readonly index: ColumnElement } {
  refuseUndefined(step, "the index of at()");
  const node = resolveNode(step);
  if (node !== undefined) return { operator: operators.jsonGetitem, index: asColumnElement(node, "a JSON index") };
  if (typeof step === "string")
    return { operator: operators.jsonGetitem, index: literalBind(step, stringIndex, document.bindBase) };
  if (typeof step === "number" && Number.isInteger(step))
    return { operator: operators.jsonGetitem, index: literalBind(step, integerIndex, document.bindBase) };
  if (
    Array.isArray(step) &&
    step.every((part) => typeof part === "string" || (typeof part === "number" && Number.isInteger(part)))
  ) {
    return { operator: operators.jsonPathGetitem, index: literalBind(step, path, document.bindBase) };
  }
  throw new ArgumentError(`${describe(step)} is not a JSON key, index or path`, {
    fix: 'pass a string, a whole number, or a list of these: data.at(["a", 0])',
  });
}

function typed(element: ColumnElement, type: SqlType, method: string): ColumnElement {
  if (
    !(element instanceof Binary) ||
    (element.operator !== operators.jsonGetitem && element.operator !== operators.jsonPathGetitem)
  ) {
    throw new InvalidRequestError(
      `The JSON cast operator JSON.${method}() only works with a JSON index expression e.g. col.at("a").${method}()`,
    );
  }
  return new Binary(element.left, element.right, element.operator, type);
}

/** The methods, installed for JSON types. */
export const jsonComparator = {
  at(this: ColumnElement, step: JsonStep): ColumnElement {
    const { operator, index } = jsonStep(this, step);
    return new Binary(this, index, operator, this.type);
  },
  asString(this: ColumnElement): ColumnElement {
    return typed(this, new Unicode(), "asString");
  },
  asInteger(this: ColumnElement): ColumnElement {
    return typed(this, new Integer(), "asInteger");
  },
  asFloat(this: ColumnElement): ColumnElement {
    return typed(this, new Float(), "asFloat");
  },
  asNumeric(this: ColumnElement, precision: number, scale: number): ColumnElement {
    return typed(this, new Numeric(precision, scale), "asNumeric");
  },
  asBoolean(this: ColumnElement): ColumnElement {
    return typed(this, BOOLEANTYPE, "asBoolean");
  },
  asJson(this: ColumnElement): ColumnElement {
    return typed(this, this.type, "asJson");
  },
};

Object.defineProperty(JSONType.prototype, "comparator", { value: jsonComparator, configurable: true, writable: true });
