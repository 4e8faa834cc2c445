/** Fills a new mapper. @internal */
import type { Mapper, MapperParts } from "./mapper.ts";

export function setUpMapper(_mapper: Mapper, _parts: MapperParts): void {}
