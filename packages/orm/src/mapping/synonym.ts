/** Another name for an attribute. */
import type { Entity } from "../base/entity.ts";
import { delAttribute } from "../instrument/functions.ts";
import { ColumnAttribute } from "./column-attribute.ts";
import { DescriptorProperty } from "./descriptor.ts";
import type { Mapper } from "./mapper.ts";

/** The attribute `key` is the attribute `target` under another name, on objects and in statements. */
export class SynonymProperty extends DescriptorProperty {
  readonly kind = "synonym" as const;
  /** Phantom: the attribute that is meant. */
  declare readonly "~synonym": string;
  readonly target: string;

  constructor(target: string) {
    super();
    this.target = target;
  }

  install(prototype: object, _mapper: Mapper): void {
    const { target } = this;
    Object.defineProperty(prototype, this.key, {
      configurable: true,
      enumerable: true,
      get(this: Record<string, unknown>): unknown {
        return this[target];
      },
      set(this: Record<string, unknown>, value: unknown) {
        this[target] = value;
      },
    });
  }

  classAttribute(_entity: Entity, attribute: (key: string) => unknown): unknown {
    const target = attribute(this.target);
    return target instanceof ColumnAttribute ? target.named(this.key) : target;
  }

  override dmlPairs(
    _entity: Entity,
    attributes: Readonly<Record<string, unknown>>,
    value: unknown,
  ): readonly (readonly [unknown, unknown])[] {
    return [[attributes[this.target], value]];
  }

  override remove(object: object): void {
    delAttribute(object, this.target as never);
  }

  override bulkDml(row: Record<string, unknown>, value: unknown): void {
    row[this.target] = value;
  }

  copy(): SynonymProperty {
    return new SynonymProperty(this.target);
  }
}
