/** Attributes that are no columns and no relationships of their own: synonyms, composites, hybrids, association proxies. */
import { InvalidRequestError } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import { MapperProperty } from "../base/property.ts";

type Mapper = OrmClasses["mapper"];

/** A class-level attribute that stands for columns in VALUES and SET. */
export interface DmlAttribute {
  dmlPairs(value: unknown): readonly (readonly [column: unknown, value: unknown])[];
}

/** An attribute made of other attributes. */
export abstract class DescriptorProperty extends MapperProperty {
  abstract override readonly kind: "synonym" | "composite" | "proxy";

  /** Installs getter and setter, or a method, on the class's prototype. */
  abstract install(prototype: object, mapper: Mapper): void;

  /** What `User.$.key` gives, for the class or an alias of it; `attribute` gives other attributes of the same entity. */
  abstract classAttribute(entity: Entity, attribute: (key: string) => unknown): unknown;

  /** What VALUES and SET take instead, where a value is given for it; null where it cannot be written. */
  dmlPairs(
    _entity: Entity,
    _attributes: Readonly<Record<string, unknown>>,
    _value: unknown,
  ): readonly (readonly [column: unknown, value: unknown])[] | null {
    return null;
  }

  /** Puts what a value for it in a row of a bulk INSERT or UPDATE stands for into the row. @throws InvalidRequestError where nothing does. */
  bulkDml(_row: Record<string, unknown>, _value: unknown): void {
    throw new InvalidRequestError(`${this} cannot be given in the rows of a bulk INSERT or UPDATE`, {
      code: "no_bulk_dml",
      fix: "give the attributes behind it; for a hybrid, declare bulkDml: (row, value) => …",
    });
  }

  /** Called when relationships are set up. */
  configure(_mapper: Mapper): void {}

  /** Whether the constructor takes a value for it. */
  get settable(): boolean {
    return true;
  }
}
