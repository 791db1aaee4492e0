import { type Evaluation, evaluateSettings } from "../python/evaluate.ts";
import { cases } from "../python/logic/decide.ts";
import type { Obj, Place, Value } from "../python/logic/values.ts";
import { FALSE, MISSING, str, TRUE } from "../python/logic/values.ts";
import type { SourceTree } from "../python/source/tree.ts";
import { holds, type Judge } from "./judge.ts";
import { declaredPackages } from "./packages.ts";
import type { Check } from "./rule.ts";

/** What Gunicorn is told, by djdeploy.yml's `server.args` and by gunicorn.conf.py, as a deploy starts it. */
export interface Gunicorn {
  /** The configuration file, null without one. */
  file: string | null;
  evaluation: Evaluation | null;
  /** A setting by Gunicorn's name: the command line's, else the file's; MISSING where neither says. */
  get(name: string): Told;
  /** Only what the file says, where the command line of a deploy wins. */
  inFile(name: string): Told;
}

export interface Told {
  value: Value;
  place: Place;
  /** The variables that the value is about: the file's. */
  of: Evaluation | null;
}

/** Command line options by the setting they stand for (docs.gunicorn.org, settings). */
const OPTIONS: Record<string, string> = {
  "-b": "bind",
  "-w": "workers",
  "-k": "worker_class",
  "-t": "timeout",
  "-c": "config",
  "-p": "pidfile",
  "-e": "raw_env",
  "-D": "daemon",
  "--pid": "pidfile",
  "--env": "raw_env",
  "--log-file": "errorlog",
  "--error-logfile": "errorlog",
  "--access-logfile": "accesslog",
  "--preload": "preload_app",
};
const FLAGS = new Set(["reload", "preload_app", "daemon", "capture_output", "check_config"]);
/** What a deploy's own command line says. */
export const OURS = ["bind", "workers", "graceful_timeout", "worker_tmp_dir", "accesslog"];

const MODULE = "djdeploy_gunicorn_conf";
const known = new WeakMap<Evaluation, Gunicorn | null>();

/** Null where something else than Gunicorn serves, or nothing says how. */
export function gunicornOf(j: Judge): Gunicorn | null {
  const before = known.get(j.evaluation);
  if (before !== undefined) return before;
  const made = read(j);
  known.set(j.evaluation, made);
  return made;
}

function read(j: Judge): Gunicorn | null {
  const { server = "gunicorn", args = [] } = j.input.deployment ?? {};
  if (server !== "gunicorn") return null;
  const given = optionsOf([...words(j.input.environment?.GUNICORN_CMD_ARGS ?? ""), ...args]);
  const file = configFile(j, given.get("config"));
  if (file === null && given.size === 0) return null;
  const evaluation = file === null ? null : evaluateFile(j, file);
  const scope = evaluation?.machine.modules.get(MODULE)?.module.scope;
  const inFile = (name: string): Told => {
    const where = scope?.places?.get(name);
    const found = where ? cases(where).find(({ leaf }) => leaf.t === "place")?.leaf : undefined;
    const line = found?.t === "place" ? found.line : 1;
    return {
      value: scope?.slots.get(name) ?? MISSING,
      place: { t: "place", file: file ?? "djdeploy.yml", line, column: 1 },
      of: evaluation,
    };
  };
  const get = (name: string): Told => {
    const value = given.get(name);
    if (value === undefined) return inFile(name);
    return { value, place: { t: "place", file: "djdeploy.yml", line: 1, column: 1 }, of: null };
  };
  return { file, evaluation, get, inFile };
}

/** `-c FILE`, else ./gunicorn.conf.py in the folder that the server is started from. */
function configFile(j: Judge, named: Obj | undefined): string | null {
  const root = (j.input.root ?? ".").replace(/^\.\/?/, "").replace(/\/$/, "");
  const name = named?.t === "str" ? named.v.replace(/^file:/, "").replace(/^\.\//, "") : "gunicorn.conf.py";
  const path = root ? `${root}/${name}` : name;
  return j.input.files.read(path) === null ? null : path;
}

/** Evaluates the file under a module name of its own: its real one has a dot in it. */
function evaluateFile(j: Judge, file: string): Evaluation {
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "";
  const alias = `${folder ? `${folder}/` : ""}${MODULE}.py`;
  const tree: SourceTree = {
    list: () => [...j.input.files.list(), alias],
    read: (path) => j.input.files.read(path === alias ? file : path),
  };
  return evaluateSettings({
    tree,
    settingsModule: MODULE,
    root: folder,
    djangoVersion: j.input.djangoVersion,
    environment: j.input.environment ?? {},
    provided: j.input.provided ?? [],
    packages: declaredPackages(j.input.files),
  });
}

function optionsOf(args: string[]): Map<string, Obj> {
  const found = new Map<string, Obj>();
  for (let i = 0; i < args.length; i++) {
    const [word = "", inline] = (args[i] as string).split(/=(.*)/s) as [string, string?];
    if (!word.startsWith("-")) continue;
    const name = OPTIONS[word] ?? word.replace(/^--/, "").replace(/-/g, "_");
    if (FLAGS.has(name)) found.set(name, TRUE);
    else if (inline !== undefined) found.set(name, str(inline));
    else if (args[i + 1] !== undefined) found.set(name, str(args[++i] as string));
  }
  return found;
}

/** A shell's words; quotes are all that GUNICORN_CMD_ARGS needs. */
function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
}

/** A check about one setting of Gunicorn. */
export function told(
  j: Judge,
  { value, place, of }: Told,
  test: (o: Obj) => boolean,
  question: string,
  message: string,
): Check[] {
  if (value.t === "missing") return [];
  const when = of ? within(of, j, value, test, question) : test(value as Obj) ? TRUE : FALSE;
  return [{ when, message, place, ...(of ? { of } : {}) }];
}

function within(of: Evaluation, j: Judge, v: Value, test: (o: Obj) => boolean, question: string): Value {
  return holds({ ...j, m: of.machine, evaluation: of }, v, test, question);
}

/** A number, also one that the command line gives as text. */
export function numberIn(o: Obj): number | null {
  if (o.t === "num") return o.v;
  return o.t === "str" && /^\d+$/.test(o.v) ? Number(o.v) : null;
}

export const textIn = (o: Obj): string | null => (o.t === "str" || o.t === "path" ? o.v : null);
