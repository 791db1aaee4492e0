import { each, pure } from "../logic/apply.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone } from "../logic/proofs.ts";
import type { Class, Value } from "../logic/values.ts";
import { bool, list, NONE, native, scope, str, tuple, typeName, unknown } from "../logic/values.ts";
import { inTree, treePath } from "../outside/project-files.ts";
import { askPattern } from "../source/foreign-pattern.ts";
import {
  baseName,
  cleanPath,
  dirName,
  globPattern,
  joinPath,
  normPath,
  relativePath,
  splitExtension,
} from "../source/paths.ts";
import { exists, inBytes, openFile, readText, writeText } from "./files.ts";
import { fspath } from "./os.ts";

const path = (v: string): Value => ({ t: "path", v: cleanPath(v) });

/** `Path(...)`, `PurePath(...)`. */
export function pathClass(m: Machine, name: string): Class {
  const cls: Class = { t: "class", name, bases: [], unknownBase: null, scope: scope() };
  cls.construct = (args) => joined(m, args);
  cls.scope.slots.set(
    "cwd",
    native("cwd", () => path(treePath(m.root))),
  );
  cls.scope.slots.set(
    "home",
    native("home", () => unknown("the home folder", { type: "path", truthy: true })),
  );
  return cls;
}

function joined(m: Machine, given: Value[]): Value {
  const parts = given.map((v) => fspath(m, v));
  return pure(m, parts, (found) => {
    const texts: string[] = [];
    for (const o of found) {
      if (o.t === "unknown")
        return unknown(o.reason, { type: "path", truthy: true, ...(o.from ? { from: o.from } : {}) });
      if (o.t !== "str" && o.t !== "path")
        return raiseProven(
          m,
          isNone(o, "str", "path"),
          "TypeError",
          `expected str, bytes or os.PathLike object, not ${typeName(o)}`,
        );
      texts.push(o.v);
    }
    return path(joinPath(...texts));
  });
}

const absolute = (m: Machine, p: string): string => normPath(joinPath(treePath(m.root), p));

/** An attribute of a path, or null. */
export function pathAttribute(m: Machine, p: string, name: string): Value | null {
  switch (name) {
    case "parent":
      return path(dirName(p) || ".");
    case "parents":
      return { ...list(ancestors(p).map(path), m.pc), kind: "_PathParents" };
    case "name":
      return str(nameOf(p));
    case "stem":
    case "suffix": {
      if (nameOf(p).endsWith(".") && nameOf(p) !== "..") return gap(`Path.${name}`);
      const [stem, suffix] = nameOf(p) === ".." ? ["..", ""] : splitExtension(nameOf(p));
      return str(name === "stem" ? stem : suffix);
    }
    case "parts":
      return tuple(
        [...(p.startsWith("/") ? ["/"] : []), ...p.split("/").filter((part) => part && part !== ".")].map(
          str,
        ),
      );
    default: {
      const method = METHODS[name];
      return Object.hasOwn(METHODS, name) && method
        ? native(name, (args, kwargs) =>
            (kwargs.size > 0 && !KEYWORDS.has(name)) ||
            (method.length === 2 && args.length > 0 && name !== "resolve")
              ? gap(`Path.${name}`)
              : method(m, p, args),
          )
        : null;
    }
  }
}

const nameOf = (p: string): string => (p === "." ? "" : baseName(p));

function ancestors(p: string): string[] {
  const up = dirName(p) || ".";
  return up === p || p === "." ? [] : [up, ...ancestors(up)];
}

/** Methods of which what is given by name changes nothing that we say. */
const KEYWORDS = new Set(["mkdir", "touch", "resolve", "read_text", "write_text", "open", "exists"]);

const METHODS: Record<string, (m: Machine, p: string, args: Value[]) => Value> = {
  resolve: (m, p) => path(absolute(m, p)),
  absolute: (m, p) => path(joinPath(treePath(m.root), p)),
  expanduser: (_m, p) =>
    p.startsWith("~") ? unknown("the home folder", { type: "path", truthy: true }) : path(p),
  joinpath: (m, p, args) => joined(m, [str(p), ...args]),
  exists: (m, p) => exists(m, str(p), null),
  is_file: (m, p) => exists(m, str(p), "file"),
  is_dir: (m, p) => exists(m, str(p), "folder"),
  is_absolute: (_m, p) => bool(p.startsWith("/")),
  as_posix: (_m, p) => str(p),
  __str__: (_m, p) => str(p),
  __fspath__: (_m, p) => str(p),
  as_uri: (_m, p) => (/^\/[\w./-]*$/.test(p) ? str(`file://${p}`) : gap("Path.as_uri")),
  mkdir: () => NONE,
  touch: () => NONE,
  write_text: (m, p, [text = NONE]) => writeText(m, p, text),
  write_bytes: (m, p, [text = NONE]) => writeText(m, p, text),
  read_text: (m, p) => readText(m, str(p)),
  read_bytes: (m, p) => inBytes(m, readText(m, str(p))),
  open: (m, p, args) => openFile(m, str(p), args[0] ?? str("r")),
  with_name: (m, p, [name = NONE]) =>
    each(m, name, (n) =>
      n.t === "str" && n.v !== "" && !/^\.$|\//.test(n.v) && nameOf(p) !== ""
        ? joined(m, [str(dirName(p)), n])
        : gap("Path.with_name"),
    ),
  with_suffix: (m, p, [suffix = NONE]) =>
    each(m, suffix, (s) =>
      s.t === "str" && (s.v === "" || /^\.[^./]+$/.test(s.v)) && nameOf(p) !== ""
        ? path(splitExtension(p)[0] + s.v)
        : gap("Path.with_suffix"),
    ),
  relative_to: (m, p, [from = NONE, ...more]) =>
    each(m, from, (f) => {
      if (more.length > 0) return gap("Path.relative_to");
      if ((f.t !== "str" && f.t !== "path") || p.startsWith("/") !== f.v.startsWith("/"))
        return gap("Path.relative_to");
      if (/(^|\/)\.\.(\/|$)/.test(`${p}/${f.v}`)) return gap("Path.relative_to");
      const inside = relativePath(p, f.v);
      return /^\.\.(\/|$)/.test(inside)
        ? raise(m, "ValueError", `'${p}' is not in the subpath of '${f.v}'`)
        : path(inside);
    }),
  iterdir: (m, p) => listing(m, p, "*"),
  glob: (m, p, [pattern = NONE]) => (pattern.t === "str" ? listing(m, p, pattern.v) : unknown("a glob")),
  rglob: (m, p, [pattern = NONE]) =>
    pattern.t === "str" ? listing(m, p, `**/${pattern.v}`) : unknown("a glob"),
};

function listing(m: Machine, p: string, pattern: string): Value {
  const found = globTree(m, joinPath(p, pattern));
  if (found === null) return gap(`files of ${p} on the host`);
  return { ...list(found.map(path), m.pc), kind: "generator", once: true };
}

/** Paths of the repository that match, sorted; null when the pattern is about files outside. */
export function globTree(m: Machine, pattern: string): string[] | null {
  const own = inTree(m, pattern);
  if (own === null) return null;
  const text = [...m.files, ...m.folders].filter(Boolean).join("\n");
  const found = askPattern(m, { source: globPattern(own), flags: "", text, act: "filter" });
  return found === null ? null : found.answer.sort().map((f) => treePath(f));
}
