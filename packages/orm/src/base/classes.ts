/**
 * The ORM's main classes know each other in circles: a state its mapper, a mapper its properties, a property its mapper.
 * Files import downwards only; a file that must name a class above it takes it from here, where that class puts itself.
 */

/** Classes by role. Each member is declared in the file of its class. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging.
export interface OrmClasses {}
