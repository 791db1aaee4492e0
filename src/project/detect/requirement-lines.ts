/** One logical line of a requirements file (continued lines joined, comments gone). */
export interface RequirementLine {
  /** From 1. */
  line: number;
  kind: "requirement" | "include" | "constraint" | "editable" | "local" | "option";
  /** The requirement, or the included file, or the path. */
  text: string;
  /** Only requirements: normalised name and, where pinned by ==, its version. */
  name?: string;
  version?: string | null;
  hashed?: boolean;
  /** Where it is installed at all (PEP 508): `sys_platform == "win32"`. */
  marker?: string;
}

/** PEP 503: `Django_Stubs` and `django-stubs` are one package. */
export function packageName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Reads requirements.txt syntax as pip does: https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function parseRequirements(text: string): RequirementLine[] {
  return logicalLines(text).map(({ line, text }) => ({ line, ...classify(text) }));
}

/** Of Python's splitlines(), without the separators of teletypes. */
const lineEnds = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;

function logicalLines(text: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  let joined = "";
  let start = 0;
  text.split(lineEnds).forEach((raw, index) => {
    const comment = /^\s*#/.test(raw);
    if (joined === "") start = index + 1;
    if (!comment && raw.endsWith("\\")) {
      joined += raw.replace(/^\\+|\\+$/g, "");
      return;
    }
    const whole = `${joined}${comment ? "" : raw}`.replace(/(?:^|\s+)#.*$/, "").trim();
    joined = "";
    if (whole !== "") lines.push({ line: start, text: whole });
  });
  if (joined.trim() !== "") lines.push({ line: start, text: joined.trim() });
  return lines;
}

function classify(text: string): Omit<RequirementLine, "line"> {
  const option = /^(-[a-zA-Z]|--[a-z-]+)(?:\s*=\s*|\s+|(?<=^-[a-zA-Z])(?=\S)|$)(.*)$/.exec(text);
  if (option) {
    const [, name, value = ""] = option;
    const path = firstWord(value);
    if (name === "-r" || name === "--requirement") return { kind: "include", text: path };
    if (name === "-c" || name === "--constraint") return { kind: "constraint", text: path };
    if (name === "-e" || name === "--editable") return { kind: "editable", text: path };
    return { kind: "option", text };
  }
  if (isLocal(text)) return { kind: "local", text };
  return requirement(text);
}

/** The value of an option, as pip's shlex takes it: quotes and backslashes mean what they mean in a shell; one value, no more. */
function firstWord(text: string): string {
  const word = /^(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/.exec(text.trim())?.[0] ?? "";
  return word.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_, double, single, one) =>
    double !== undefined ? double.replace(/\\(["\\])/g, "$1") : (single ?? one),
  );
}

/** `.`, `./x`, `x/y`, `/x`, `x.whl`, `file:…`, `name @ file:…`. */
function isLocal(text: string): boolean {
  const [first = ""] = text.split(/[\s;]/);
  if (/^file:/.test(first) || /@\s*(?:file:|\.{0,2}\/)/.test(text)) return true;
  if (/^[a-z+]+:\/\//i.test(first) || /^[\w.-]+(?:\[[^\]]*\])?@/.test(first)) return false;
  return /^\.{1,2}(?:\/|$|\[)/.test(first) || first.includes("/") || /\.(?:whl|zip|tar\.gz)$/.test(first);
}

function requirement(text: string): Omit<RequirementLine, "line"> {
  const hashed = /\s--hash[= ]/.test(text);
  const bare = text.replace(/\s--[a-z-]+(?:[= ]\S+)?/g, "").trim();
  const parts = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*([^;]*)/.exec(bare);
  const egg = /[#&]egg=([\w.-]+)/.exec(bare)?.[1];
  const url = /^[a-z+]+:\/\//i.test(bare);
  const name = url ? egg : parts?.[1];
  const marker = /;\s*(.*)$/.exec(url ? "" : bare)?.[1];
  const where = marker ? { marker } : {};
  const version = url
    ? null
    : (/^\(?\s*={2,3}\s*([^\s,*)]+)\s*\)?$/.exec(parts?.[2]?.trim() ?? "")?.[1] ?? null);
  return name === undefined
    ? { kind: "requirement", text, hashed }
    : { kind: "requirement", text, name: packageName(name), version, hashed, ...where };
}
