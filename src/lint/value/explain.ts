import type { Evaluation } from "../../python/evaluate.ts";
import { always, cases, possible, support } from "../../python/logic/decide.ts";
import { lineage } from "../../python/logic/exceptions.ts";
import type { Place, Value } from "../../python/logic/values.ts";
import { living } from "../../python/logic/worlds.ts";
import type { Expr, Stmt } from "../../python/source/parse.ts";
import { bindings, walk } from "../../python/source/walk.ts";
import { study } from "../engine.ts";
import { configurationOf } from "../fix/place.ts";
import { explanationWithoutSecrets } from "../independent.ts";
import { describe } from "../settings-values.ts";
import type { LintInput } from "../types.ts";
import { verdictOf } from "../verdict.ts";
import { chainTo } from "./chain.ts";
import { spotOf } from "./source.ts";
import type { Decision, Spot, ValueExplanation, VariableRead } from "./types.ts";

/** Why a setting has its value: the statements that decide it, the way there, and the variables they read. */
export function explainValue(input: LintInput, setting: string): ValueExplanation {
  return explanationWithoutSecrets(input, explained(input, setting), (other) => explained(other, setting));
}

function explained(input: LintInput, setting: string): ValueExplanation {
  const { judge } = study(input);
  const e = judge.evaluation;
  const own = e.settings.get(setting);
  const { value, certainty, reason, assumed } = describe(judge, setting);
  const decisions = own?.place ? decisionsOf(e, setting, own.place) : [];
  if (!possible(e.alive)) {
    const why = "the settings do not load; djdeploy lint says why";
    const others = othersOf(e, setting, []);
    return {
      setting,
      value: null,
      certainty: "unknown",
      reason: why,
      from: "project",
      decisions: [],
      reads: [],
      others,
    };
  }
  return {
    setting,
    value,
    certainty,
    ...(reason ? { reason } : {}),
    ...(assumed ? { assumed } : {}),
    from: own ? "project" : e.defaults.has(setting) ? "django" : "nobody",
    decisions,
    reads: own ? readsOf(e, own.value) : [],
    others: othersOf(e, setting, decisions),
  };
}

function decisionsOf(e: Evaluation, setting: string, places: Value): Decision[] {
  return cases(living(e.machine, places)).flatMap(({ leaf, when }) => {
    if (leaf.t !== "place" || !possible(when)) return [];
    const spot = leaf.file === "" ? inClass(e, setting) : statementAt(e, leaf, setting);
    if (!spot) return [];
    return [{ ...spot, when: whenOf(e, when), chain: chainTo(e, setting, { ...leaf, ...spot }) }];
  });
}

/** The worlds of a condition, in words. */
function whenOf(e: Evaluation, when: Value): string | null {
  if (always(when)) return null;
  const verdict = verdictOf(e, when);
  if (!verdict || verdict.certainty === "certain") return null;
  if (verdict.certainty === "unknown") return `it is not known when: ${verdict.reason}`;
  const names = verdict.dependsOn.map((d) => d.name).join(", ");
  return verdict.values ?? `for some values of ${names}${verdict.whenUnset ? ", and while unset" : ""}`;
}

function statementAt(e: Evaluation, place: Place, setting: string): Spot {
  for (const { node } of walk(e.parsed.get(place.file)?.body ?? []))
    if ("lineno" in node && node.lineno === place.line && node.col_offset === place.column - 1)
      return spotOf(e, place.file, node, setting);
  return { file: place.file, line: place.line, column: place.column, text: "" };
}

/** The attribute of the deployed class of django-configurations, or of the nearest class above that has it. */
function inClass(e: Evaluation, setting: string): Spot | null {
  const module = e.machine.modules.get(e.machine.settingsModule)?.module;
  const chosen = module ? configurationOf(e, module) : null;
  for (const { name } of chosen ? lineage(chosen) : [])
    for (const [file, { body }] of e.parsed)
      for (const { node, around } of walk(body))
        if (around.some((s) => s.nodeType === "ClassDef" && s.name === name) && bindsHere(node, setting))
          return spotOf(e, file, node, setting);
  return null;
}

const bindsHere = (node: Stmt | Expr, setting: string): boolean =>
  (node.nodeType === "Assign" || node.nodeType === "AnnAssign") && bindings(node).includes(setting);

/** Every read of the variables a value is made from. */
function readsOf(e: Evaluation, value: Value): VariableRead[] {
  const names = new Set<string>();
  variablesIn(e, value, names, 0);
  const seen = new Set<string>();
  return e.reads.flatMap(({ name, place: { file, line, column }, default: otherwise, cast }) => {
    const key = `${name} ${file} ${line} ${cast}`;
    if (!names.has(name) || seen.has(key)) return [];
    seen.add(key);
    return [{ name, default: otherwise, cast, file, line, column }];
  });
}

function variablesIn(e: Evaluation, value: Value, into: Set<string>, depth: number): void {
  const add = (at: number): void => {
    const v = e.variables[at];
    if (v?.kind === "env") into.add(v.name);
    else for (const x of v?.from ?? []) add(x);
  };
  for (const at of support(value)) add(at);
  for (const { leaf } of cases(living(e.machine, value))) {
    if (leaf.t === "unknown") for (const at of leaf.from ?? []) add(at);
    if (depth > 4) continue;
    if (leaf.t === "list" || leaf.t === "set") variablesIn(e, leaf.content, into, depth + 1);
    if (leaf.t === "tuple") for (const item of leaf.items) variablesIn(e, item, into, depth + 1);
    if (leaf.t === "dict") for (const v of leaf.scope.slots.values()) variablesIn(e, v, into, depth + 1);
  }
}

/** What else is said about the name in the files that were followed. */
function othersOf(e: Evaluation, setting: string, decisions: Decision[]): Spot[] {
  const found: Spot[] = [];
  for (const [file, { body }] of e.parsed)
    for (const { node } of walk(body)) {
      const text = e.parsed.get(file)?.lines[("lineno" in node ? node.lineno : 1) - 1] ?? "";
      if (!text.includes(setting)) continue;
      const sets =
        (node.nodeType === "Assign" || node.nodeType === "AnnAssign" || node.nodeType === "AugAssign") &&
        (bindings(node).includes(setting) ||
          isPart(node.nodeType === "Assign" ? node.targets[0] : undefined, setting));
      const calls =
        node.nodeType === "Expr" &&
        node.value.nodeType === "Call" &&
        node.value.func.nodeType === "Attribute" &&
        isPart(node.value.func, setting);
      if (!sets && !calls) continue;
      const spot = spotOf(e, file, node, setting);
      if (!decisions.some((d) => d.file === file && d.line === spot.line)) found.push(spot);
    }
  return found;
}

/** `NAME[…]` or `NAME.method`. */
function isPart(node: unknown, setting: string): boolean {
  const one = node as { nodeType?: string; value?: unknown; id?: string } | undefined;
  if (one?.nodeType === "Name") return one.id === setting;
  return (one?.nodeType === "Subscript" || one?.nodeType === "Attribute") && isPart(one.value, setting);
}
