/** Fills the slots by which elements compile themselves and show themselves as text. */

import type { Node } from "../ast/node.ts";
import { displayVisitors } from "../compiler/ansi/display.ts";
import { ansiVisitors } from "../compiler/ansi/table.ts";
import type { Compiled, StatementKind } from "../compiler/compiled.ts";
import { Compiler } from "../compiler/compiler.ts";
import type { CompilerDialect } from "../compiler/dialect-port.ts";
import { renderExpanded } from "../compiler/expanding.ts";
import { extend, type Visitors } from "../compiler/visitors.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { ClauseElement, CompiledText, CompileOptions } from "../expression/clause-element.ts";
import { compileSlot } from "../expression/clause-element.ts";
import { describe } from "../types/literals.ts";
import { typeTextSlot } from "../types/type.ts";
import { DefaultDialect, defaultCapabilities } from "./default-dialect.ts";
import type { Capabilities } from "./dialect.ts";
import { dialectDefinition, registeredDialects } from "./registry.ts";

/** A clause of one database is shown as the dialect that knows it writes it. */
function visitForeign(compiler: Compiler, node: Node): string {
  for (const name of registeredDialects()) {
    const visitor = dialectDefinition(name).create(null).visitors[node.kind];
    if (visitor !== undefined) return visitor(compiler, node as never);
  }
  return compiler.unsupported(node);
}

/** The dialect of `toString()`: like the default one, but it shows everything. */
class DisplayDialect extends DefaultDialect {
  override readonly name = "default";
  override readonly supportsNativeBoolean = true;
  override readonly capabilities: Capabilities = {
    ...defaultCapabilities,
    insertReturning: true,
    updateReturning: true,
    deleteReturning: true,
    multiRowInsert: true,
    sequences: true,
    booleanConstants: true,
  };
  override readonly visitors: Visitors = extend(ansiVisitors, {
    ...displayVisitors,
    unsupported: visitForeign,
    foreignExtension: () => "",
  });
}

let display: DisplayDialect | undefined;

/** The dialect that shows elements as text. */
export function displayDialect(): DefaultDialect {
  return (display ??= new DisplayDialect());
}

const named = new Map<string, CompilerDialect>();

/** The dialect that shows an element: that of the database that its extensions are for, with named parameters. */
function dialectToShow(element: ClauseElement): CompilerDialect {
  const { dialectsOnly } = element as { readonly dialectsOnly?: readonly string[] | null };
  const name = dialectsOnly?.find((each) => registeredDialects().includes(each));
  if (name === undefined) return displayDialect();
  let dialect = named.get(name);
  if (dialect === undefined)
    named.set(name, (dialect = Object.assign(dialectDefinition(name).create(null), { bindStyle: "named" as const })));
  return dialect;
}

/** The kind of a statement, for the engine. */
export function statementKind(element: ClauseElement): StatementKind {
  switch (element.kind) {
    case "select":
    case "compound":
    case "textualSelect":
      return "select";
    case "insert":
    case "update":
    case "delete":
    case "text":
      return element.kind;
    case "template":
      return "text";
    default:
      return (element as { isDdl?: boolean }).isDdl === true ? "ddl" : "other";
  }
}

/** Compiles an element for a dialect. */
export function compileElement(
  element: ClauseElement,
  dialect: CompilerDialect,
  options: CompileOptions = {},
): Compiled {
  const isDdl = (element as { isDdl?: boolean }).isDdl === true;
  const compiler = new Compiler(dialect, {
    isDdl,
    literalBinds: options.literalBinds === true || isDdl,
    schemaTranslateMap: options.schemaTranslateMap ?? null,
    columnKeys: options.columnKeys ?? null,
  });
  return compiler.compile(element, statementKind(element));
}

class TextOfCompiled implements CompiledText {
  readonly sql: string;
  readonly #compiled: Compiled;
  readonly #values: readonly unknown[];

  constructor(compiled: Compiled, element: ClauseElement, options: CompileOptions) {
    const given = (element as { givenParams?: Readonly<Record<string, unknown>> | null }).givenParams ?? null;
    this.#compiled = compiled;
    this.#values = compiled.binds.map(({ name, bind }) =>
      given !== null && Object.hasOwn(given, name) ? given[name] : bind.effectiveValue,
    );
    this.sql =
      options.renderPostcompile === true
        ? renderExpanded(compiled, this.#values).sql
        : (compiled.fixedText ?? renderExpanded(compiled, null).sql);
  }

  get params(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#compiled.binds.map(({ name }, index) => [name, this.#values[index]]));
  }

  get positions(): readonly string[] | null {
    const { binds, dialect, pieces } = this.#compiled;
    if (dialect.bindStyle === "named" || dialect.bindStyle === "at_named") return null;
    return pieces.filter((piece) => piece.bind >= 0).map((piece) => binds[piece.bind]?.name ?? "");
  }

  toString(): string {
    return this.sql;
  }
}

Object.assign(compileSlot, {
  toText(element: ClauseElement): string {
    const compiled = compileElement(element, dialectToShow(element));
    const values = compiled.binds.map(({ bind }) => bind.effectiveValue);
    // Lists are shown with their values' places, unless a list is still to be given.
    const isGiven = compiled.binds.every(({ bind }, index) => !bind.expanding || values[index] !== undefined);
    return renderExpanded(compiled, isGiven ? values : null).sql;
  },
  compile(element: ClauseElement, given: CompileOptions): CompiledText {
    const options = { ...given.compileKwargs, ...given };
    const dialect = (options.dialect as CompilerDialect | undefined) ?? displayDialect();
    if (typeof dialect !== "object")
      throw new ArgumentError(`compile({ dialect }) takes a dialect, not ${describe(dialect)}`, {
        fix: "pass engine.dialect, or what the package of the dialect gives",
      });
    return new TextOfCompiled(compileElement(element, dialect, options), element, options);
  },
});

typeTextSlot.render = (type) => {
  try {
    return new Compiler(displayDialect()).typeText(type);
  } catch {
    return type.visitName;
  }
};
