import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { not, or, possible, toCondition } from "../decide.ts";
import { fact } from "../facts.ts";
import { hostMaySet } from "../host-settings.ts";
import { each, type Machine, makeError, note, pure, raise, raiseWhere, read, write } from "../machine.ts";
import { joinPath, normPath } from "../paths.ts";
import { inRepository, inTree, treePath } from "../project-files.ts";
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
    const own = written(m, o.v);
    if (own.t !== "missing" && kind !== "folder")
      return or(
        toCondition(own, (x) => x.t !== "missing"),
        existsApart(m, o.v, kind),
      );
    return existsApart(m, o.v, kind);
  });
}

/** Does a path exist that the settings have not written themselves? */
function existsApart(m: Machine, path: string, kind: "file" | "folder" | null): Value {
  const found = inRepository(m, path);
  if (found) return bool(kind === null || kind === found);
  if (inTree(m, path) !== null) {
    note(m, "absent-file", path);
    if (path.endsWith(".py")) hostMaySet(m, path.split("/").at(-1) ?? path);
    return FALSE;
  }
  return onHost(m, path);
}

/** What the settings have written to a path, MISSING where nothing. */
const written = (m: Machine, path: string): Value => read(m, m.written, absolutePath(m, path));

const absolutePath = (m: Machine, path: string): string => normPath(joinPath(treePath(m.root), path));

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
    const own = written(m, o.v);
    if (own.t === "missing") return readApart(m, o.v);
    return each(m, own, (x) => (x.t === "missing" ? readApart(m, o.v) : x));
  });
}

/** The text of a file that the settings have not written themselves. */
function readApart(m: Machine, path: string): Value {
  if (inRepository(m, path) === "file") {
    const text = m.tree.read(inTree(m, path) ?? "");
    if (text !== null) return str(text);
  }
  if (inTree(m, path) !== null) {
    note(m, "absent-file", path);
    if (path.endsWith(".py")) hostMaySet(m, path.split("/").at(-1) ?? path);
    return raise(m, "FileNotFoundError", `No such file or directory: '${path}'`);
  }
  const there = onHost(m, path);
  raiseWhere(m, not(there), makeError(m, "FileNotFoundError", `No such file or directory: '${path}'`));
  return possible(m.pc)
    ? unknown(`the content of ${path} on the host`, { type: "str" })
    : unknown("never executed");
}

/** `open(path, mode)`: an object with the reading methods. */
export function openFile(m: Machine, path: Value, mode: Value): Value {
  const cls: Class = { t: "class", name: "TextIOWrapper", bases: [], unknownBase: null, scope: scope() };
  const self: Instance = { t: "instance", cls, scope: scope(m.pc), id: nextId() };
  const put: Put = (name, call) => {
    self.scope.slots.set(name, native(name, call));
  };
  put("__enter__", () => self);
  put("__exit__", () => NONE);
  put("close", () => NONE);
  put("write", () => NONE);
  if (mode.t === "str" && /[wax+]/.test(mode.v)) {
    openForWriting(m, path, mode.v, put);
    return self;
  }
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

type Put = (name: string, call: (args: Value[]) => Value) => void;

/** Files that are written are remembered: settings that make a key write it and read it again. */
function openForWriting(m: Machine, path: Value, mode: string, put: Put): void {
  each(m, path, (p) => {
    if (p.t !== "str" && p.t !== "path") return NONE;
    if (mode.includes("x")) {
      const there = exists(m, p, null);
      raiseWhere(m, there, makeError(m, "FileExistsError", `File exists: '${p.v}'`));
    }
    if (!mode.includes("a")) write(m, m.written, absolutePath(m, p.v), str(""));
    return NONE;
  });
  put("write", ([v = NONE]) =>
    each(m, path, (p) => (p.t === "str" || p.t === "path" ? append(m, absolutePath(m, p.v), v) : NONE)),
  );
}

function append(m: Machine, path: string, v: Value): Value {
  const text = pure(m, [read(m, m.written, path), v], ([o, x]) => {
    if (o?.t === "str" && o.v === "") return x as Obj;
    if (o?.t === "str" && (x?.t === "str" || x?.t === "bytes")) return str(o.v + x.v);
    return unknown(`what was written to ${path}`, { type: "str" });
  });
  write(m, m.written, path, text);
  return NONE;
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

const PARSERS = {
  json: JSON.parse,
  yaml: (text: string): unknown => parseYaml(text),
  toml: (text: string): unknown => parseToml(text),
};

/** Reads JSON, YAML or TOML; `error` is the exception for text that is neither. */
export function parseData(m: Machine, text: Value, how: "json" | "yaml" | "toml", error: string): Value {
  return each(m, textOf(text), (o: Obj) => {
    if (o.t !== "str" && o.t !== "bytes") {
      if (o.t === "unknown") return unknown(o.reason, o.from ? { from: o.from } : {});
      return raise(m, "TypeError", "the JSON object must be str, bytes or bytearray");
    }
    let data: unknown;
    try {
      data = PARSERS[how](o.v);
    } catch {
      return raise(m, error, `cannot read ${how}`);
    }
    return fromData(m, data);
  });
}

export { TRUE };

/** `Path.write_text(text)`. */
export function writeText(m: Machine, path: string, text: Value): Value {
  write(m, m.written, absolutePath(m, path), text);
  return NONE;
}
