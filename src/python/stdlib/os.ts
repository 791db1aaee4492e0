import { each, pure } from "../logic/apply.ts";
import { classSlot } from "../logic/class-slot.ts";
import { leaves } from "../logic/decide.ts";
import type { Machine } from "../logic/machine.ts";
import { gap, raise, raiseProven } from "../logic/outcomes.ts";
import { isNone } from "../logic/proofs.ts";
import type { Obj, Unknown, Value } from "../logic/values.ts";
import { bool, list, NONE, num, str, tuple, typeName, unknown } from "../logic/values.ts";
import { callMethod } from "../objects/calls.ts";
import { inTree, treePath } from "../outside/project-files.ts";
import { baseName, dirName, joinPath, normPath, relativePath, splitExtension } from "../source/paths.ts";
import { type Entries, fn } from "./entries.ts";
import { environObject, getVariable } from "./environment.ts";
import { exists } from "./files.ts";

/** `os.fspath`: objects of classes that say what path they are. */
export function fspath(m: Machine, v: Value): Value {
  if (!leaves(v).some((o) => o.t === "instance")) return v;
  return each(m, v, (o) => {
    const own = o.t === "instance" && classSlot(m, o.cls, "__fspath__");
    return own ? callMethod(m, o, "__fspath__", []) : o;
  });
}

/** Applies to the texts of paths; an unknown path gives an unknown one. */
function onPaths(m: Machine, given: Value[], make: (paths: string[]) => Value, facts: Facts): Value {
  const args = given.map((v) => fspath(m, v));
  return pure(m, args, (found: Obj[]) => {
    const hidden = found.find((o): o is Unknown => o.t === "unknown");
    if (hidden) {
      const from = hidden.from ? { from: hidden.from } : {};
      return gap(hidden.reason, { ...facts, ...from });
    }
    if (found.some((o) => o.t === "bytes") || found.length === 0) return gap("a path in bytes");
    return make(
      found.map((o) =>
        o.t === "str" || o.t === "path" || o.t === "bytes"
          ? o.v
          : raiseProven(
              m,
              isNone(o, "str", "bytes", "path"),
              "TypeError",
              `expected str, bytes or os.PathLike object, not ${typeName(o)}`,
            ),
      ),
    );
  });
}

/** What is known of an answer about a path that is not. */
interface Facts {
  type?: string;
  truthy?: true;
}
const TEXT: Facts = { type: "str" };
const PATH: Facts = { type: "str", truthy: true };
/** The others give a text that may be empty, as for an empty path. */
const FACTS: Record<string, Facts> = {
  isabs: {},
  split: {},
  splitext: {},
  abspath: PATH,
  realpath: PATH,
  normpath: PATH,
};

/** Of several parts one that is not empty is enough. */
const isFilled = (parts: Value[]): boolean =>
  parts.some((part) => leaves(part).every((o) => (o.t === "str" || o.t === "path") && o.v !== ""));

export function osPath(m: Machine): Entries {
  const one = (name: string, make: (p: string) => Value): [string, Value] => [
    name,
    fn(name, (args) =>
      args.length === 1
        ? onPaths(m, args, ([p = ""]) => make(p), FACTS[name] ?? TEXT)
        : gap(`the arguments of ${name}()`),
    ),
  ];
  const absolute = (p: string): Value =>
    /^\/\/(?!\/)|\0/.test(p) ? gap("a path with two slashes") : str(normPath(joinPath(treePath(m.root), p)));
  return {
    ...Object.fromEntries([
      one("dirname", (p) => str(dirName(p))),
      one("basename", (p) => str(baseName(p))),
      one("abspath", absolute),
      one("realpath", absolute),
      one("normpath", (p) => (/^\/\/(?!\/)/.test(p) ? gap("a path with two slashes") : str(normPath(p)))),
      one("isabs", (p) => bool(p.startsWith("/"))),
      one("splitext", (p) => tuple(splitExtension(p).map(str))),
      one("split", (p) => tuple([str(dirName(p)), str(baseName(p))])),
      one("expanduser", (p) =>
        p.startsWith("~") ? unknown("the home folder", { type: "str", truthy: true }) : str(p),
      ),
      one("expandvars", (p) => (p.includes("$") ? unknown("expandvars()", { type: "str" }) : str(p))),
      one("normcase", (p) => str(p)),
    ]),
    join: fn("join", (args) =>
      onPaths(m, args, (paths) => str(joinPath(...paths)), isFilled(args) ? PATH : TEXT),
    ),
    relpath: fn("relpath", (args) =>
      onPaths(
        m,
        args[1]?.t === "none" ? args.slice(0, 1) : args,
        ([p = "", from]) =>
          p === ""
            ? raise(m, "ValueError", "no path specified")
            : str(relativePath(joinPath(treePath(m.root), p), joinPath(treePath(m.root), from ?? ""))),
        PATH,
      ),
    ),
    exists: fn("exists", ([p = NONE]) => exists(m, p, null)),
    lexists: fn("lexists", ([p = NONE]) => exists(m, p, null)),
    isfile: fn("isfile", ([p = NONE]) => exists(m, p, "file")),
    isdir: fn("isdir", ([p = NONE]) => exists(m, p, "folder")),
    sep: str("/"),
    pathsep: str(":"),
    pardir: str(".."),
    curdir: str("."),
  };
}

export function osModule(m: Machine, path: Value): Entries {
  const environ = environObject(m);
  const nothing = (name: string): [string, Value] => [name, fn(name, () => NONE)];
  const open = (name: string, type?: string): [string, Value] => [
    name,
    fn(name, () => unknown(`os.${name}()`, type ? { type, truthy: true } : {})),
  ];
  return {
    path,
    environ,
    getenv: fn("getenv", ([name = NONE, fallback = NONE], kwargs) =>
      getVariable(m, name, kwargs.get("default") ?? fallback),
    ),
    getcwd: fn("getcwd", () => str(treePath(m.root))),
    listdir: fn("listdir", ([p = str(".")]) =>
      each(m, p, (o) => {
        const own = o.t === "str" || o.t === "path" ? inTree(m, o.v) : null;
        if (own === null) return unknown("a folder on the host");
        const inside = (f: string): boolean => (own === "" ? !f.includes("/") : dirName(f) === own);
        return list(
          [...m.files, ...m.folders]
            .filter((f) => f && inside(f))
            .sort()
            .map((f) => str(baseName(f))),
          m.pc,
        );
      }),
    ),
    fspath: fn("fspath", ([p = NONE]) => onPaths(m, [p], ([x = ""]) => str(x), TEXT)),
    name: str("posix"),
    sep: str("/"),
    linesep: str("\n"),
    pathsep: str(":"),
    pardir: str(".."),
    curdir: str("."),
    devnull: str("/dev/null"),
    F_OK: num(0),
    R_OK: num(4),
    W_OK: num(2),
    X_OK: num(1),
    cpu_count: fn("cpu_count", () => unknown("the number of processors", { type: "int", truthy: true })),
    urandom: fn("urandom", ([n]) =>
      unknown("os.urandom()", {
        type: "bytes",
        truthy: true,
        generated: true,
        ...(n?.t === "num" ? { length: n.v } : {}),
      }),
    ),
    access: fn("access", ([p = NONE]) => exists(m, p, null)),
    ...Object.fromEntries(
      ["makedirs", "mkdir", "umask", "chmod", "remove", "unlink", "system", "chdir", "putenv"].map(nothing),
    ),
    ...Object.fromEntries([
      open("getpid", "int"),
      open("getuid"),
      open("getlogin", "str"),
      open("uname"),
      open("popen"),
      open("stat"),
      open("walk"),
      open("scandir"),
    ]),
  };
}
