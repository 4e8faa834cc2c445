/** Facts of the user's own on elements, for traversal and for renderings of their own. Next: ../expression/clause-element.ts. */
import type { CacheKeyBuilder } from "./cache-key.ts";
import { appendValue, type Node } from "./node.ts";
import { copyWith } from "./traverse.ts";

/** Facts by name. Nodes count by their structure in cache keys, other objects by identity. */
export type Annotations = Readonly<Record<string, unknown>>;

interface Annotated {
  annotationValues?: Annotations;
}

const none: Annotations = Object.freeze({});

/** What an element was annotated with. */
export function annotationsOf(node: Node): Annotations {
  return (node as Annotated).annotationValues ?? none;
}

/** A copy of an element with exactly these annotations. They are own properties, so that later copies keep them. */
export function withAnnotations<N extends Node>(node: N, values: Annotations): N {
  const copy = copyWith(node, {});
  setAnnotations(copy, Object.keys(values).length === 0 ? undefined : Object.freeze({ ...values }));
  return copy;
}

/** Gives a copy that was made by hand the annotations of its original. */
export function carryAnnotations(original: Node, copy: Node): void {
  const { annotationValues } = original as Annotated;
  if (annotationValues !== undefined) setAnnotations(copy, annotationValues);
}

function setAnnotations(node: Node, annotationValues: Annotations | undefined): void {
  if (annotationValues !== undefined) Object.assign(node, { annotationValues, appendCacheKey: appendAnnotatedKey });
  else {
    delete (node as Annotated).annotationValues;
    delete (node as Partial<Node>).appendCacheKey;
  }
}

/** What is left without some of the names, or without all of them. */
export function withoutNames(values: Annotations, names: readonly string[] | undefined): Annotations {
  return names === undefined
    ? none
    : Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/** Adds annotations to a cache key, and then what they are on. */
export function appendAnnotations(key: CacheKeyBuilder, values: Annotations, append: () => void): void {
  key.add("(@");
  appendValue(key, values);
  append();
  key.add(")");
}

function appendAnnotatedKey(this: Node, key: CacheKeyBuilder): void {
  const { appendCacheKey } = Object.getPrototypeOf(this) as Node;
  appendAnnotations(key, annotationsOf(this), () => appendCacheKey.call(this, key));
}
