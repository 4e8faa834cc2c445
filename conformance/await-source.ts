/** Puts `await` into sources written for the synchronous API. */
import { AsyncConnection, AsyncEngine } from "@athanor/async";
import { AsyncSession, AsyncSessionTransaction } from "@athanor/async/orm";
import ts from "typescript-5.9";

/** Names of methods whose result may be a promise; awaiting another object's method of that name does no harm. */
const awaited = new Set(
  [AsyncSession, AsyncSessionTransaction, AsyncEngine, AsyncConnection].flatMap((type) =>
    Object.getOwnPropertyNames(type.prototype).filter(
      (name) => typeof Object.getOwnPropertyDescriptor(type.prototype, name)?.value === "function",
    ),
  ),
);
/** Methods of arrays whose callbacks may have to await. */
const walks = new Set(["map", "filter", "forEach", "flatMap"]);

interface Edit {
  readonly at: number;
  readonly text: string;
  /** Of edits at one place: the outer opens first and closes last. */
  readonly order: number;
}

/** The source with its session's, connection's and engine's calls awaited. */
export function awaiting(source: string): string {
  const file = ts.createSourceFile("scenario.ts", source, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  let depth = 0;
  const wrap = (node: ts.Node, before: string, after: string): void => {
    edits.push({ at: node.getStart(), text: before, order: depth }, { at: node.end, text: after, order: -depth });
  };
  /** Edits a node; tells whether something in it awaits, functions of their own left out. */
  const visit = (node: ts.Node): boolean => {
    depth++;
    let awaits = false;
    ts.forEachChild(node, (child) => {
      if (visit(child)) awaits = true;
    });
    if (isFunction(node)) {
      if (awaits) edits.push({ at: node.getStart(), text: "async ", order: depth });
      (node as { awaits?: boolean }).awaits = awaits;
      awaits = false;
    } else if (ts.isCallExpression(node) && editCall(node)) awaits = true;
    else if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.Using) {
      edits.push({ at: node.getStart(), text: "await ", order: depth });
      awaits = true;
    }
    depth--;
    return awaits;
  };
  const editCall = (call: ts.CallExpression): boolean => {
    const { expression } = call;
    if (ts.isIdentifier(expression) && expression.text === "capture") {
      wrap(call, "(await ", ")");
      return true;
    }
    if (!ts.isPropertyAccessExpression(expression)) return false;
    const [first] = call.arguments;
    if (walks.has(expression.name.text) && (first as { awaits?: boolean } | undefined)?.awaits === true) {
      const { expression: items, name } = expression;
      wrap(call, "(await sequentially(", ")");
      edits.push({ at: items.end, text: `, "${name.text}", `, order: -depth });
      cut(items.end, (first as ts.Node).getStart());
      return true;
    }
    if (!awaited.has(expression.name.text)) return false;
    wrap(call, "(await ", ")");
    return true;
  };
  const cuts: (readonly [number, number])[] = [];
  const cut = (from: number, to: number): void => {
    cuts.push([from, to]);
  };
  visit(file);
  return apply(source, edits, cuts);
}

function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node);
}

function apply(source: string, edits: readonly Edit[], cuts: readonly (readonly [number, number])[]): string {
  const sorted = [...edits].sort((a, b) => a.at - b.at || Math.sign(a.order) - Math.sign(b.order) || a.order - b.order);
  let text = "";
  let from = 0;
  const copy = (to: number): void => {
    for (let at = from; at < to; at++)
      if (!cuts.some(([start, end]) => at >= start && at < end)) text += source.charAt(at);
    from = to;
  };
  for (const edit of sorted) {
    copy(edit.at);
    text += edit.text;
  }
  copy(source.length);
  return text;
}
