import { usageError } from "../../errors.ts";
import { joined } from "../paths.ts";
import type { Tree } from "../tree.ts";
import type { Detected, Project } from "../types.ts";
import { starImports } from "./fragment.ts";
import { moduleFile } from "./module-file.ts";
import { findAll } from "./python-text.ts";

type Interface = Project["interface"];

/** The WSGI and the ASGI application that the project has, each with its evidence. */
export interface Applications {
  wsgi: Detected<string> | null;
  asgi: Detected<string> | null;
}

/** `tute.wsgi.application` and `tute.wsgi:application` are the same; without a name it is `application`. */
export function applicationName(text: string): string {
  if (text.includes(":")) return text;
  const dot = text.lastIndexOf(".");
  return /[.](?:application|app)$/.test(text)
    ? `${text.slice(0, dot)}:${text.slice(dot + 1)}`
    : `${text}:application`;
}

/** Looks at WSGI_APPLICATION and ASGI_APPLICATION of the settings and what they import, then for wsgi.py and asgi.py. */
export async function findApplications(tree: Tree, root: string, settings: string): Promise<Applications> {
  const declared = await declaredApplications(tree, root, settings);
  return {
    wsgi: declared.wsgi ?? (await byFile(tree, root, settings, "wsgi")),
    asgi: declared.asgi ?? (await byFile(tree, root, settings, "asgi")),
  };
}

/** The application that is served: djdeploy.yml's, else the one of the wanted interface, else the other one. */
export function chooseApplication(
  tree: Tree,
  root: string,
  found: Applications,
  wanted: Interface,
  configured: string | null,
): { application: Detected<string>; interface: Interface } {
  if (configured !== null) {
    const value = applicationName(configured);
    const module = value.split(":")[0]!;
    if (!moduleFile(tree, root, module))
      throw usageError(
        "project.no-application",
        `The application's module ${module} is not in the revision`,
        {
          expected: `${joined(root, module.replaceAll(".", "/"))}.py (from django.application in djdeploy.yml)`,
          hint: "commit the file, or correct django.application",
        },
      );
    const kind = /asgi/.test(value) ? "asgi" : /wsgi/.test(value) ? "wsgi" : wanted;
    return {
      application: { value, evidence: "given by django.application in djdeploy.yml" },
      interface: kind,
    };
  }
  const other = wanted === "wsgi" ? "asgi" : "wsgi";
  if (found[wanted]) return { application: found[wanted], interface: wanted };
  if (found[other]) return { application: found[other], interface: other };
  throw usageError("project.no-application", "No WSGI or ASGI application was found", {
    expected: "WSGI_APPLICATION in the settings, or a wsgi.py beside them",
    hint: "add to djdeploy.yml: `django: {application: yourproject.wsgi:application}`",
  });
}

async function declaredApplications(tree: Tree, root: string, settings: string): Promise<Applications> {
  const found: Applications = { wsgi: null, asgi: null };
  const queue = [settings];
  for (let at = 0; at < queue.length && at < 20; at++) {
    const module = queue[at]!;
    const file = moduleFile(tree, root, module);
    if (!file) continue;
    const text = (await tree.text(file)) ?? "";
    for (const kind of ["wsgi", "asgi"] as const) {
      const pattern = new RegExp(`^${kind.toUpperCase()}_APPLICATION\\s*=\\s*["']([\\w.]+)["']`, "gm");
      const last = findAll(text, pattern).at(-1);
      if (!last || found[kind]) continue;
      const value = applicationName(last.value);
      if (moduleFile(tree, root, value.split(":")[0]!))
        found[kind] = { value, evidence: `detected from ${file}:${last.line}` };
    }
    for (const base of starImports(text, module, file)) if (!queue.includes(base)) queue.push(base);
  }
  return found;
}

async function byFile(
  tree: Tree,
  root: string,
  settings: string,
  kind: Interface,
): Promise<Detected<string> | null> {
  const start = root === "." ? "" : `${root}/`;
  const parents = settings.split(".").map((_, index, parts) => parts.slice(0, parts.length - index - 1));
  const beside = parents.map((parts) => joined(root, ...parts, `${kind}.py`));
  const anywhere = [...tree.entries.keys()].filter(
    (path) =>
      path.startsWith(start) && new RegExp(`^(?:[^/]+/){0,2}${kind}\\.py$`).test(path.slice(start.length)),
  );
  for (const file of [...beside, ...anywhere]) {
    const named = findAll((await tree.text(file)) ?? "", /^(application|app)\s*(?::[^=\n]+)?=/gm)[0];
    if (!named) continue;
    const module = file.slice(start.length).replace(/\.py$/, "").replaceAll("/", ".");
    return { value: `${module}:${named.value}`, evidence: `detected from ${file}:${named.line}` };
  }
  return null;
}
