/** posixpath: pure functions on text, as Python's. */

export function joinPath(...parts: string[]): string {
  let out = "";
  for (const part of parts) {
    if (part.startsWith("/")) out = part;
    else if (out === "" || out.endsWith("/")) out += part;
    else out += `/${part}`;
  }
  return out;
}

export function normPath(path: string): string {
  if (path === "") return ".";
  const absolute = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (!absolute) out.push("..");
  }
  const text = out.join("/");
  return absolute ? `/${text}` : text || ".";
}

export function dirName(path: string): string {
  const cut = path.lastIndexOf("/");
  if (cut < 0) return "";
  const head = path.slice(0, cut + 1);
  return /^\/+$/.test(head) ? head : head.replace(/\/+$/, "");
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function splitExtension(path: string): [string, string] {
  const base = baseName(path);
  const dot = base.lastIndexOf(".");
  if (dot <= 0 || /^\.*$/.test(base.slice(0, dot))) return [path, ""];
  return [path.slice(0, path.length - (base.length - dot)), base.slice(dot)];
}

/** What pathlib makes of text: no doubled or final slashes, no single dots. */
export function cleanPath(path: string): string {
  const absolute = path.startsWith("/");
  const parts = path.split("/").filter((p) => p !== "" && p !== ".");
  return (absolute ? "/" : "") + parts.join("/") || ".";
}

/** `a` as seen from `from`; both absolute, or both relative to one folder. */
export function relativePath(a: string, from: string): string {
  const [x = [], y = []] = [a, from].map((path) =>
    normPath(path)
      .split("/")
      .filter((p) => p && p !== "."),
  );
  let i = 0;
  while (i < x.length && x[i] === y[i]) i++;
  return [...Array(y.length - i).fill(".."), ...x.slice(i)].join("/") || ".";
}

/** fnmatch and glob patterns as the source of a regular expression; `**` crosses folders. */
export function globPattern(pattern: string): string {
  let out = "";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === "*" && pattern[i + 1] === "*") {
      out += pattern[i + 2] === "/" ? "(?:.*/)?" : ".*";
      i += pattern[i + 2] === "/" ? 2 : 1;
    } else if (c === "*") out += "[^/]*";
    else if (c === "?") out += "[^/]";
    else if (c === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end < 0) out += "\\[";
      else {
        out += `[${pattern
          .slice(i + 1, end)
          .replace(/^!/, "^")
          .replace(/\\/g, "\\\\")}]`;
        i = end;
      }
    } else out += c.replace(/[.+^${}()|\\]/g, "\\$&");
  }
  return `^${out}$`;
}
