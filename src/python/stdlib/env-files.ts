/** The libraries read `.env` files by rules of their own. */
export type EnvFileStyle = "dotenv" | "environ" | "decouple";

/** Names and values of a `.env` file as a library reads them; lines that it does not understand are left out. */
export function parseEnvFile(text: string, style: EnvFileStyle): [string, string][] {
  if (style === "dotenv") return dotenv(text);
  return text.split(/\r?\n/).flatMap((line) => (style === "environ" ? environ(line) : decouple(line)));
}

/** django-environ 0.14: no blanks round `=`, comments are part of the value. */
function environ(line: string): [string, string][] {
  const [, name, raw = ""] = /^(?:export )?([A-Za-z_0-9]+)=(.*)$/.exec(line) ?? [];
  if (name === undefined) return [];
  const double = /^"(.*)"$/.exec(/^'(.*)'$/.exec(raw)?.[1] ?? raw)?.[1];
  const value = double?.replace(/\\(.)/g, (all, c: string) => (/[rnt]/.test(c) ? all : c));
  return [[name, value ?? /^'(.*)'$/.exec(raw)?.[1] ?? raw]];
}

/** python-decouple 3.8: blanks are stripped, comments only count at the start of a line. */
function decouple(line: string): [string, string][] {
  const own = line.trim();
  const cut = own.indexOf("=");
  if (own.startsWith("#") || cut < 0) return [];
  const value = own.slice(cut + 1).trim();
  return [[own.slice(0, cut).trim(), /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value]];
}

const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** python-dotenv 1: quoted values may go over lines, ` #` starts a comment, `${NAME:-default}` is put in. */
function dotenv(text: string): [string, string][] {
  const entry =
    /^[^\S\n]*(?:export[^\S\n]+)?(?:'([^']+)'|([^=#\s]+))[^\S\n]*=([^\S\n]*)(?:(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")[^\S\n]*(?:#[^\n]*)?|(?![^\S\n]*['"])([^\n]*))$/gmu;
  const found: [string, string][] = [];
  const known = new Map<string, string>();
  for (const [, quoted, plain, gap = "", single, double, rest = ""] of text
    .replace(/\r\n?/g, "\n")
    .matchAll(entry)) {
    const name = quoted ?? plain ?? "";
    const comment = gap !== "" && rest.startsWith("#");
    const raw =
      single?.replace(/\\([\\'])/g, "$1") ??
      double?.replace(/\\([\\'"abfnrtv])/g, (_all, c: string) => ESCAPES[c] ?? c) ??
      (comment ? "" : rest.replace(/\s+#.*/, "").trimEnd());
    const value = raw.replace(
      /\$\{([^}:]*)(?::-([^}]*))?\}/g,
      (_all, other: string, otherwise = "") => known.get(other) ?? otherwise,
    );
    known.set(name, value);
    found.push([name, value]);
  }
  return found;
}
