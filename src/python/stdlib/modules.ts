import { each, pure } from "../logic/apply.ts";
import { type Machine, note } from "../logic/machine.ts";
import { gap, raise } from "../logic/outcomes.ts";
import type { Class, Unknown, Value } from "../logic/values.ts";
import { bool, list, NONE, num, scope, str, textOrBytes, tuple, unknown } from "../logic/values.ts";
import { like } from "../outside/variables.ts";
import { COLLECTIONS } from "./collections.ts";
import { type Entries, fn } from "./entries.ts";
import { parseData, readText } from "./files.ts";
import {
  copied,
  literal,
  made,
  members,
  partial,
  propertyLike,
  reduce,
  sysModules,
  timedelta,
} from "./objects.ts";
import { globTree } from "./pathlib.ts";
import { RANDOM } from "./random.ts";
import { reModule } from "./regex.ts";
import { resourceModule } from "./resource.ts";
import { urlModule } from "./urls.ts";

const same = (name: string): [string, Value] => [name, fn(name, ([v = NONE]) => v)];

const nothing = (name: string): [string, Value] => [name, fn(name, () => NONE)];

/** An object whose class tells what it is and of which nothing else is known. */
function opaque(name: string, facts: Partial<Unknown> = {}): Value {
  return unknown(name, { truthy: true, ...facts });
}

/** tomllib, tomli and toml: the same two functions, for a file or a text. */
function tomlModule(m: Machine, error: string): Entries {
  const loads = fn("loads", ([v = NONE]) => parseData(m, v, "toml", "TOMLDecodeError"));
  const load = fn("load", ([v = NONE]) =>
    parseData(m, v.t === "str" || v.t === "path" ? readText(m, v) : v, "toml", "TOMLDecodeError"),
  );
  return { load, loads, [error]: m.exceptions.get("TOMLDecodeError") as Value };
}

/** `textwrap.dedent`: the blanks that all lines begin with go, and lines of blanks become empty. */
function dedented(text: string): string {
  if (/\r|[^\0-\x7f]|\t/.test(text)) return gap("dedent()", { type: "str" });
  const plain = text.replace(/^ +$/gm, "");
  const margins = plain
    .split("\n")
    .filter(Boolean)
    .map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins);
  return margins.length === 0 || margin === 0 ? plain : plain.replace(new RegExp(`^ {${margin}}`, "gm"), "");
}

/** Modules of the standard library that settings use, by name. */
export const NATIVE: Record<string, (m: Machine) => Entries> = {
  ...RANDOM,
  ...COLLECTIONS,
  sys: (m) => ({
    path: m.sysPath,
    argv: list([str("/srv/site/venv/bin/gunicorn"), str(m.settingsModule)]),
    platform: str("linux"),
    version_info: {
      ...tuple([
        num(m.python[0]),
        num(m.python[1]),
        unknown("sys.version_info", { type: "int" }),
        str("final"),
        num(0),
      ]),
      fields: ["major", "minor", "micro", "releaselevel", "serial"],
    },
    version: unknown("sys.version", { type: "str", truthy: true }),
    modules: sysModules(m),
    maxsize: unknown("sys.maxsize", { type: "int", truthy: true }),
    prefix: unknown("sys.prefix", { type: "str", truthy: true }),
    base_prefix: unknown("sys.base_prefix", { type: "str", truthy: true }),
    executable: unknown("sys.executable", { type: "str", truthy: true }),
    exit: fn("exit", () => raise(m, "SystemExit", "sys.exit()")),
    getdefaultencoding: fn("getdefaultencoding", () => str("utf-8")),
  }),
  json: (m) => ({
    loads: fn("loads", ([v = NONE]) => {
      like(m, v, ['["www.example.com"]', "{}"]);
      like(m, v, ['["site.example.org", "example.org"]', '{"key": "value"}']);
      return parseData(m, v, "json", "JSONDecodeError");
    }),
    load: fn("load", ([f = NONE]) => parseData(m, f, "json", "JSONDecodeError")),
    dumps: fn("dumps", () => gap("json.dumps()", { type: "str", truthy: true })),
    JSONDecodeError: m.exceptions.get("JSONDecodeError") as Value,
  }),
  yaml: (m) => {
    const load = fn("load", ([f = NONE]) => parseData(m, f, "yaml", "YAMLError"));
    return { load, safe_load: load, full_load: load, YAMLError: m.exceptions.get("YAMLError") as Value };
  },
  tomllib: (m) => tomlModule(m, "TOMLDecodeError"),
  tomli: (m) => tomlModule(m, "TOMLDecodeError"),
  toml: (m) => tomlModule(m, "TomlDecodeError"),
  re: (m) => reModule(m),
  resource: resourceModule,
  "urllib.parse": (m) => urlModule(m),
  socket: () => ({
    gethostname: fn("gethostname", () => unknown("the name of the host", { type: "str", truthy: true })),
    getfqdn: fn("getfqdn", () => unknown("the name of the host", { type: "str", truthy: true })),
    gethostbyname: fn("gethostbyname", () =>
      unknown("an address of the host", { type: "str", truthy: true }),
    ),
  }),
  platform: () => ({
    system: fn("system", () => str("Linux")),
    node: fn("node", () => unknown("the name of the host", { type: "str", truthy: true })),
  }),
  string: () => ({
    ascii_letters: str("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ascii_lowercase: str("abcdefghijklmnopqrstuvwxyz"),
    ascii_uppercase: str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    digits: str("0123456789"),
    punctuation: str("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
  }),
  importlib: (m) => ({
    import_module: fn("import_module", ([name = NONE, pack], kwargs) =>
      m.core.importByName(m, name, pack ?? kwargs.get("package") ?? NONE),
    ),
    reload: fn("reload", ([v = NONE]) => v),
  }),
  enum: () => {
    const base: Class = { t: "class", name: "Enum", bases: [], unknownBase: null, scope: scope() };
    const kind = (name: string): Class => ({
      t: "class",
      name,
      bases: [base],
      unknownBase: null,
      scope: scope(),
    });
    return {
      Enum: base,
      IntEnum: kind("IntEnum"),
      StrEnum: kind("StrEnum"),
      Flag: kind("Flag"),
      auto: fn("auto", () => gap("auto()")),
    };
  },
  inspect: (m) => ({ getmembers: fn("getmembers", ([o = NONE]) => members(m, o)) }),
  datetime: (m) => ({ timedelta: timedelta(m) }),
  functools: (m) => ({
    partial: partial(),
    wraps: fn("wraps", () => fn("wraps()", ([v = NONE]) => v)),
    lru_cache: fn("lru_cache", ([v]) => (v?.t === "func" ? v : fn("lru_cache()", ([f = NONE]) => f))),
    cache: same("cache")[1],
    cached_property: propertyLike(m),
    reduce: fn("reduce", ([f = NONE, items = NONE, start]) => reduce(m, f, items, start)),
  }),
  contextlib: () => {
    const suppress: Class = { t: "class", name: "suppress", bases: [], unknownBase: null, scope: scope() };
    suppress.construct = (args) => made(suppress, { types: tuple(args) });
    return { suppress, contextmanager: fn("contextmanager", ([v = NONE]) => v) };
  },
  copy: (m) => ({
    copy: fn("copy", ([v = NONE, ...more]) => (more.length > 0 ? gap("copy()") : copied(m, v, false))),
    deepcopy: fn("deepcopy", ([v = NONE, ...more]) =>
      more.length > 0 ? gap("deepcopy()") : copied(m, v, true),
    ),
  }),
  ast: (m) => ({
    literal_eval: fn("literal_eval", ([v = NONE]) => {
      like(m, v, ['["www.example.com"]', '["site.example.org", "example.org"]']);
      return literal(m, v);
    }),
  }),
  warnings: () => Object.fromEntries(["warn", "filterwarnings", "simplefilter"].map(nothing)),
  typing: () => ({
    TYPE_CHECKING: bool(false),
    ...Object.fromEntries([["cast", fn("cast", ([, v = NONE]) => v)]]),
  }),
  logging: () => ({
    DEBUG: num(10),
    INFO: num(20),
    WARNING: num(30),
    WARN: num(30),
    ERROR: num(40),
    CRITICAL: num(50),
    getLogger: fn("getLogger", () => opaque("a logger", { harmless: true })),
    ...Object.fromEntries(
      ["debug", "info", "warning", "error", "critical", "basicConfig", "disable", "captureWarnings"].map(
        nothing,
      ),
    ),
  }),
  glob: (m) => ({
    glob: fn("glob", ([v = NONE]) =>
      each(m, v, (o) => {
        if (o.t !== "str" && o.t !== "path") return unknown("files whose names are not known");
        const found = globTree(m, o.v);
        // As with a module that is not in the repository: what is there without it holds.
        if (found === null) note(m, "absent-file", o.v);
        return list((found ?? []).map(str), m.pc);
      }),
    ),
  }),
  base64: (m) => ({
    b64encode: fn("b64encode", ([v = NONE, ...more]) =>
      pure(m, [v], ([o]) =>
        o?.t === "bytes" && more.length === 0
          ? textOrBytes("bytes", Buffer.from(o.v, "latin1").toString("base64"))
          : gap("b64encode()", { type: "bytes" }),
      ),
    ),
    b64decode: fn("b64decode", ([v = NONE]) =>
      pure(m, [v], ([o]) =>
        (o?.t === "str" || o?.t === "bytes") && o.v.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(o.v)
          ? textOrBytes("bytes", Buffer.from(o.v, "base64").toString("latin1"))
          : gap("b64decode()", { type: "bytes" }),
      ),
    ),
  }),
  tempfile: () => ({
    gettempdir: fn("gettempdir", () =>
      unknown("the folder of temporary files", { type: "str", truthy: true }),
    ),
    mkdtemp: fn("mkdtemp", () => unknown("a temporary folder", { type: "str", truthy: true })),
  }),
  textwrap: (m) => ({
    dedent: fn("dedent", ([v = NONE]) =>
      pure(m, [v], ([o]) => (o?.t === "str" ? str(dedented(o.v)) : gap("dedent()"))),
    ),
  }),
  time: () => ({ time: fn("time", () => opaque("the time", { type: "float" })) }),
  uuid: () => ({ uuid4: fn("uuid4", () => opaque("uuid4()", { generated: true })) }),
  getpass: () => ({
    getuser: fn("getuser", () => unknown("the user's name", { type: "str", truthy: true })),
  }),
};
