import type { Tree } from "../tree.ts";
import type { Detected } from "../types.ts";
import { findAll } from "./python-text.ts";

/**
 * What tells servers and containers their settings, in the order in which they are asked: workflows that deploy,
 * images, compose files, process lists, units of systemd and supervisord, and their environment files.
 */
const SOURCES: RegExp[] = [
  /^\.github\/workflows\/[^/]*(?:deploy|release|prod|publish)[^/]*\.ya?ml$/i,
  /(?:^|\/)(?:Dockerfile|Containerfile)(?:[.-][\w.-]+)?$|(?:^|\/)[\w.-]+\.(?:Dockerfile|Containerfile)$/,
  /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/,
  /(?:^|\/)Procfile$/,
  /\.service$/,
  /(?:^|\/)supervisor[^/]*(?:\/[^/]+)*\.(?:conf|ini)$|(?:^|\/)supervisord?\.conf$/,
  /(?:^|\/)(?:app\.json|render\.ya?ml|fly\.toml|app\.ya?ml)$/,
];

/** Files, stages and services for developers and for tests say nothing of production. */
const NOT_PRODUCTION =
  /(?:^|[/._-])(?:dev|devel|development|devcontainer|local|test|tests|testing|ci|override|example|examples|docs?|node_modules)(?:$|[/._-])/i;
/** What runs beside the server may have settings of its own. */
const WORKER =
  /(?:^|[/._-])(?:celery|celerybeat|celeryd|beat|flower|workers?|rq|huey|dramatiq|cron|scheduler)(?:$|[/._-]|\d)/i;

/** `NAME=value`, `NAME: value`, `ENV NAME value`, `"NAME": "value"`; of `${NAME:-value}` the value. */
const GIVEN =
  /DJANGO_SETTINGS_MODULE["']?(?:\s*[:=]\s*|[ \t]+)["']?(?:\$\{DJANGO_SETTINGS_MODULE:?-)?([A-Za-z_]\w*(?:\.\w+)*)(?![\w.]*[({])/g;

/** A settings module that a file of a deployment names. */
export interface Mention extends Detected<string> {
  /** The file starts Django's own development server: what it names comes after wsgi.py's. */
  developing: boolean;
}

/** The settings modules that the files of a deployment name for what serves the site, each with the place. */
export async function modulesOfDeployment(tree: Tree): Promise<Mention[]> {
  const files = [...tree.entries.keys()].filter(
    (path) => path.split("/").length <= 5 && !NOT_PRODUCTION.test(path) && !WORKER.test(path),
  );
  const found: Mention[] = [];
  for (const source of SOURCES)
    for (const path of files.filter((file) => source.test(file)).sort(byDepth)) {
      const text = (await tree.text(path)) ?? "";
      const developing = startsRunserver(text) && !/prod|live|deploy/i.test(path);
      for (const { value, line } of findAll(text, GIVEN))
        if (servesAt(text.split("\n"), line))
          found.push({ value, evidence: `detected from ${path}:${line}`, developing });
    }
  return found;
}

const startsRunserver = (text: string): boolean => /^[^#\n]*\brunserver(?:_plus)?\b/m.test(text);

/**
 * Is the line about what serves the site? Not in a stage (`FROM x AS dev`), a service, a program or a process of
 * another name.
 */
function servesAt(lines: string[], line: number): boolean {
  const own = lines[line - 1] ?? "";
  const process = /^([\w-]+):\s+\S/.exec(own)?.[1];
  if (process !== undefined && WORKER.test(process)) return false;
  // A step of the build, which may have settings for that.
  if (/^\s*RUN\b/.test(own)) return false;
  if (/\bcelery\b.*\b(?:worker|beat)\b|\bqcluster\b/.test(own)) return false;
  const name =
    blockOf(lines, line, /^\s*(?:FROM\s.*\sAS\s+([\w.-]+)|\[program:([^\]]+)\])/i) ?? serviceOf(lines, line);
  return name === null || !(WORKER.test(name) || NOT_PRODUCTION.test(name));
}

/** The name in the last line before that opens a block. */
function blockOf(lines: string[], line: number, opens: RegExp): string | null {
  for (let at = line - 1; at >= 0; at--) {
    const found = opens.exec(lines[at] ?? "");
    if (found) return found[1] ?? found[2] ?? null;
    if (/^\s*(?:FROM\s|\[)/.test(lines[at] ?? "")) return null;
  }
  return null;
}

/** The service of a compose file that a line belongs to: the key one step below `services:`. */
function serviceOf(lines: string[], line: number): string | null {
  const start = lines.findIndex((one) => /^services:/.test(one));
  if (start < 0 || start >= line) return null;
  const step = /^\s+/.exec(
    lines.slice(start + 1).find((one) => /^\s+\S/.test(one) && !/^\s*#/.test(one)) ?? "",
  )?.[0];
  if (step === undefined) return null;
  for (let at = line - 1; at > start; at--) {
    const name = new RegExp(`^${step}([\\w.-]+):\\s*(?:#.*|&.*)?$`).exec(lines[at] ?? "")?.[1];
    if (name !== undefined) return name;
  }
  return null;
}

function byDepth(a: string, b: string): number {
  return a.split("/").length - b.split("/").length || a.localeCompare(b);
}
