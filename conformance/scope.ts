/** The names that a case's TypeScript form may use: everything public, and the recorded schema. */
import * as core from "@athanor/core";
import * as schema from "./schema.ts";

/** Dialect modules by the name that cases use; absent packages are left out. */
export interface DialectModules {
  readonly [name: string]: object;
}

const packages = { pg: "postgres", mysql: "mysql", sqlite: "sqlite", mssql: "mssql", oracle: "oracle" } as const;

/** Loads the dialect packages that are there. */
export async function loadDialects(): Promise<DialectModules> {
  const modules: Record<string, object> = {};
  for (const [name, folder] of Object.entries(packages)) {
    try {
      modules[name] = (await import(`@athanor/dialect-${folder}`)) as object;
    } catch (error) {
      if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    }
  }
  return modules;
}

/** Python's `sqlalchemy` package, as far as translated cases name it. */
const sa = {
  event: { listen: core.listen },
  types: { NullType: () => new core.NullType() },
  sql: {
    naming: { conv: core.conv },
    elements: {
      UnaryExpression: (element: core.ColumnElement, options: { operator: core.Operator }) =>
        new core.Unary(element, options),
    },
  },
};

/** Everything in scope, by name. */
export function namesInScope(dialects: DialectModules): Record<string, unknown> {
  return {
    ...core,
    ...schema.tables,
    ...schema.helpers,
    ...dialects,
    sa,
    operators: { ...core.operators, customOp: core.customOp },
    getattr: (_func: unknown, name: string | core.QuotedName) => core.functionNamed(name),
    object: () => ({ [Symbol("object")]: true, constructor: class {} }),
  };
}

/** Runs a case's source and gives its last expression. */
export function evaluate(source: string, names: Record<string, unknown>): unknown {
  const statements = /(^|[;\n])\s*return\b/.test(source) || /^\s*(let|const|for|class)\b/.test(source);
  const body = statements ? source : `return (${source});`;
  const keys = Object.keys(names).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
  return new Function(...keys, `"use strict";\n${body}`)(...keys.map((key) => names[key])) as unknown;
}
