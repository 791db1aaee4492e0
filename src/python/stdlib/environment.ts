import { each, pure } from "../apply.ts";
import { ite, leaves, toCondition } from "../decide.ts";
import { hostMaySet } from "../host-settings.ts";
import { executeFile } from "../imports.ts";
import { type Machine, note } from "../machine.ts";
import { gap, raise, raiseProven } from "../outcomes.ts";
import { dirName, joinPath } from "../paths.ts";
import { inRepository, inTree } from "../project-files.ts";
import { isNone, lacksAttribute } from "../proofs.ts";
import { forgetScope } from "../scopes.ts";
import { quote } from "../text.ts";
import type { Class, Instance, Obj, Value } from "../values.ts";
import {
  dict,
  FALSE,
  list,
  NONE,
  namespaceDict,
  native,
  nextId,
  scope,
  str,
  TRUE,
  unknown,
} from "../values.ts";
import { like, readEnv, unsetEnv, writeEnv } from "../variables.ts";
import { narrow } from "../worlds.ts";
import { type EnvFileStyle, parseEnvFile } from "./env-files.ts";
import { iniHooks } from "./ini.ts";

/** Set in every process, to values we do not know. */
const ALWAYS_SET = new Set(["HOME", "PATH", "USER", "PWD", "SHELL", "LANG", "LOGNAME"]);

/** A variable by name, MISSING where it is not set; the read is remembered. */
export function readVariable(
  m: Machine,
  name: Value,
  fallback: string | null,
  cast: string | null = null,
): Value {
  if (name.t === "choice" && leaves(name).length > 12) return unknown("a variable whose name is not known");
  return each(m, name, (n) => {
    if (n.t === "unknown") return unknown(`a variable whose name is not known: ${n.reason}`);
    if (n.t !== "str") return raiseProven(m, isNone(n, "str"), "TypeError", "str expected");
    if (ALWAYS_SET.has(n.v) && m.given[n.v] === undefined)
      return unknown(`the variable ${n.v} of the process`, { type: "str", truthy: true });
    m.reads.push({ name: n.v, place: m.here, default: fallback, cast });
    return readEnv(m, n.v);
  });
}

/** The text of a default, for messages. */
export function defaultText(v: Value | undefined): string | null {
  if (!v) return null;
  switch (v.t) {
    case "str":
      return quote(v.v.length > 60 ? `${v.v.slice(0, 57)}...` : v.v);
    case "num":
      return String(v.v);
    case "bool":
      return v.v ? "True" : "False";
    case "none":
      return "None";
    case "list":
      return v.content.t === "tuple" && v.content.items.length === 0 ? "[]" : "[...]";
    case "path":
      return quote(v.v);
    default:
      return "...";
  }
}

/** `os.environ.get(name, default)`. */
export function getVariable(m: Machine, name: Value, fallback: Value): Value {
  const found = readVariable(m, name, defaultText(fallback));
  return ite(
    toCondition(found, (o) => o.t === "missing"),
    fallback,
    found,
  );
}

/** os.environ and everything that is as good as it. */
export function environObject(m: Machine): Instance {
  const cls: Class = { t: "class", name: "_Environ", bases: [], unknownBase: null, scope: scope() };
  const self: Instance = { t: "instance", cls, scope: scope(), id: nextId() };
  const method = (name: string, call: (args: Value[], kwargs: Map<string, Value>) => Value): void => {
    cls.scope.slots.set(name, native(name, call));
  };
  const item = (name: Value): Value =>
    pure(m, [readVariable(m, name, null)], ([o]) =>
      o?.t === "missing" ? raise(m, "KeyError", name.t === "str" ? name.v : "a variable") : (o ?? NONE),
    );
  method("get", ([name = NONE, fallback = NONE], kwargs) =>
    getVariable(m, name, kwargs.get("default") ?? fallback),
  );
  method("__getitem__", ([name = NONE]) => item(name));
  method("__contains__", ([name = NONE]) =>
    pure(m, [readVariable(m, name, null)], ([o]) => (o?.t === "missing" ? FALSE : TRUE)),
  );
  method("__setitem__", ([name = NONE, v = NONE]) => {
    each(m, name, (n) => {
      if (n.t !== "str" || n.v === "" || n.v.includes("=")) return gap("a variable of that name");
      writeEnv(m, n.v, texts(m, v));
      return NONE;
    });
    return NONE;
  });
  method("__delitem__", ([name = NONE]) => {
    item(name);
    if (name.t !== "str") return gap("del of a variable");
    unsetEnv(m, name.v);
    return NONE;
  });
  method("setdefault", ([name = NONE, v = NONE]) => {
    const found = readVariable(m, name, defaultText(v));
    const all = ite(
      toCondition(found, (o) => o.t === "missing"),
      v,
      found,
    );
    if (name.t === "str") writeEnv(m, name.v, texts(m, all));
    return all;
  });
  method("pop", ([name = NONE, ...rest]) => {
    const found = rest.length > 0 ? getVariable(m, name, rest[0] as Value) : item(name);
    if (name.t === "str") unsetEnv(m, name.v);
    return found;
  });
  method("update", (args, kwargs) => {
    const given = args[0];
    if (given && (given.t !== "dict" || given.open)) return gap("os.environ.update()");
    const entries = given?.t === "dict" ? given.scope.slots : new Map<string, Value>();
    for (const [k, v] of [...entries, ...kwargs])
      if (narrow(m, v).t !== "missing") writeEnv(m, k, texts(m, v));
    return NONE;
  });
  const open = (what: string): Value => unknown(what);
  method("items", () => open("all variables of the environment"));
  method("keys", () => open("all variables of the environment"));
  method("values", () => open("all variables of the environment"));
  method("copy", () => gap("os.environ.copy()"));
  method("__len__", () => unknown("the number of variables", { type: "int", truthy: true }));
  return self;
}

/** Nothing but texts goes into the environment. */
const texts = (m: Machine, v: Value): Value =>
  pure(m, [v], ([o]) =>
    o && isNone(o, "str") ? raiseProven(m, isNone(o, "str"), "TypeError", "str expected") : (o as Obj),
  );

/** What models of libraries need from the evaluator: `from _djdeploy import …`. */
export function hooks(m: Machine): Record<string, Value> {
  return {
    ...Object.fromEntries(Object.entries(iniHooks(m)).map(([name, call]) => [name, native(name, call)])),
    // note(name, default, cast): how a variable that was just read is used.
    note: native("note", ([name, fallback, cast]) => {
      for (let i = m.reads.length - 1; i >= 0 && i >= m.reads.length - 4; i--) {
        const r = m.reads[i];
        if (r && name?.t === "str" && r.name === name.v) {
          r.default =
            !fallback || (fallback.t === "native" && fallback.name === "MISSING_MARK")
              ? null
              : defaultText(fallback);
          r.cast = cast?.t === "str" ? cast.v : r.cast;
        }
      }
      return NONE;
    }),
    // like(value, example, other): try these texts for the variable the value comes from.
    like: native("like", ([v = NONE, example = NONE, other = NONE]) => {
      if (example.t === "str" && other.t === "str") like(m, v, [example.v, other.v]);
      return NONE;
    }),
    unknown: native("unknown", ([reason, type]) =>
      unknown(reason?.t === "str" ? reason.v : "a library", type?.t === "str" ? { type: type.v } : {}),
    ),
    is_unknown: native("is_unknown", ([v = NONE]) => toCondition(narrow(m, v), (o) => o.t === "unknown")),
    // Stands for "no default given" in calls of note().
    MISSING_MARK: native("MISSING_MARK", () => NONE),
    caller_globals: native("caller_globals", () => namespaceDict((m.callers.at(-1) ?? m.frame).module.scope)),
    caller_file: native("caller_file", () => {
      const file = (m.callers.at(-1) ?? m.frame).module.scope.slots.get("__file__");
      return file ?? str("");
    }),
    exec_file: native("exec_file", ([path = NONE]) => {
      const { module } = m.callers.at(-1) ?? m.frame;
      each(m, path, (p) => {
        const own = p.t === "str" ? inTree(m, p.v) : null;
        if (own !== null) executeFile(m, module, own);
        else if (p.t === "unknown") forgetScope(m, module.scope, p.reason);
        return NONE;
      });
      return NONE;
    }),
    // host_file(path): a file of settings that git does not have, if anybody does.
    host_file: native("host_file", ([path = NONE]) => {
      const { frame } = m;
      m.frame = m.callers.at(-1) ?? frame;
      hostMaySet(m, path.t === "str" ? path.v : "a file");
      m.frame = frame;
      return NONE;
    }),
    find_upwards: native("find_upwards", ([start = NONE, name = NONE]) => {
      if (start.t !== "str" || name.t !== "str") return str("");
      for (let folder = start.v; folder.length > 1; folder = dirName(folder)) {
        const path = joinPath(folder, name.v);
        if (inRepository(m, path) === "file") return str(path);
      }
      return str("");
    }),
    read_env_file: native("read_env_file", ([path = NONE, style]) => {
      const d = dict(m.pc);
      for (const [k, v] of envFile(m, path, style)) d.scope.slots.set(k, str(v));
      return d;
    }),
    load_env_file: native("load_env_file", ([path = NONE, override, style]) => {
      for (const [k, v] of envFile(m, path, style)) {
        const before = readEnv(m, k);
        const keep =
          override?.t === "bool" && override.v
            ? str(v)
            : ite(
                toCondition(before, (o) => o.t === "missing"),
                str(v),
                before,
              );
        writeEnv(m, k, keep);
      }
      return NONE;
    }),
    split_list: native("split_list", ([v = NONE, by = str(",")]) =>
      pure(m, [v, by], ([o, d]) => {
        if (o?.t === "unknown") return unknown(o.reason, { type: "list" });
        if (o?.t !== "str" || d?.t !== "str")
          return raiseProven(
            m,
            o ? lacksAttribute(o, "read") : null,
            "AttributeError",
            "object has no attribute 'read'",
          );
        const parts = shellWords(o.v, d.v);
        return list(parts.map(str), m.pc);
      }),
    ),
  };
}

/** The names and values of a tracked .env file. */
function envFile(m: Machine, path: Value, style: Value | undefined): [string, string][] {
  const own = path.t === "str" ? inTree(m, path.v) : null;
  const text = own === null ? null : m.tree.read(own);
  if (text === null) {
    if (path.t === "str" && path.v) note(m, "absent-file", path.v);
    return [];
  }
  return parseEnvFile(text, style?.t === "str" ? (style.v as EnvFileStyle) : "dotenv");
}

/** What shlex makes of a text that only the delimiters cut: quotes go, parts without a character do too. */
function shellWords(text: string, delimiters: string): string[] {
  const parts: string[] = [];
  let part: string | null = null;
  let quote = "";
  for (const c of text) {
    if (quote) {
      if (c === quote) quote = "";
      else part += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      part ??= "";
    } else if (delimiters.includes(c)) {
      if (part !== null) parts.push(part);
      part = null;
    } else part = (part ?? "") + c;
  }
  return part === null ? parts : [...parts, part];
}
