/** Puts a mapper's attributes onto the prototype of its class. */
import { type Adopt, installAccessors, installView } from "../instrument/accessors.ts";
import { ColumnProperty } from "../mapping/column-property.ts";
import { DescriptorProperty } from "../mapping/descriptor.ts";
import type { Mapper } from "../mapping/mapper.ts";

/** Installs the attributes that the mapper itself declared; inherited ones are on the parent's prototype. */
export function installAttributes(prototype: object, mapper: Mapper, adopt: Adopt | null = null): void {
  const own = [...mapper.props].filter(([, property]) => property.parent === mapper);
  const plain = own.filter(([, property]) => !(property instanceof DescriptorProperty));
  installAccessors(
    prototype,
    plain.map(([key]) => key),
    adopt,
  );
  for (const [key, property] of own) {
    if (property instanceof DescriptorProperty) property.install(prototype, mapper);
    else if (property instanceof ColumnProperty) {
      const { hook } = property;
      if (hook !== null) installView(prototype, key, hook.view);
    }
  }
}
