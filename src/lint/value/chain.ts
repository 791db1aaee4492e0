import type { Evaluation } from "../../python/evaluate.ts";
import { leaves } from "../../python/logic/decide.ts";
import type { ModuleObj, Place } from "../../python/logic/values.ts";
import type { Stmt } from "../../python/source/parse.ts";
import { walk } from "../../python/source/walk.ts";
import { spotOf } from "./source.ts";
import type { Link } from "./types.ts";

/** The imports and branches that lead from the settings module to the statement at a place, in their order. */
export function chainTo(e: Evaluation, name: string, place: Place): Link[] {
  const module = e.machine.modules.get(e.machine.settingsModule)?.module;
  const imports = module ? importsTo(e, module, name, place, new Set()) : null;
  return [...(imports ?? []), ...branchesAt(e, place.file, place.line, name)];
}

/** null where the way goes by something else than an import. */
function importsTo(
  e: Evaluation,
  module: ModuleObj,
  name: string,
  place: Place,
  seen: Set<string>,
): Link[] | null {
  const { file } = module;
  if (file === place.file) return [];
  const parsed = file === null ? undefined : e.parsed.get(file);
  if (file === null || !parsed || seen.has(file)) return null;
  seen.add(file);
  // The last import that brings it is the one that wins.
  for (const { node } of [...walk(parsed.body)].reverse()) {
    if (node.nodeType !== "ImportFrom") continue;
    const alias = node.names.find((a) => a.name === "*" || (a.asname ?? a.name) === name);
    const from = alias && e.machine.modules.get(absoluteName(module, node))?.module;
    if (!from) continue;
    const own = alias.name === "*" ? name : alias.name;
    if (!decidedAt(from, own, place)) continue;
    const rest = importsTo(e, from, own, place, seen);
    const link: Link = { kind: "import", ...spotOf(e, file, node, "") };
    return [...branchesAt(e, file, node.lineno, ""), link, ...(rest ?? [])];
  }
  return runOf(e, file, parsed.body, place);
}

/** `include(…)` or `exec(…)` of the file, where one names it; else the first there is. */
function runOf(e: Evaluation, file: string, body: Stmt[], place: Place): Link[] | null {
  const calls = [...walk(body)].filter(
    ({ node }) =>
      node.nodeType === "Call" &&
      /^(?:include|exec|execfile|load_settings|run_path)$/.test(
        node.func.nodeType === "Name"
          ? node.func.id
          : node.func.nodeType === "Attribute"
            ? node.func.attr
            : "",
      ),
  );
  const links = calls.map(({ node }): Link => ({ kind: "run", ...spotOf(e, file, node as Stmt, "") }));
  const base = place.file.replace(/^.*\//, "");
  const found = links.find(({ text }) => text.includes(base)) ?? links[0];
  return found ? [...branchesAt(e, file, found.line, ""), found] : null;
}

function decidedAt(module: ModuleObj, name: string, place: Place): boolean {
  const places = module.scope.places?.get(name);
  return (
    !!places && leaves(places).some((p) => p.t === "place" && p.file === place.file && p.line === place.line)
  );
}

function absoluteName(module: ModuleObj, node: Stmt & { nodeType: "ImportFrom" }): string {
  const level = node.level ?? 0;
  if (level === 0) return node.module ?? "";
  const parts = module.name.split(".");
  const up = level - (/(?:^|\/)__init__\.py$/.test(module.file ?? "") ? 1 : 0);
  return [...parts.slice(0, parts.length - up), ...(node.module ? [node.module] : [])].join(".");
}

/** The conditions, loops, functions and classes that a line stands in, outermost first. */
function branchesAt(e: Evaluation, file: string, line: number, name: string): Link[] {
  const parsed = e.parsed.get(file);
  if (!parsed) return [];
  for (const { node, around } of walk(parsed.body)) {
    if (!("lineno" in node) || node.lineno !== line) continue;
    return around
      .filter((s) => /^(?:If|For|While|Try|TryStar|With|Match|FunctionDef|ClassDef)$/.test(s.nodeType))
      .map((s) => {
        const part = partOf(s, line);
        return { kind: "branch", ...spotOf(e, file, s, name, false), ...(part ? { part } : {}) };
      });
  }
  return [];
}

function partOf(node: Stmt, line: number): string | null {
  const within = (body: Stmt[] | undefined): boolean =>
    (body ?? []).some((s) => s.lineno <= line && line <= (s.end_lineno ?? s.lineno));
  if ((node.nodeType === "If" || node.nodeType === "For") && within(node.orelse)) return "else";
  if (node.nodeType !== "Try" && node.nodeType !== "TryStar") return null;
  if (node.handlers.some((h) => within(h.body))) return "except";
  return within(node.orelse) ? "else" : within(node.finalbody) ? "finally" : null;
}
