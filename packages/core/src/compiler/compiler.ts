/**
 * Walks a statement and produces text, through the dialect's table of visitors. What a visitor needs from its
 * surroundings are named fields here. Next: ./state/ (what a statement means), ./ansi/ (how it is written).
 */
import type { Name } from "../ast/name.ts";
import { NameScope } from "../ast/name.ts";
import type { Node } from "../ast/node.ts";
import { CompileError, UnsupportedCompilationError } from "../errors/errors.ts";
import type { BindParameter } from "../expression/bind.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import { Label } from "../expression/label.ts";
import type { CTE } from "../selectable/cte.ts";
import { TypeDecorator } from "../types/decorator.ts";
import type { SqlType } from "../types/type.ts";
import { Compiled, type CrudPlan, type ResultColumn, type StatementKind } from "./compiled.ts";
import { builtInKind, customTypeVisitor, customVisitor, hasCustomVisitors, typeColumnSpec } from "./custom-visitors.ts";
import type { CompilerDialect, Surroundings } from "./dialect-port.ts";
import { type BindEntry, literalInList, MARKER, type TextPiece } from "./expanding.ts";
import type { Frame } from "./frame.ts";
import { literalText } from "./literals.ts";
import { identifierMemo, quoteIdentifier } from "./quoting.ts";

/** Options of one compilation. */
export interface CompilerOptions {
  /** Renders values into the text. */
  readonly literalBinds?: boolean;
  readonly schemaTranslateMap?: Readonly<Record<string, string | null>> | null;
  /** Parameter names that execution will give to an INSERT or UPDATE. */
  readonly columnKeys?: readonly string[] | null;
  /** The element is DDL. Default false. */
  readonly isDdl?: boolean;
  /** The statement will be executed for several parameter sets. */
  readonly forExecutemany?: boolean;
  /** Warns of FROM elements that no condition connects. Default false. */
  readonly warnsOfCartesianProducts?: boolean;
}

const noAttachments: ReadonlyMap<string, unknown> = new Map();

/** A CTE whose text is to stand in front of a statement. */
export interface RenderedCte {
  readonly cte: CTE;
  text: string;
  /** The statement in front of which it stands. */
  readonly scope: number;
}

// Markers in the text under construction: a bind's index between two control characters. Text from users is refused if it contains them.
const OPEN = "\u0001";
const CLOSE = "\u0002";

/** Text of a value in which the characters that mark binds are marked themselves. */
function shielded(text: string): string {
  return /[\u0001-\u0003]/.test(text)
    ? text.replaceAll(/[\u0001-\u0003]/g, (character) => `${OPEN}=${character.charCodeAt(0)}${CLOSE}`)
    : text;
}

/** Compiles one statement. */
export class Compiler {
  readonly dialect: CompilerDialect;
  readonly options: CompilerOptions;
  readonly names = new NameScope();
  readonly binds: BindEntry[] = [];
  readonly stack: Frame[] = [];
  /** Statements that can have CTEs in front of them, outermost first; see ./ansi/cte.ts. */
  readonly cteScopes: number[] = [];
  /** Numbers those statements. */
  cteScopeCount = 0;
  /** Renders values into the text; on inside DDL and `literalBinds`. */
  literalBinds: boolean;
  /** A definition is rendered, not a query: types must say all they need. */
  readonly isDdl: boolean;
  /** Columns are rendered without their table: CHECK constraints, index expressions, SQLite's RETURNING. */
  bareColumns = false;
  /** Replaces the table in front of columns of one selectable (SQL Server's `inserted`, UPDATE aliases). */
  tableNames: ReadonlyMap<FromElement, string> | null = null;
  resultColumns: ResultColumn[] | null = null;
  positionalResult = true;
  /** The statement is text with columns. */
  isTextual = false;
  crud: CrudPlan | null = null;
  /** Set by hooks of a dialect: statements that the engine executes around this one. */
  surroundings: Surroundings | null = null;
  /** INSERT of several rows: columns added to RETURNING, by which rows are put into the order of their parameters. */
  sentinelColumns: readonly ColumnElement[] = [];
  /** The statement has several tables in UPDATE or DELETE. */
  multiTable = false;
  /** An operand is being rendered, or a member of an AND or OR. */
  inOperator = false;
  /** The operator around it is one that is grouped eagerly. */
  eagerGrouping = false;
  #ctes: Map<string, RenderedCte[]> | null = null;
  #attachments: Map<string, unknown> | null = null;
  readonly #bindIndex = new Map<BindParameter, number>();
  /** The parameter that is being written as a template for the values of its list. */
  #templateOf: BindParameter | null = null;
  readonly #bindNames = new Map<string, number>();
  #truncated: Map<string, string> | null = null;
  readonly #custom = hasCustomVisitors();
  #root: Node | null = null;
  readonly #identifiers: ReadonlyMap<string, string>;
  #truncations = 0;

  constructor(dialect: CompilerDialect, options: CompilerOptions = {}) {
    this.dialect = dialect;
    this.options = options;
    this.isDdl = options.isDdl ?? false;
    this.literalBinds = options.literalBinds ?? this.isDdl;
    this.#identifiers = identifierMemo(dialect.identifiers);
  }

  /** CTEs by name, in the order of their rendering. */
  get ctes(): Map<string, RenderedCte[]> {
    return (this.#ctes ??= new Map());
  }

  /** Whether a CTE was rendered. */
  get hasCtes(): boolean {
    return this.#ctes !== null && this.#ctes.size > 0;
  }

  /** What packages above note while a statement is compiled. */
  get attachments(): Map<string, unknown> {
    return (this.#attachments ??= new Map());
  }

  /** Whether a node is what was given to {@link compile}, and not a part of it. */
  isRoot(node: Node): boolean {
    return node === this.#root && this.stack.length === 0;
  }

  /** Renders a node. */
  visit(node: Node): string {
    const visitor =
      (this.#custom ? customVisitor(node, this.dialect.name) : undefined) ?? this.dialect.visitors[node.kind];
    if (visitor === undefined) return this.visitDefault(node);
    return (visitor as (compiler: Compiler, node: Node) => string)(this, node);
  }

  /** The same as {@link visit}. */
  process(node: Node): string {
    return this.visit(node);
  }

  /**
   * Renders a node as the dialect does without `compiles()`: for renderings that only add to what there was.
   *
   * @example compiles(Insert, (compiler, insert) => compiler.visitDefault(insert.prefixWith("some prefix")));
   */
  visitDefault(node: Node): string {
    const { visitors } = this.dialect;
    const visitor = visitors[builtInKind(node)];
    if (visitor !== undefined) return (visitor as (compiler: Compiler, node: Node) => string)(this, node);
    return this.optionalHook("unsupported", node) ?? this.unsupported(node);
  }

  /** Calls a named part of a statement: a hook that dialects replace. */
  hook<N>(name: string, node: N): string {
    const visitor = this.dialect.visitors[name] as ((compiler: Compiler, node: N) => string) | undefined;
    if (visitor === undefined)
      throw new UnsupportedCompilationError(`The ${this.dialect.name} dialect has no rendering of ${name}`);
    return visitor(this, node);
  }

  /** Calls a hook if the dialect has it. */
  optionalHook<N>(name: string, node: N): string | undefined {
    const visitor = this.dialect.visitors[name] as ((compiler: Compiler, node: N) => string) | undefined;
    return visitor?.(this, node);
  }

  /** @throws UnsupportedCompilationError */
  unsupported(node: Node): never {
    throw new UnsupportedCompilationError(
      `Compiler for dialect ${this.dialect.name} can't render element of type ${node.constructor.name} (${node.kind})`,
      {
        fix: "register a rendering with compiles(), or leave the element out on this dialect",
      },
    );
  }

  /** Renders nodes with a separator, leaving out empty ones. */
  list(nodes: readonly Node[], separator = ", "): string {
    let text = "";
    for (const node of nodes) {
      const part = this.visit(node);
      if (part !== "") text += text === "" ? part : separator + part;
    }
    return text;
  }

  /** Runs `render` with some fields changed, and restores them. */
  within<T>(
    changes: Partial<Pick<Compiler, "literalBinds" | "bareColumns" | "tableNames" | "multiTable">>,
    render: () => T,
  ): T {
    const { literalBinds, bareColumns, tableNames, multiTable } = this;
    Object.assign(this, changes);
    try {
      return render();
    } finally {
      this.literalBinds = literalBinds;
      this.bareColumns = bareColumns;
      this.tableNames = tableNames;
      this.multiTable = multiTable;
    }
  }

  /** The statement that is being rendered. */
  get frame(): Frame | undefined {
    return this.stack.at(-1);
  }

  /** Whether the outermost statement is being rendered. */
  get isTopLevel(): boolean {
    return this.stack.length <= 1;
  }

  // ---- names ----

  /** An identifier, quoted where it must be. */
  identifier(name: string, quote: boolean | null = null): string {
    if (quote !== null) return quoteIdentifier(name, this.dialect.identifiers, quote);
    return this.#identifiers.get(name) ?? quoteIdentifier(name, this.dialect.identifiers);
  }

  /** A schema; SQL Server splits it at dots. */
  schemaName(schema: string, quote: boolean | null = null): string {
    const parts = quote === true ? undefined : this.dialect.identifiers.schemaParts?.(schema);
    return parts === undefined
      ? this.identifier(schema, quote)
      : parts.map((part) => this.identifier(part.name, part.quote)).join(".");
  }

  /** A name that may have to be made up, cut to the dialect's label length, unquoted. */
  resolveName(name: Name): string {
    if (typeof name === "string") return name;
    return this.truncate(this.names.resolve(name));
  }

  /** A name that may have to be made up, in full. */
  fullName(name: Name): string {
    return typeof name === "string" ? name : this.names.resolve(name);
  }

  /** A name as an identifier. */
  nameIdentifier(name: Name, quote: boolean | null = null): string {
    return this.identifier(this.resolveName(name), quote);
  }

  /** A label: like a name, but cut to the dialect's label length also when the user chose it. */
  truncate(text: string): string {
    const { labelLength } = this.dialect.capabilities;
    if (text.length <= labelLength - 6) return text;
    this.#truncated ??= new Map();
    let short = this.#truncated.get(text);
    if (short === undefined) {
      short = `${text.slice(0, Math.max(labelLength - 6, 0))}_${(++this.#truncations).toString(16)}`;
      this.#truncated.set(text, short);
    }
    return short;
  }

  /** The schema that stands for `schema` under the statement's `schemaTranslateMap`. */
  effectiveSchema(schema: string | null): string | null {
    const map = this.options.schemaTranslateMap;
    if (map === undefined || map === null) return schema;
    const key = schema ?? (Object.hasOwn(map, "null") ? "null" : "");
    if (!Object.hasOwn(map, key)) return schema;
    const translated = map[key] as string | null;
    if (translated !== null) return translated;
    if (this.dialect.defaultSchema === null)
      throw new CompileError("Dialect has no default schema name; can't use None as dynamic schema target.");
    return this.dialect.defaultSchema;
  }

  /** A type in CAST and DDL. */
  typeText(type: SqlType): string {
    const named = type instanceof TypeDecorator ? type.implInstance : type;
    const custom = this.#custom
      ? (customTypeVisitor(type, this.dialect.name) ?? customTypeVisitor(named, this.dialect.name))
      : undefined;
    if (custom !== undefined) return (custom as (compiler: Compiler, type: SqlType) => string)(this, type);
    return this.typeTextDefault(type);
  }

  /** A type as the dialect writes it without `compiles()`. */
  typeTextDefault(type: SqlType): string {
    const adapted = this.dialect.adaptType(type);
    const visitor = this.dialect.typeVisitors[adapted.visitName] as
      | ((compiler: Compiler, type: SqlType) => string)
      | undefined;
    if (visitor !== undefined) return visitor(this, adapted);
    const own = typeColumnSpec(adapted);
    if (own !== undefined) return own;
    const shown = this.optionalHook("unsupportedType", adapted);
    if (shown !== undefined) return shown;
    throw new UnsupportedCompilationError(
      `Compiler for dialect ${this.dialect.name} can't render element of type ${adapted.constructor.name}`,
      {
        fix: "use a type that the database has, or give it a variant: type.withVariant(…)",
      },
    );
  }

  // ---- parameters ----

  /** A parameter's marker, or its value where literals are rendered. */
  bind(bind: BindParameter, template: string | null = null): string {
    if (bind === this.#templateOf) return template ?? MARKER;
    if (this.literalBinds && !bind.isOut) return this.#literal(bind, null);
    const index = this.#bindIndexOf(bind);
    return template === null ? `${OPEN}${index}${CLOSE}` : `${OPEN}${index}:${template}${CLOSE}`;
  }

  /** The parameter of an IN list whose values are each written as `render` writes the parameter itself. */
  expandingBind(bind: BindParameter, render: () => string): string {
    const before = this.#templateOf;
    this.#templateOf = bind;
    const template = render();
    this.#templateOf = before;
    return this.literalBinds ? this.#literal(bind, template) : this.bind(bind, template);
  }

  #literal(bind: BindParameter, template: string | null): string {
    const value = bind.effectiveValue;
    if (bind.required && bind.callable === null) {
      throw new CompileError(
        `Bind parameter '${this.resolveName(bind.name)}' without a renderable value not allowed here.`,
        { fix: "give the parameter a value" },
      );
    }
    if (bind.expanding)
      return shielded(literalInList(value, this.#entry(bind, this.resolveName(bind.name)), this.dialect, template));
    return this.literalValue(value, bind.type);
  }

  #entry(bind: BindParameter, name: string): BindEntry {
    const type = this.dialect.adaptType(bind.type);
    return { name, bind, type, processor: type.bindProcessor(this.dialect), source: -1 };
  }

  #bindIndexOf(bind: BindParameter): number {
    const known = this.#bindIndex.get(bind);
    if (known !== undefined) return known;
    const name = typeof bind.name === "string" ? this.truncate(bind.name) : this.resolveName(bind.name);
    const sameName = this.#bindNames.get(name);
    if (sameName !== undefined) {
      const other = (this.binds[sameName] as BindEntry).bind;
      const shared = other === bind || other.origin === bind.origin;
      if (!shared) {
        if (other.unique || bind.unique)
          throw new CompileError(`Bind parameter '${name}' conflicts with unique bind parameter of the same name`);
        if (other.expanding !== bind.expanding)
          throw new CompileError(
            `Can't reuse bound parameter name '${name}' in both 'expanding' and non-expanding contexts`,
          );
        if (other.isCrud || bind.isCrud) {
          throw new CompileError(
            `bindparam() name '${name}' is reserved for automatic usage in the VALUES or SET clause of this insert/update statement.`,
            {
              fix: `please use a name other than column name when using bindparam() with insert() or update() (for example, 'b_${name}')`,
            },
          );
        }
        // Of several parameters of one name, the last one's value counts.
        this.binds[sameName] = this.#entry(bind, name);
      }
      this.#bindIndex.set(bind, sameName);
      return sameName;
    }
    const index = this.binds.length;
    this.binds.push(this.#entry(bind, name));
    this.#bindIndex.set(bind, index);
    this.#bindNames.set(name, index);
    return index;
  }

  /** Reserves names that only the statement's own values may use. */
  bindNameOf(bind: BindParameter): string {
    return (this.binds[this.#bindIndexOf(bind)] as BindEntry).name;
  }

  /** A value in the text, whatever the surroundings. */
  literalValue(value: unknown, type: SqlType): string {
    return shielded(literalText(value, type, this.dialect));
  }

  /** An element with its values in the text. */
  literal(element: Node): string {
    return this.within({ literalBinds: true }, () => this.visit(element));
  }

  /** Text from users, without the characters that mark binds. */
  userText(text: string): string {
    if (/[\u0001\u0002\u0003]/.test(text))
      throw new CompileError("SQL text must not contain the control characters U+0001 to U+0003");
    return text;
  }

  // ---- the whole ----

  /** Renders a statement and all that belongs to it. */
  compile(statement: ClauseElement, kind: StatementKind): Compiled {
    this.#root = statement;
    const text = this.visit(statement);
    return new Compiled({
      dialect: this.dialect,
      kind,
      pieces: this.#pieces(text),
      binds: this.binds,
      resultColumns: this.resultColumns,
      positionalResult: this.positionalResult,
      isTextual: this.isTextual,
      crud: this.crud,
      surroundings: this.surroundings,
      attachments: this.#attachments ?? noAttachments,
    });
  }

  /** Splits text at its markers. */
  #pieces(text: string): TextPiece[] {
    const pieces: TextPiece[] = [];
    let last = 0;
    for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, last)) {
      const start = last;
      const close = text.indexOf(CLOSE, open);
      const mark = text.slice(open + 1, close);
      last = close + 1;
      if (mark.startsWith("=")) {
        pieces.push({
          sql: text.slice(start, open) + String.fromCharCode(Number(mark.slice(1))),
          bind: -1,
          template: null,
        });
        continue;
      }
      const colon = mark.indexOf(":");
      pieces.push({
        sql: text.slice(start, open),
        bind: Number(colon < 0 ? mark : mark.slice(0, colon)),
        template: colon < 0 ? null : mark.slice(colon + 1),
      });
    }
    if (last < text.length || pieces.length === 0) pieces.push({ sql: text.slice(last), bind: -1, template: null });
    return pieces;
  }

  /** Notes a column of the outermost rows. */
  addResultColumn(column: ResultColumn): void {
    (this.resultColumns ??= []).push(column);
  }

  /** Whether an element is a label that the current statement's column list has. */
  isSelectedLabel(element: ColumnElement): boolean {
    return (
      element instanceof Label &&
      (this.frame?.columns.some(
        ({ column }) =>
          column === element ||
          (column instanceof Label && column.name === element.name && column.canonical === element.canonical),
      ) ??
        false)
    );
  }
}

/** A visitor that refuses, with a reason. */
export function refuse(reason: string): (compiler: Compiler, node: never) => string {
  return () => {
    throw new CompileError(reason);
  };
}
