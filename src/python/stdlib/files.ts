import { parse as parseYaml } from "yaml";
import { not, possible } from "../decide.ts";
import { fact } from "../facts.ts";
import { each, type Machine, makeError, note, raise, raiseWhere } from "../machine.ts";
import { inRepository, inTree } from "../project-files.ts";
import type { Class, Instance, Obj, Value } from "../values.ts";
import {
  bool,
  dict,
  FALSE,
  list,
  NONE,
  native,
  nextId,
  num,
  scope,
  str,
  TRUE,
  tuple,
  unknown,
} from "../values.ts";

/** The condition that a path exists; what is not tracked within the repository does not. */
export function exists(m: Machine, path: Value, kind: "file" | "folder" | null): Value {
  return each(m, path, (o) => {
    if (o.t !== "str" && o.t !== "path") return o.t === "unknown" ? fact(m, o.reason, o.from) : FALSE;
    const found = inRepository(m, o.v);
    if (found) return bool(kind === null || kind === found);
    if (inTree(m, o.v) !== null) {
      note(m, "absent-file", o.v);
      return FALSE;
    }
    return onHost(m, o.v);
  });
}

/** Whether a file outside the repository is there; one answer for each path. */
function onHost(m: Machine, path: string): Value {
  const known = m.hostFiles.get(path) ?? fact(m, `whether ${path} exists on the host is not known`);
  m.hostFiles.set(path, known);
  return known;
}

/** The text of a path; FileNotFoundError where it is not there. */
export function readText(m: Machine, path: Value): Value {
  return each(m, path, (o) => {
    if (o.t !== "str" && o.t !== "path")
      return unknown(`the content of a file: ${o.t === "unknown" ? o.reason : o.t}`, { type: "str" });
    if (inRepository(m, o.v) === "file") {
      const text = m.tree.read(inTree(m, o.v) ?? "");
      if (text !== null) return str(text);
    }
    if (inTree(m, o.v) !== null) {
      note(m, "absent-file", o.v);
      return raise(m, "FileNotFoundError", `No such file or directory: '${o.v}'`);
    }
    const there = onHost(m, o.v);
    raiseWhere(m, not(there), makeError(m, "FileNotFoundError", `No such file or directory: '${o.v}'`));
    return possible(m.pc)
      ? unknown(`the content of ${o.v} on the host`, { type: "str" })
      : unknown("never executed");
  });
}

/** `open(path, mode)`: an object with the reading methods. */
export function openFile(m: Machine, path: Value, mode: Value): Value {
  const cls: Class = { t: "class", name: "TextIOWrapper", bases: [], unknownBase: null, scope: scope() };
  const self: Instance = { t: "instance", cls, scope: scope(m.pc), id: nextId() };
  const put = (name: string, call: () => Value): void => {
    self.scope.slots.set(name, native(name, call));
  };
  put("__enter__", () => self);
  put("__exit__", () => NONE);
  put("close", () => NONE);
  put("write", () => NONE);
  if (mode.t === "str" && /[wax+]/.test(mode.v)) return self;
  const text = readText(m, path);
  if (!possible(m.pc)) return unknown("never executed");
  self.scope.slots.set("\0text", text);
  const lines = text.t === "str" ? (text.v.match(/[^\n]*\n|[^\n]+$/g) ?? []).map(str) : null;
  self.scope.slots.set("\0items", tuple(lines ?? [unknown("lines of a file", { splat: true })]));
  put("read", () => text);
  put("readlines", () => list(lines ?? [unknown("lines of a file", { splat: true })], m.pc));
  put("readline", () => (lines ? (lines[0] ?? str("")) : unknown("a line of a file", { type: "str" })));
  return self;
}

/** The text of a file object, a text, or unknown. */
export function textOf(v: Value): Value {
  if (v.t === "instance") return v.scope.slots.get("\0text") ?? unknown(`the content of a ${v.cls.name}`);
  return v;
}

/** JavaScript data as Python's. */
export function fromData(m: Machine, data: unknown): Value {
  if (data === null || data === undefined) return NONE;
  if (typeof data === "boolean") return bool(data);
  if (typeof data === "number") return num(data, !Number.isInteger(data));
  if (typeof data === "string") return str(data);
  if (Array.isArray(data))
    return list(
      data.map((d) => fromData(m, d)),
      m.pc,
    );
  if (typeof data === "object") {
    const d = dict(m.pc);
    for (const [k, v] of Object.entries(data)) d.scope.slots.set(k, fromData(m, v));
    return d;
  }
  return unknown("data of an unknown kind");
}

/** Reads JSON or YAML; `error` is the exception for text that is neither. */
export function parseData(m: Machine, text: Value, how: "json" | "yaml", error: string): Value {
  return each(m, textOf(text), (o: Obj) => {
    if (o.t !== "str" && o.t !== "bytes") {
      if (o.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
      return raise(m, "TypeError", "the JSON object must be str, bytes or bytearray");
    }
    let data: unknown;
    try {
      data = how === "json" ? JSON.parse(o.v) : parseYaml(o.v);
    } catch {
      return raise(m, error, `cannot read ${how}`);
    }
    return fromData(m, data);
  });
}

export { TRUE };
