/** A dialect without any native type, for tests that need no database. */
import type { TypeDialect } from "../src/types/type.ts";

/** Nothing is native; types stand for themselves. */
export const plainDialect: TypeDialect = {
  name: "plain",
  adaptType: (type) => type,
  supportsNativeBoolean: false,
  supportsNativeUuid: false,
  supportsNativeEnum: false,
  jsonAsText: true,
  backslashEscapes: false,
};
