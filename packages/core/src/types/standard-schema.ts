/** The part of the Standard Schema interface that columns use.  https://standardschema.dev */
import { ArgumentError } from "../errors/errors.ts";

/** A schema of any library that implements the standard. */
export interface StandardSchemaV1<out Input = unknown, out Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a validation says. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One complaint. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The value type of what goes into a schema. */
export type SchemaInput<S extends StandardSchemaV1> = NonNullable<S["~standard"]["types"]>["input"];

/** The value type of what comes out of a schema. */
export type SchemaOutput<S extends StandardSchemaV1> = NonNullable<S["~standard"]["types"]>["output"];

/** The schema's output for a value; an error that lists the issues where it does not fit. */
export function validateSync(schema: StandardSchemaV1, value: unknown, what: string): unknown {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    throw new ArgumentError(`the schema of ${what} is asynchronous`, {
      fix: "use a schema without asynchronous checks",
    });
  }
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => `${pathText(issue.path)}${issue.message}`).join("; ");
  throw new ArgumentError(`${what} does not fit its schema: ${issues}`);
}

function pathText(path: SchemaIssue["path"]): string {
  if (path === undefined || path.length === 0) return "";
  return `${path.map((step) => String(typeof step === "object" ? step.key : step)).join(".")}: `;
}
