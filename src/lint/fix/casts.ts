import { leaves, only, possible, restrict } from "../../python/logic/decide.ts";
import type { Value } from "../../python/logic/values.ts";
import { dottedName, type Expr } from "../../python/source/parse.ts";
import { isTruthy, type Judge, setting } from "../judge.ts";
import { type Assignment, assignmentAt, textOf } from "./statement.ts";
import type { Fix, Fixer } from "./types.ts";

const TEXT = /^djdeploy\.(?:debug|secure-.*|session-.*|csrf-.*)-text$/;

/** A flag that is read as a text gets the cast it lacks: 'False' turns it off. */
export const castFixer: Fixer = (j, finding) => {
  const { setting: name, dependsOn } = finding;
  const isText = [finding.id, ...finding.also].some((id) => TEXT.test(id));
  const isBool = finding.id === "security.W018" && finding.certainty === "depends";
  const variable = dependsOn[0]?.name;
  if (!(isText || isBool) || !name || dependsOn.length !== 1 || variable === undefined) return [];
  const own = assignmentAt(j.evaluation, finding.file, finding.line, name);
  // Only where 'False' counts as on today.
  if (!own || !isOn(j, name, variable)) return [];
  const [start, end] = own.source.range(own.value);
  return castsOf(own).map(
    (value): Fix => ({
      code: `${name} = ${value}`,
      file: own.file,
      line: own.node.lineno,
      automatic: true,
      edits: [{ file: own.file, start, end, text: value }],
      sets: [name],
      reveals: [],
      variables: [],
      corrects: variable,
      settled: (after) => isFlag(after, name) && isOff(after, name, variable),
    }),
  );
};

/** The expressions that may take its place, likeliest first. */
function castsOf(own: Assignment): string[] {
  const inner = withoutBool(own.value);
  const text = textOf(own, inner);
  const quote = text.includes('"') || !text.includes("'") ? '"' : "'";
  const yes = ["1", "true", "yes"].map((one) => `${quote}${one}${quote}`).join(", ");
  const compared = (read: string): string => `${read}.lower() in (${yes})`;
  if (inner.nodeType === "Subscript" && /(?:^|\.)environ$/.test(dottedName(inner.value) ?? ""))
    return [compared(text)];
  const callee = inner.nodeType === "Call" ? dottedName(inner.func) : null;
  if (inner.nodeType !== "Call" || !callee) return [];
  const [name, second] = inner.args;
  if (name?.nodeType !== "Constant" || typeof name.value !== "string") return [];
  if (/(?:^|\.)(?:environ\.get|getenv)$/.test(callee)) {
    const otherwise = second ?? inner.keywords.find((k) => k.arg === "default")?.value;
    const shown = defaultText(own, otherwise, quote);
    return shown === null ? [] : [compared(`${callee}(${textOf(own, name)}, ${shown})`)];
  }
  if (inner.keywords.some((k) => k.arg === "cast")) return [];
  const open = `${text.slice(0, -1).replace(/,\s*$/, "")}`;
  const rest = withFlag(own, inner).slice(textOf(own, inner.func).length);
  return [`${open}, cast=bool)`, `${callee}.bool${rest}`, `${callee.replace(/\.\w+$/, "")}.bool${rest}`];
}

/** A call with its default as a flag: a method that reads flags gives its default back as it is. */
function withFlag(own: Assignment, call: Expr & { nodeType: "Call" }): string {
  const otherwise = call.args[1] ?? call.keywords.find((k) => k.arg === "default")?.value;
  const text = textOf(own, call);
  if (otherwise?.nodeType !== "Constant" || typeof otherwise.value !== "string") return text;
  const [from] = own.source.range(call);
  const [start, end] = own.source.range(otherwise);
  const flag = /^(?:1|true|yes|on)$/i.test(otherwise.value) ? "True" : "False";
  return `${text.slice(0, start - from)}${flag}${text.slice(end - from)}`;
}

/** `bool(x)` of a text is what has to go. */
function withoutBool(value: Expr): Expr {
  const [only] = value.nodeType === "Call" ? value.args : [];
  return value.nodeType === "Call" && dottedName(value.func) === "bool" && only ? only : value;
}

/** A default as the text that a variable would hold; null where it is no constant. */
function defaultText(own: Assignment, otherwise: Expr | undefined, quote: string): string | null {
  if (otherwise === undefined) return quote + quote;
  if (otherwise.nodeType !== "Constant") return null;
  if (typeof otherwise.value === "string") return textOf(own, otherwise);
  return otherwise.value === true || otherwise.value === 1 ? `${quote}True${quote}` : quote + quote;
}

/** What a condition comes to where a variable holds a text. */
export function given(j: Judge, v: Value, variable: string, text: string | null): Value | null {
  const at = j.m.byName.get(variable);
  const read = at === undefined ? undefined : j.m.variables[at];
  const i = read?.kind === "env" ? read.values.findIndex((one) => one.text === text) : -1;
  return at === undefined || i < 0 ? null : restrict(v, only(at, 1 << i));
}

function isOn(j: Judge, name: string, variable: string): boolean {
  const on = given(j, isTruthy(j, name), variable, "False");
  return on?.t === "bool" && on.v;
}

function isOff(j: Judge, name: string, variable: string): boolean {
  const on = given(j, isTruthy(j, name), variable, "False");
  return on !== null && !possible(on);
}

function isFlag(j: Judge, name: string): boolean {
  return leaves(setting(j, name)).every((o) => o.t === "bool");
}
