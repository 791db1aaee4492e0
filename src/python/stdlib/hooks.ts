import { each, pure } from "../logic/apply.ts";
import { ite, toCondition } from "../logic/decide.ts";
import { type Machine, note } from "../logic/machine.ts";
import { raiseProven } from "../logic/outcomes.ts";
import { lacksAttribute } from "../logic/proofs.ts";
import { forgetScope } from "../logic/scopes.ts";
import type { Value } from "../logic/values.ts";
import { dict, list, NONE, namespaceDict, native, str, unknown } from "../logic/values.ts";
import { narrow } from "../logic/worlds.ts";
import { hostMaySet } from "../outside/host-settings.ts";
import { inRepository, inTree } from "../outside/project-files.ts";
import { like, readEnv, writeEnv } from "../outside/variables.ts";
import { dirName, joinPath } from "../source/paths.ts";
import { type EnvFileStyle, parseEnvFile } from "./env-files.ts";
import { defaultText } from "./environment.ts";
import { iniHooks } from "./ini.ts";

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
        if (own !== null) m.core.executeFile(m, module, own);
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
    // The same of a file that only the host may have: what it holds is not known then.
    read_host_env_file: native("read_host_env_file", ([path = NONE, style]) => {
      const d = dict(m.pc);
      const own = path.t === "str" ? inTree(m, path.v) : null;
      if (own === null || m.tree.read(own) === null)
        d.open = unknown(`what ${path.t === "str" && path.v ? path.v : "a file"} holds on the host`);
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
