import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import { each, pure } from "../logic/apply.ts";
import { not, or, possible, toCondition } from "../logic/decide.ts";
import { fact } from "../logic/facts.ts";
import { keyOf } from "../logic/keys.ts";
import { type Machine, note } from "../logic/machine.ts";
import { gap, type Modelled, makeError, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone } from "../logic/proofs.ts";
import { read, write } from "../logic/scopes.ts";
import type { Class, Instance, Obj, Value } from "../logic/values.ts";
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
} from "../logic/values.ts";
import { raiseWhere } from "../logic/worlds.ts";
import { stringMethod } from "../objects/methods/strings.ts";
import { hostMaySet } from "../outside/host-settings.ts";
import { inRepository, inTree, treePath } from "../outside/project-files.ts";
import { joinPath, normPath } from "../source/paths.ts";
import { parseJson } from "./json.ts";

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
      return gap(`the content of a file: ${o.t === "unknown" ? o.reason : o.t}`, { type: "str" });
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
  if (mode.t === "str" && /[wax+]/.test(mode.v)) {
    openForWriting(m, path, mode.v, put);
    return self;
  }
  const raw = readText(m, path);
  if (!possible(m.pc)) return unknown("never executed");
  const text = mode.t === "str" && !mode.v.includes("b") ? raw : inBytes(m, raw);
  self.scope.slots.set("\0text", text);
  const lines =
    text.t === "str" && !/\r/.test(text.v) ? (text.v.match(/[^\n]*\n|[^\n]+$/g) ?? []).map(str) : null;
  self.scope.slots.set("\0items", tuple(lines ?? [unknown("lines of a file", { splat: true })]));
  put("read", () => text);
  put("readlines", () => list(lines ?? [unknown("lines of a file", { splat: true })], m.pc));
  put("readline", () => (lines ? (lines[0] ?? str("")) : unknown("a line of a file", { type: "str" })));
  return self;
}

/** What a file holds when it is read as bytes. */
export function inBytes(m: Machine, text: Value): Value {
  return pure(m, [text], ([o]) =>
    o?.t === "str"
      ? stringMethod(m, o, "encode", [], new Map(), () => NONE)
      : o?.t === "unknown"
        ? { ...o, type: "bytes" }
        : (o as Obj),
  );
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
  if (typeof data === "bigint")
    return Number.isSafeInteger(Number(data)) ? num(Number(data)) : gap("a very large number");
  if (typeof data === "number") return num(data, true);
  if (typeof data === "string") return str(data);
  if (Array.isArray(data))
    return list(
      data.map((d) => fromData(m, d)),
      m.pc,
    );
  if (typeof data === "object" && !(data instanceof Date)) {
    const d = dict(m.pc);
    for (const [k, v] of data instanceof Map ? data : Object.entries(data))
      d.scope.slots.set(
        typeof k === "string" ? k : (keyOf(fromData(m, k)) ?? gap("a key of data")),
        fromData(m, v),
      );
    return d;
  }
  return gap("data of an unknown kind");
}

const PARSERS = {
  // PyYAML reads YAML 1.1.
  yaml: (text: string): unknown => parseYaml(text, { version: "1.1", intAsBigInt: true, mapAsMap: true }),
  toml: (text: string): unknown => parseToml(text, { integersAsBigInt: true }),
};

/** Reads JSON, YAML or TOML; `error` is the exception for text that is neither. */
export function parseData(m: Machine, text: Value, how: "json" | "yaml" | "toml", error: Modelled): Value {
  return each(m, textOf(text), (o: Obj) => {
    if (o.t !== "str" && o.t !== "bytes") {
      if (o.t === "unknown") return gap(o.reason, o.from ? { from: o.from } : {});
      return raiseProven(
        m,
        how === "json" ? isNone(o, "str", "bytes") : null,
        "TypeError",
        "the JSON object must be str, bytes or bytearray",
      );
    }
    const given = o.t === "bytes" ? stringMethod(m, o, "decode", [], new Map(), () => NONE) : o;
    if (given.t !== "str") return gap("data of bytes");
    if (how === "json") return parseJson(m, given.v);
    let data: unknown;
    try {
      data = PARSERS[how](given.v);
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
