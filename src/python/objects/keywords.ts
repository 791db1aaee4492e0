import type { Value } from "../logic/values.ts";

const PATH = ["path|p|s|filename"];

/** The parameters, in order, of functions that callers also give by name; `|`: other functions of the same name. */
const PARAMETERS: Record<string, string[]> = {
  open: ["file", "mode"],
  getenv: ["key", "default"],
  get: ["key", "default"],
  pop: ["key", "default"],
  setdefault: ["key", "default|value"],
  load: ["fp|stream|f"],
  loads: ["s"],
  import_module: ["name", "package"],
  token_hex: ["nbytes"],
  token_urlsafe: ["nbytes"],
  get_random_string: ["length"],
  urlparse: ["url"],
  urlsplit: ["url"],
  split: ["sep|pattern", "maxsplit|string"],
  rsplit: ["sep", "maxsplit"],
  enumerate: ["iterable", "start"],
  sub: ["pattern|repl", "repl|string", "string"],
  match: ["pattern|string", "string"],
  search: ["pattern|string", "string"],
  fullmatch: ["pattern|string", "string"],
  compile: ["pattern"],
  literal_eval: ["node_or_string"],
  makedirs: ["name"],
  exists: PATH,
  isfile: PATH,
  isdir: PATH,
  abspath: PATH,
  realpath: PATH,
  normpath: PATH,
  expanduser: PATH,
  dirname: PATH,
  basename: PATH,
};

/** Puts the arguments that were given by name where the function expects them; the rest stays with its name. */
export function inOrder(name: string, args: Value[], kwargs: Map<string, Value>): Value[] {
  const parameters = Object.hasOwn(PARAMETERS, name) && kwargs.size > 0 ? PARAMETERS[name] : undefined;
  if (!parameters) return args;
  const out = [...args];
  for (const names of parameters.slice(args.length)) {
    const given = names.split("|").find((n) => kwargs.has(n));
    if (given === undefined) break;
    out.push(kwargs.get(given) as Value);
  }
  return out;
}
