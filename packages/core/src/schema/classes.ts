/**
 * The classes of this folder know each other in circles: a table has columns, a column its table. Files import downwards
 * only; a file that has to name a class above it takes it from here, where that class's own file puts it.
 */

/** Classes by role. Each member is declared in the file of its class. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging.
export interface SchemaClasses {}
