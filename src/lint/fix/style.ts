import { askModule } from "../../python/ask.ts";
import { leaves, only, restrict } from "../../python/logic/decide.ts";
import type { ModuleObj, Value } from "../../python/logic/values.ts";
import { contentOf } from "../../python/objects/items-of.ts";
import { STRONG } from "../../python/outside/variables.ts";
import type { Judge } from "../judge.ts";
import { type Reader, readsOf } from "./reads.ts";
import type { Edit } from "./text.ts";

export type Kind = "bool" | "int" | "list" | "text";

/** How a project writes `NAME = …` for a value of one kind. */
export interface Style {
  /** The expression; `otherwise` is Python text, used while the variable is not set. */
  write(setting: string, otherwise: string): string;
  /** The variable a setting is read from; null for values that are written down. */
  variable(setting: string): string | null;
  /** Names that must be bound where it is written. */
  needs: string[];
  /** A plain text of the environment is put into shape on the spot. */
  composed: boolean;
  /** What has to be written elsewhere besides. */
  declares?: { code: string; edit: Edit };
}

type Form = (name: string, otherwise: string) => string;

/** Reads nothing: the value stands in the file. */
export const WRITTEN: Style = {
  write: (_, otherwise) => otherwise,
  variable: () => null,
  needs: [],
  composed: false,
};

/**
 * The way this project reads variables of a kind, as it can be written at the end of a module. Each way is tried in
 * the evaluated module before it is taken; null where none gives the right value, or the project reads nothing.
 */
export function environmentStyle(j: Judge, module: ModuleObj, kind: Kind): Style | null {
  const known = styles.get(j) ?? new Map<Kind, Style | null>();
  styles.set(j, known);
  if (!known.has(kind)) known.set(kind, findStyle(j, module, kind));
  return known.get(kind) ?? null;
}

const styles = new WeakMap<Judge, Map<Kind, Style | null>>();

function findStyle(j: Judge, module: ModuleObj, kind: Kind): Style | null {
  const { readers, prefix, quote } = readsOf(j.evaluation);
  // The plain ways are many functions' last resort; of the others the most used tell the style.
  const tried = readers.filter((reader, i) => i < MOST_READERS || isPlain(reader.callee));
  for (const composed of [false, true])
    for (const reader of tried)
      for (const form of forms(reader, kind, composed)) {
        const write: Form = (setting, otherwise) =>
          form(`"${prefix}${setting}"`, otherwise).replaceAll('"', quote);
        if (!works(j, module, kind, write)) continue;
        return {
          write,
          variable: (setting) => `${prefix}${setting}`,
          needs: [reader.callee.split(".")[0] as string],
          composed,
        };
      }
  return null;
}

const MOST_READERS = 6;

/** Gives the text of the environment as it is. */
const isPlain = (callee: string): boolean => /(?:^|\.)(?:environ\.get|getenv)$/.test(callee);

/** The calls worth trying; `composed`: those that put a plain text into shape. */
function forms(reader: Reader, kind: Kind, composed: boolean): Form[] {
  const { callee } = reader;
  if (composed) return isPlain(callee) ? [plain(callee, kind)] : [];
  const method = { bool: "bool", int: "int", list: "list", text: "str" }[kind];
  const root = callee.replace(/\.\w+$/, "");
  const typed = `${root}.${method}`;
  if (kind === "text") return [(n) => `${callee}(${n})`, (n) => `${typed}(${n})`];
  const cast = { bool: "bool", int: "int", list: "Csv()" }[kind];
  const keyword = typeof reader.default === "object" ? (reader.default?.keyword ?? "default") : "default";
  if (kind === "list")
    return [(n) => `${typed}(${n})`, (n) => `${callee}(${n})`, (n) => `${callee}(${n}, cast=${cast})`];
  const byKeyword: Form = (n, d) => `${callee}(${n}, ${keyword}=${d})`;
  const byValue: Form = (n, d) => `${callee}(${n}, ${d})`;
  const byText: Form = (n, d) => `${callee}(${n}, ${asText(d)})`;
  const own =
    reader.default === "text"
      ? [byText, byValue, byKeyword]
      : reader.default === "value"
        ? [byValue, byKeyword, byText]
        : [byKeyword, byValue, byText];
  const byMethod: Form = (n, d) => `${typed}(${n}, ${keyword}=${d})`;
  const byCast: Form = (n, d) => `${callee}(${n}, ${keyword}=${d}, cast=${cast})`;
  return callee === typed ? [...own, byMethod, byCast] : [byMethod, ...own, byCast];
}

const asText = (value: string): string => (/^\w+$/.test(value) ? `"${value}"` : `str(${value})`);

function plain(callee: string, kind: Kind): Form {
  switch (kind) {
    case "bool":
      return (n, d) => `${callee}(${n}, ${asText(d)}).lower() in ("1", "true", "yes")`;
    case "int":
      return (n, d) => `int(${callee}(${n}, ${asText(d)}))`;
    case "list":
      return (n) => `[host.strip() for host in ${callee}(${n}, "").split(",") if host.strip()]`;
    default:
      return (n) => (callee.endsWith("environ.get") ? `${callee.slice(0, -4)}[${n}]` : `${callee}(${n})`);
  }
}

/** Does it give the default while unset, and what is asked for when set? */
function works(j: Judge, module: ModuleObj, kind: Kind, write: Form): boolean {
  const setting = `DJDEPLOY_PROBE_${j.m.variables.length}`;
  const variable = `${readsOf(j.evaluation).prefix}${setting}`;
  const { m } = j;
  const value = askModule(m, module, write(setting, kind === "int" ? "3600" : "True"));
  const at = m.byName.get(variable);
  if (value === null || at === undefined) return false;
  const given = (text: string | null): Value | null => {
    const read = m.variables[at];
    const i = read?.kind === "env" ? read.values.findIndex((one) => one.text === text) : -1;
    return i < 0 ? null : restrict(value, only(at, 1 << i));
  };
  const isFlag = (text: string | null, flag: boolean): boolean => {
    const v = given(text);
    return v !== null && leaves(v).every((o) => o.t === "bool" && o.v === flag);
  };
  const isNumber = (text: string | null, n: number): boolean => {
    const v = given(text);
    return v !== null && leaves(v).every((o) => o.t === "num" && o.v === n);
  };
  switch (kind) {
    case "bool":
      return isFlag(null, true) && isFlag("True", true) && isFlag("False", false);
    case "int":
      return isNumber(null, 3600) && isNumber("31536000", 31536000);
    case "list": {
      const v = given("www.example.com");
      const content = v && v.t !== "choice" ? contentOf(v) : null;
      return (
        content?.t === "tuple" && content.items.length === 1 && isText(content.items[0], "www.example.com")
      );
    }
    default:
      // Without the variable it must not load.
      return isText(given(STRONG), STRONG) && leaves(value).every((o) => o.t === "str");
  }
}

const isText = (v: Value | null | undefined, text: string): boolean => v?.t === "str" && v.v === text;
