import type { Expr, Stmt } from "./parse.ts";

type Node = Expr | Stmt;

/** Every node under the given ones, outer before inner, with the statements around it, outermost first. */
export function* walk(nodes: readonly Stmt[]): Generator<{ node: Node; around: Stmt[] }> {
  const open: { node: unknown; around: Stmt[] }[] = [...nodes]
    .reverse()
    .map((node) => ({ node, around: [] }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, around } = next;
    if (Array.isArray(node)) {
      for (const item of [...node].reverse()) open.push({ node: item, around });
      continue;
    }
    if (!isNode(node)) continue;
    yield { node, around };
    const inner = isStatement(node) ? [...around, node] : around;
    for (const part of Object.values(node).reverse())
      if (typeof part === "object" && part !== null) open.push({ node: part, around: inner });
  }
}

function isNode(part: unknown): part is Node {
  return typeof part === "object" && part !== null && "nodeType" in part;
}

/** Statements are what holds other statements, or gives names their values. */
function isStatement(node: Node): node is Stmt {
  return /^(?:If|For|While|Try|TryStar|With|AsyncWith|Match|FunctionDef|AsyncFunctionDef|ClassDef|Assign|AnnAssign|AugAssign|Expr|Return)$/.test(
    node.nodeType,
  );
}

/** The names that a statement binds at its own level; `*` for a star import. */
export function bindings(node: Stmt): string[] {
  switch (node.nodeType) {
    case "Import":
      return node.names.map((a) => a.asname ?? (a.name.split(".")[0] as string));
    case "ImportFrom":
      return node.names.map((a) => a.asname ?? a.name);
    case "Assign":
      return node.targets.flatMap(targetNames);
    case "AnnAssign":
      return node.value ? targetNames(node.target) : [];
    case "AugAssign":
      return targetNames(node.target);
    case "FunctionDef":
    case "AsyncFunctionDef":
    case "ClassDef":
      return [node.name];
    default:
      return [];
  }
}

function targetNames(target: Expr): string[] {
  if (target.nodeType === "Name") return [target.id];
  if (target.nodeType === "Tuple" || target.nodeType === "List") return target.elts.flatMap(targetNames);
  return [];
}
