import { leaves, possible } from "../../python/logic/decide.ts";
import { walk } from "../../python/source/walk.ts";
import { isSet, type Judge } from "../judge.ts";
import { fieldStyle } from "./fields.ts";
import { insertions, type Target, targetOf } from "./place.ts";
import { readsOf } from "./reads.ts";
import { type Assignment, assignmentAt, assignmentsOf } from "./statement.ts";
import { environmentStyle, type Kind, type Style, WRITTEN } from "./style.ts";
import { marginOf } from "./text.ts";
import type { Fix, Fixer } from "./types.ts";

interface Added {
  kind: Kind;
  /** The value, as Python; what stands in the file or is used while the variable is unset. */
  value: string;
  comment?: string;
  reveals?: string[];
  /** A decision that is the operator's: shown, never made. */
  asked?: true;
  /** The same everywhere: never read from the environment. */
  fixed?: true;
}

const SECURE: Added = { kind: "bool", value: "True" };
/** Without it the redirect never ends behind a proxy. */
const HEADER = `("HTTP_X_FORWARDED_PROTO", "https")`;

/** What a finding about a setting that is absent, or written down wrongly, is answered with. */
const ANSWERS: Record<string, Added> = {
  "security.W004": {
    kind: "int",
    value: "3600",
    comment: "An hour to begin with; a year (31536000) once all is well.",
    reveals: ["security.W005", "security.W021"],
  },
  "security.W005": { ...SECURE, asked: true },
  "security.W021": { ...SECURE, asked: true },
  "security.W008": SECURE,
  "security.W010": SECURE,
  "security.W011": SECURE,
  "security.W012": SECURE,
  "security.W016": SECURE,
  "security.W018": { kind: "bool", value: "False", asked: true },
  "security.W009": { kind: "text", value: "", asked: true },
  "security.W020": { kind: "list", value: "[]", asked: true },
  "djdeploy.redirect-loop": { kind: "text", value: HEADER, fixed: true },
  "models.W042": {
    kind: "text",
    value: '"django.db.models.AutoField"',
    comment: "Keeps the primary keys that are there.",
    fixed: true,
  },
};

/** Inserts a setting that is not there, or corrects one that is written down, in the project's own style. */
export const flagFixer: Fixer = (j, finding) => {
  const added = ANSWERS[finding.id];
  const target = targetOf(j.evaluation);
  const name = finding.id === "djdeploy.redirect-loop" ? "SECURE_PROXY_SSL_HEADER" : finding.setting;
  if (!added || !target || !name) return [];
  // What a variable decides, and decides well while it is unset, needs no other statement.
  if (added.asked && finding.certainty !== "certain" && finding.whenUnset !== true) return [];
  const style = styleFor(j, target, name, added);
  if (!style) return [];
  const shared = added.value === "True" && !target.holder && !isProductionOnly(j);
  const value = style.write(name, shared ? "not DEBUG" : added.value);
  const variable = style.variable(name);
  const fix = {
    code: `${name} = ${value}`,
    automatic: finding.certainty === "certain" && !added.asked,
    sets: [name],
    reveals: added.reveals ?? [],
    variables: variable ? [variable] : [],
  };
  const header = finding.id === "security.W008" && !possible(isSet(j, "SECURE_PROXY_SSL_HEADER"));
  const before = [
    ...(header
      ? ["# The proxy in front says how the visitor came.", `SECURE_PROXY_SSL_HEADER = ${HEADER}`]
      : []),
    ...(added.comment ? [`# ${added.comment}`] : []),
  ];
  if (header) fix.sets.push("SECURE_PROXY_SSL_HEADER");
  const own = assignmentsOf(j.evaluation, target.file, name).filter(
    ({ around }) => !target.holder || around.includes(target.holder),
  );
  const [only] = own;
  if (added.asked && j.evaluation.settings.has(name))
    return [{ ...fix, file: finding.file, line: finding.line, edits: [] }];
  const needs = [...style.needs, ...(shared ? ["DEBUG"] : [])];
  const fixes = !only
    ? inserted(j, target, name, before, fix, needs)
    : own.length === 1
      ? replaced(only, value, before, fix)
      : [];
  return fixes.map((one) => withDeclaration(one, style));
};

/** A fix with what has to be declared elsewhere for it. */
function withDeclaration(fix: Fix, { declares }: Style): Fix {
  if (!declares) return fix;
  const { code, edit } = declares;
  const above = edit.file === fix.file && fix.edits.every(({ start }) => edit.start <= start);
  return {
    ...fix,
    code: `${code}\n${fix.code}`,
    line: fix.line + (above ? 1 : 0),
    edits: [edit, ...fix.edits],
  };
}

type Unplaced = Omit<Fix, "file" | "line" | "edits">;

function inserted(
  j: Judge,
  target: Target,
  name: string,
  before: string[],
  fix: Unplaced,
  needs: string[],
): Fix[] {
  // Set where no statement of its own says so (a loop, globals()): where to change that is for people to say.
  if (!target.holder && possible(isSet(j, name)) && !elsewhere(j, target, name)) return [];
  return insertions(target, name, [...before, fix.code].join("\n"), needs).map((edit) => {
    const lines = edit.text.split(/\r\n|\r|\n/);
    const skipped = lines.findIndex((line) => line.trim() !== "");
    const added = before.length + Math.max(0, skipped);
    return {
      ...fix,
      file: edit.file,
      line: target.source.lineAt(edit.start) + added,
      edits: [edit],
    };
  });
}

/** A value that is written down at the left margin is replaced; what else decides it is for people to change. */
function replaced(only: Assignment, value: string, before: string[], fix: Unplaced): Fix[] {
  const plain = only.value.nodeType === "Constant" && only.around.every((s) => s.nodeType === "ClassDef");
  if (!plain) return [];
  const { file, source, node } = only;
  const [start, end] = source.range(only.value);
  const margin = marginOf(source, node);
  const at = source.startOfLine(node.lineno);
  const edits = before.map((line) => ({
    file,
    start: at,
    end: at,
    text: `${margin}${line}${source.newline}`,
  }));
  return [
    {
      ...fix,
      file,
      line: node.lineno + edits.length,
      edits: [...edits, { file, start, end, text: value }],
    },
  ];
}

/** Is it decided by a statement in a file that the settings import? */
function elsewhere(j: Judge, target: Target, name: string): boolean {
  const places = j.evaluation.settings.get(name)?.place;
  return !!places && leaves(places).every((p) => p.t === "place" && p.file !== target.file);
}

/** How this project would write it; null where a value must be read and the project reads none. */
function styleFor(j: Judge, target: Target, name: string, added: Added): Style | null {
  if (added.fixed) return WRITTEN;
  if (target.holder) return classStyle(j, target, added);
  const style = environmentStyle(j, target.module, added.kind);
  if (added.kind === "text") return style ?? standard(name);
  if (added.kind === "list")
    return style ?? (domains(j) ? { ...WRITTEN, write: () => domains(j) as string } : null);
  const { flags } = readsOf(j.evaluation);
  const field = flags.written > 0 ? null : fieldStyle(j, target, name, added.kind, added.value);
  if (field && (style === null || style.composed)) return field;
  const writes = flags.written > 0 ? flags.written >= flags.read : flags.read === 0 && style?.composed;
  return writes ? WRITTEN : (style ?? WRITTEN);
}

function domains(j: Judge): string | null {
  const names = j.input.deployment?.domains ?? [];
  return names.length > 0 ? `[${names.map((n) => `"${n}"`).join(", ")}]` : null;
}

/** A key is never written down: without a style of its own, as Python reads variables. */
function standard(name: string): Style {
  return { ...WRITTEN, write: () => `os.environ["${name}"]`, variable: () => name, needs: ["os"] };
}

const VALUES = { bool: "BooleanValue", int: "IntegerValue", list: "ListValue", text: "SecretValue" };

/** django-configurations: values of a class. */
function classStyle(j: Judge, target: Target, added: Added): Style | null {
  const uses = target.module.scope.slots.has("values") && readsValues(j);
  if (!uses) return added.kind === "bool" || added.kind === "int" ? WRITTEN : null;
  const given = added.kind === "bool" || added.kind === "int";
  return {
    ...WRITTEN,
    write: (_, otherwise) => `values.${VALUES[added.kind]}(${given ? otherwise : ""})`,
    variable: (setting) => `DJANGO_${setting}`,
    needs: ["values"],
  };
}

function readsValues(j: Judge): boolean {
  for (const { body } of j.evaluation.parsed.values())
    for (const { node } of walk(body))
      if (node.nodeType === "Attribute" && /^(?:Boolean|Integer|)Value$/.test(node.attr)) return true;
  return false;
}

/** Does the file that decides DEBUG simply say that it is off? Then nobody develops with these settings. */
function isProductionOnly(j: Judge): boolean {
  const places = j.evaluation.settings.get("DEBUG")?.place;
  if (!places) return true;
  return leaves(places).every((place) => {
    if (place.t !== "place") return false;
    const value = assignmentAt(j.evaluation, place.file, place.line, "DEBUG")?.value;
    return value?.nodeType === "Constant" && value.value === false;
  });
}
