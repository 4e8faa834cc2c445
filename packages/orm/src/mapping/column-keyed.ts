/** Maps of related objects that are keyed by a column: `columnKeyedDict(() => Note.$.keyword)`. */
import { ArgumentError, type ColumnElement } from "@athanor/core";
import { KeyedCollection } from "../collections/map.ts";
import { mapperOf } from "./class-map.ts";

/**
 * Keyed by a column of the related class, whatever attribute it has there: `collectionClass: columnKeyedDict(notes.c.keyword)`, or
 * a function that gives the column or the attribute, for classes that come later.
 *
 * @throws ArgumentError for several columns: a list is no key of a JavaScript Map. `keyfuncMapping()` makes one of them.
 */
export function columnKeyedDict<Key = string>(
  column: ColumnElement<Key> | (() => ColumnElement<Key>),
  options: { readonly ignoreUnpopulatedAttribute?: boolean } = {},
): KeyedCollection<Key> {
  if (Array.isArray(column)) {
    throw new ArgumentError("columnKeyedDict() takes one column: a list is no key of a Map", {
      fix: "make one key of several by keyfuncMapping((note) => `${note.a}/${note.b}`)",
    });
  }
  const element = (): ColumnElement => (typeof column === "function" ? column() : column) as ColumnElement;
  let attribute: string | undefined;
  return new KeyedCollection<Key>((value) => {
    attribute ??= attributeOf(value, element());
    return (value as Record<string, unknown>)[attribute];
  }, options.ignoreUnpopulatedAttribute ?? false);
}

function attributeOf(value: object, column: ColumnElement): string {
  const { property } = column as { readonly property?: { readonly key: string } };
  return property?.key ?? mapperOf(value.constructor).getPropertyByColumn(column).key;
}
