import { dottedName, type Stmt } from "../../python/source/parse.ts";
import { walk } from "../../python/source/walk.ts";
import type { Judge } from "../judge.ts";
import { isOwn, type Target } from "./place.ts";
import type { Kind, Style } from "./style.ts";
import { marginOf, sourceText } from "./text.ts";

const TYPES: Partial<Record<Kind, string>> = { bool: "bool", int: "int" };

/**
 * A project that reads its environment by a class of pydantic-settings: a field for the variable, and the setting
 * taken from the object that the settings module knows. null where there is no such class, or no such object.
 */
export function fieldStyle(
  j: Judge,
  target: Target,
  setting: string,
  kind: Kind,
  value: string,
): Style | null {
  const type = TYPES[kind];
  const found = type ? settingsClass(j) : null;
  const object = found ? instanceOf(target, found.node.name) : null;
  if (!type || !found || !object) return null;
  const { file, node, text } = found;
  const fields = node.body.filter((s) => s.nodeType === "AnnAssign");
  const last = fields.at(-1);
  const names = fields.flatMap((f) =>
    f.nodeType === "AnnAssign" && f.target.nodeType === "Name" ? f.target.id : [],
  );
  if (!last) return null;
  const field = names.some((n) => n !== n.toUpperCase()) ? setting.toLowerCase() : setting;
  const source = sourceText(text);
  const at = source.afterLine(last.end_lineno ?? last.lineno);
  const code = `${field}: ${type} = ${value}`;
  const open = at > 0 && !/[\r\n]$/.test(text.slice(0, at)) ? source.newline : "";
  const margin = marginOf(source, last);
  const prefix = /env_prefix\s*=\s*["'](\w*)["']/.exec(text)?.[1] ?? "";
  return {
    write: (_, otherwise) => `${object}.${field}${otherwise === "not DEBUG" ? " and not DEBUG" : ""}`,
    variable: () => `${prefix}${field}`.toUpperCase(),
    needs: [object],
    composed: false,
    declares: { code, edit: { file, start: at, end: at, text: `${open}${margin}${code}${source.newline}` } },
  };
}

interface Found {
  file: string;
  text: string;
  node: Stmt & { nodeType: "ClassDef" };
}

function settingsClass(j: Judge): Found | null {
  for (const [file, { body }] of j.evaluation.parsed) {
    const text = j.m.tree.read(file) ?? "";
    if (!text.includes("BaseSettings") || !isOwn(file, text)) continue;
    for (const { node } of walk(body))
      if (
        node.nodeType === "ClassDef" &&
        node.bases.some((b) => /(?:^|\.)BaseSettings$/.test(dottedName(b) ?? ""))
      )
        return { file, text, node };
  }
  return null;
}

/** The name under which the settings module knows an object of the class. */
function instanceOf({ module }: Target, cls: string): string | null {
  for (const [name, v] of module.scope.slots)
    if (v.t === "instance" && v.cls.name === cls && /^[A-Za-z_]\w*$/.test(name)) return name;
  return null;
}
