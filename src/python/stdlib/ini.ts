import { pure } from "../logic/apply.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import { list, NONE, type Obj, str, tuple, unknown, type Value } from "../logic/values.ts";
import { inRepository, inTree } from "../outside/project-files.ts";

/** A line of an ini file that counts: a section, an option, or what configparser refuses. */
export type IniRow =
  | { kind: "section"; name: string }
  | { kind: "option"; name: string; value: string | null }
  | { kind: "headless" | "unreadable" };

/** What Python's strip() and JavaScript's trim() disagree about, and what versions of Python do. */
const divided = (text: string): boolean =>
  /[\u0085\u2028\u2029\ufeff]|\r(?!\n)/.test(text) || /[^\P{Cc}\t\n\r]/u.test(text);

/**
 * The rows of an ini file as configparser reads it with its own delimiters and comments (CPython 3.8 to 3.14,
 * Lib/configparser.py, `_read`). Null for what these versions read differently.
 */
export function iniRows(text: string, allowNoValue: boolean): IniRow[] | null {
  if (divided(text)) return null;
  const rows: IniRow[] = [];
  let open: { name: string; parts: string[] | null } | null = null;
  let headed = false;
  let indent = 0;
  const close = (): void => {
    if (open) rows.push({ kind: "option", name: open.name, value: open.parts?.join("\n").trimEnd() ?? null });
    open = null;
  };
  let unreadable = false;
  for (const line of text.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n")) {
    const value = line.trim();
    if (/^[#;]/.test(value)) continue;
    const current = open as { name: string; parts: string[] | null } | null;
    if (value === "") {
      current?.parts?.push("");
      continue;
    }
    const own = line.search(/\S/);
    if (headed && current && own > indent) {
      // An option without a value that goes on: an AttributeError of older Pythons.
      if (!current.parts) return null;
      current.parts.push(value);
      continue;
    }
    indent = own;
    if (/^\[.+\]/.test(value)) {
      // `[a]b]`: older Pythons end the name at the first bracket.
      if (value.indexOf("]") !== value.lastIndexOf("]")) return null;
      close();
      headed = true;
      rows.push({ kind: "section", name: value.slice(1, value.indexOf("]")) });
    } else if (!headed) return [{ kind: "headless" }];
    else {
      close();
      const option = /^(.*?)\s*(?:[=:]\s*(.*))?$/.exec(value);
      const [, name = "", given] = option ?? [];
      // Python goes on to read, and refuses at the end.
      if (name === "") return null;
      if (!option || (given === undefined && !allowNoValue)) unreadable = true;
      else open = { name: name.trimEnd(), parts: given === undefined ? null : [given.trim()] };
    }
  }
  close();
  return unreadable ? [...rows, { kind: "unreadable" }] : rows;
}

/** What the model of configparser asks: `from _djdeploy import ini_files, ini_text, ini_rows`. */
export function iniHooks(m: Machine): Record<string, (args: Value[]) => Value> {
  const asked = (path: Obj): string => (path.t === "str" || path.t === "path" ? path.v : "a file");
  return {
    // ini_files(filenames): one path as a list of it.
    ini_files: ([v = NONE]) =>
      pure(m, [v], ([o]) => (o?.t === "str" || o?.t === "path" ? list([o], m.pc) : (o as Obj))),
    // ini_text(path): the text of a file of the repository; what another holds, and whether it is there, is not known.
    ini_text: ([v = NONE]) =>
      pure(m, [v], ([o]) => {
        const path = o as Obj;
        const own = path.t === "str" || path.t === "path" ? inTree(m, path.v) : null;
        const there = own !== null && inRepository(m, asked(path)) === "file";
        const text = there ? m.tree.read(own) : null;
        return text === null ? unknown(`${asked(path)} is not in the repository`) : str(text);
      }),
    ini_rows: ([v = NONE, allowNoValue]) =>
      pure(m, [v, allowNoValue ?? NONE], ([o, allow]) => {
        if (o?.t !== "str") return unknown(o?.t === "unknown" ? o.reason : "what configparser reads");
        if (allow?.t !== "bool") return unknown("what configparser reads");
        const rows = iniRows(o.v, allow.v);
        if (!rows) return gap("a file that Pythons read differently");
        return list(
          rows.map((row) =>
            row.kind === "section" || row.kind === "option"
              ? tuple([
                  str(row.kind),
                  str(row.name),
                  row.kind === "option" && row.value !== null ? str(row.value) : NONE,
                ])
              : tuple([str(row.kind), NONE, NONE]),
          ),
          m.pc,
        );
      }),
  };
}
