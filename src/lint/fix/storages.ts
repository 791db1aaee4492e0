import type { Evaluation } from "../../python/evaluate.ts";
import { possible } from "../../python/logic/decide.ts";
import { walk } from "../../python/source/walk.ts";
import { isSet, type Judge } from "../judge.ts";
import { type Assignment, assignmentsOf, textOf } from "./statement.ts";
import { type Edit, marginOf } from "./text.ts";
import type { Fixer } from "./types.ts";

const OLD = { default: "DEFAULT_FILE_STORAGE", staticfiles: "STATICFILES_STORAGE" };
const DJANGO = {
  default: '"django.core.files.storage.FileSystemStorage"',
  staticfiles: '"django.contrib.staticfiles.storage.StaticFilesStorage"',
};

/** The two settings that STORAGES took the place of, where Django no longer reads them, move into it. */
export const storagesFixer: Fixer = (j, finding) => {
  if (finding.id !== "djdeploy.storage-setting-ignored" || possible(isSet(j, "STORAGES"))) return [];
  const [first, second, ...more] = oldOnes(j);
  if (!first || more.length > 0 || (second && !(besides(first, second) && isAlone(first)))) return [];
  const last = second ?? first;
  if (last.around.some((s) => s.nodeType !== "If") || last.node.nodeType !== "Assign") return [];
  const backend = (key: keyof typeof OLD): string => {
    const own = [first, second].find((a) => a && nameOf(a) === OLD[key]);
    return own ? textOf(own, own.value) : DJANGO[key];
  };
  const { source, file, node } = last;
  const margin = marginOf(source, node);
  const lines = [
    "STORAGES = {",
    `    "default": {"BACKEND": ${backend("default")}},`,
    `    "staticfiles": {"BACKEND": ${backend("staticfiles")}},`,
    "}",
  ];
  const [start, end] = source.range(node);
  const edits: Edit[] = [{ file, start, end, text: lines.join(`${source.newline}${margin}`) }];
  if (second) edits.push(withoutLine(first));
  return [
    {
      code: lines.join("\n"),
      file,
      line: node.lineno - (second ? (first.node.end_lineno ?? 0) - first.node.lineno + 1 : 0),
      automatic: true,
      edits,
      sets: ["STORAGES", ...Object.values(OLD)],
      reveals: [],
      variables: [],
    },
  ];
};

const nameOf = ({ node }: Assignment): string =>
  node.nodeType === "Assign" && node.targets[0]?.nodeType === "Name" ? node.targets[0].id : "";

/** Every assignment of either name, in order; none when something else uses them. */
function oldOnes(j: Judge): Assignment[] {
  const e = j.evaluation;
  const names = Object.values(OLD);
  if (isUsed(e, names)) return [];
  const found = [...e.parsed.keys()].flatMap((file) => names.flatMap((name) => assignmentsOf(e, file, name)));
  return found.sort((a, b) => a.node.lineno - b.node.lineno);
}

/** In one file, and under the same conditions. */
function besides(a: Assignment, b: Assignment): boolean {
  if (a.file !== b.file || nameOf(a) === nameOf(b) || a.node.lineno === b.node.lineno) return false;
  return a.around.length === b.around.length && a.around.every((s, i) => s === b.around[i]);
}

function isAlone({ source, node }: Assignment): boolean {
  const [start, end] = source.range(node);
  const [before, after] = [source.startOfLine(node.lineno), source.afterLine(node.end_lineno ?? node.lineno)];
  return (
    /^\s*$/.test(source.text.slice(before, start)) && /^\s*(?:#.*)?$/.test(source.text.slice(end, after))
  );
}

function isUsed(e: Evaluation, names: string[]): boolean {
  for (const { body } of e.parsed.values())
    for (const { node } of walk(body))
      if (node.nodeType === "Name" && node.ctx?.nodeType !== "Store" && names.includes(node.id)) return true;
  return false;
}

/** The whole lines of a statement, where it stands alone on them. */
function withoutLine({ file, source, node }: Assignment): Edit {
  const start = source.startOfLine(node.lineno);
  return { file, start, end: source.afterLine(node.end_lineno ?? node.lineno), text: "" };
}
