/**
 * The values of new objects. Programs give the same attributes again and again: for the names that were given last, the
 * record of values is made at once, by code for these very names. Next: ./construct.ts.
 */
import { codegenAllowed } from "@athanor/core";
import { NO_VALUE } from "../base/symbols.ts";
import type { Attribute } from "../instrument/attribute.ts";
import { ScalarAttribute } from "../instrument/scalar-attribute.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { InstanceState, Values } from "../state/instance-state.ts";

/** Makes a record of the values of some attributes; null where one of them is undefined. */
type MakeValues = (init: Values) => Values | null;

/** Attributes that a constructor was given, in order. */
interface InitForm {
  readonly keys: readonly string[];
  /** Stores the plain values at the front; gives how many of the keys are done, 0 where all have to be set one by one. */
  fill(state: InstanceState, init: Values): number;
}

const forms = new WeakMap<Mapper, InitForm>();
const mostKeys = 200;

/** The form for these values; null for objects that are not plain. */
export function initForm(mapper: Mapper, init: Values): InitForm | null {
  const known = forms.get(mapper);
  if (known !== undefined && hasKeys(init, known.keys)) return known;
  const prototype: unknown = Object.getPrototypeOf(init);
  const keys = Object.keys(init);
  if ((prototype !== Object.prototype && prototype !== null) || keys.length > mostKeys) return null;
  const form = makeForm(mapper, keys);
  forms.set(mapper, form);
  return form;
}

/** Whether these are the object's enumerable properties, in this order; inherited ones show up as others. */
function hasKeys(object: object, keys: readonly string[]): boolean {
  let index = 0;
  for (const key in object) if (key !== keys[index++]) return false;
  return index === keys.length;
}

/** A value can be put into a new object without further ado: nobody listens, nothing is validated. */
export function isPlain(mapper: Mapper, attribute: Attribute): boolean {
  return attribute instanceof ScalarAttribute && mapper.validators.size === 0 && attribute.isPlain;
}

function makeForm(mapper: Mapper, keys: readonly string[]): InitForm {
  const scalars: ScalarAttribute[] = [];
  for (const key of keys) {
    const attribute = mapper.attributes.get(key);
    if (!(attribute instanceof ScalarAttribute) || key === "__proto__") break;
    scalars.push(attribute);
  }
  const names = scalars.map(({ key }) => key);
  const isGenerated = codegenAllowed();
  const values = isGenerated ? generatedValues(names) : interpretedValues(names);
  const before = isGenerated ? generatedMarks(names) : interpretedMarks(names);
  return {
    keys,
    fill(state, init) {
      if (names.length === 0 || mapper.validators.size > 0) return 0;
      for (const attribute of scalars) if (!attribute.isPlain) return 0;
      const made = values(init);
      if (made === null) return 0;
      state.dict = made;
      state.committed = before();
      state.modified = true;
      return names.length;
    },
  };
}

function generatedValues(names: readonly string[]): MakeValues {
  const text = names.map((name) => JSON.stringify(name));
  const reads = text.map((name, index) => `v${index}=i[${name}]`).join(",");
  const missing = text.map((_, index) => `v${index}===undefined`).join("||");
  const fields = text.map((name, index) => `${name}:v${index}`).join(",");
  if (text.length === 0) return () => null;
  return new Function(`"use strict";return(i)=>{const ${reads};return ${missing}?null:{${fields}};};`)() as MakeValues;
}

function interpretedValues(names: readonly string[]): MakeValues {
  return (init) => {
    const values: Values = {};
    for (const name of names) {
      const value = init[name];
      if (value === undefined) return null;
      values[name] = value;
    }
    return values;
  };
}

/** What history has of the values of a new object: there were none before. */
function generatedMarks(names: readonly string[]): () => Values {
  const fields = names.map((name) => `${JSON.stringify(name)}:n`).join(",");
  return (new Function("n", `"use strict";return()=>({${fields}});`) as (none: unknown) => () => Values)(NO_VALUE);
}

function interpretedMarks(names: readonly string[]): () => Values {
  return () => {
    const marks: Values = {};
    for (const name of names) marks[name] = NO_VALUE;
    return marks;
  };
}
