// `npm run bench:lint -- --fix --modules FILE --django DIR --lib DIR [--cache DIR] [--out DIR] [--only TEXT]`: fixes
// copies of the projects and asks CPython, our lint and the real Django whether that is all that happened.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type FixReport, fixProject } from "../../src/lint/fix/index.ts";
import { lint } from "../../src/lint/index.ts";
import type { LintInput } from "../../src/lint/types.ts";
import { folderTree } from "./folder-tree.ts";
import { askOracle, type Setup, type Subject, type Truth } from "./oracle.ts";

const { values } = parseArgs({
  options: {
    fix: { type: "boolean" },
    modules: { type: "string" },
    django: { type: "string" },
    lib: { type: "string" },
    python: { type: "string", default: "python3" },
    cache: { type: "string", default: join("build", "oracle") },
    out: { type: "string", default: join("build", "fixed") },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const { modules, django, lib, cache, out, only, verbose } = values;
if (!modules || !django || !lib) {
  process.stderr.write(
    "usage: npm run bench:lint -- --fix --modules FILE --django DIR --lib DIR [--out DIR]\n",
  );
  process.exit(2);
}
const setup: Setup = { django, lib, python: values.python, cache };
const version = /VERSION = \((\d+), (\d+)/.exec(readFileSync(join(django, "django", "__init__.py"), "utf8"));
const djangoVersion = `${version?.[1]}.${version?.[2]}`;

const counts = {
  modules: 0,
  changed: 0,
  fixes: 0,
  dropped: 0,
  "files that CPython parses": 0,
  "files that it does not": 0,
  "gone or safe while unset, by our lint": 0,
  "still there, by our lint": 0,
  "modules that the oracle evaluates before and after": 0,
  "Django's own ids fixed there": 0,
  "gone, by the oracle": 0,
  "left only where DEBUG is on, by the oracle": 0,
  "STILL RAISED, by the oracle": 0,
  "shown next, by the oracle (HSTS)": 0,
  "NEWLY RAISED, by the oracle": 0,
  "OTHER SETTINGS CHANGED, by the oracle": 0,
};
const reasons = new Map<string, number>();
const made = new Map<string, number>();
const count = (into: Map<string, number>, key: string): void => {
  into.set(key, (into.get(key) ?? 0) + 1);
};

for (const line of readFileSync(modules, "utf8").split("\n")) {
  if (line === "" || (only && !line.includes(only))) continue;
  const [folder = "", root = "", module = ""] = line.split("\t");
  bench({ folder: resolve(dirname(modules), folder), root, module });
}
for (const [what, n] of Object.entries(counts)) process.stdout.write(`${String(n).padStart(5)}  ${what}\n`);
process.stdout.write(`\nmade: ${listed(made)}\ndropped: ${listed(reasons)}\n`);

function listed(map: Map<string, number>): string {
  const rows = [...map].sort((a, b) => b[1] - a[1]).map(([what, n]) => `${n} ${what}`);
  return rows.join(", ") || "-";
}

function bench(subject: Subject): void {
  counts.modules++;
  const report = fixProject(inputOf(subject), { https: true });
  counts.fixes += report.made.length;
  counts.dropped += report.dropped.length;
  for (const { id } of report.made) count(made, id);
  for (const { id, reason, file, line } of report.dropped) {
    count(reasons, `${id}: ${reason.replace(/: .*/s, "")}`);
    if (verbose) process.stdout.write(`dropped: ${subject.folder} ${file}:${line} ${id}: ${reason}\n`);
  }
  if (report.files.size === 0) return;
  counts.changed++;
  const copy = fixedCopy(subject, report);
  askPython(copy, [...report.files.keys()]);
  askLint(copy, report);
  askDjango(subject, copy, report);
}

function inputOf({ folder, root, module }: Subject): LintInput {
  return { files: folderTree(folder), settingsModule: module, root: root || ".", djangoVersion, ignore: {} };
}

/** The project as `lint --fix --yes` leaves it; its other files are links to the same content. */
function fixedCopy(subject: Subject, report: FixReport): Subject {
  const folder = resolve(out, String(counts.modules));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const copied = spawnSync("cp", ["-al", subject.folder, folder]);
  if (copied.status !== 0) throw new Error(`cp: ${copied.stderr}`);
  for (const [file, text] of report.files) {
    writeFileSync(join(folder, `${file}.fixed`), text);
    renameSync(join(folder, `${file}.fixed`), join(folder, file));
  }
  return { ...subject, folder };
}

function askPython({ folder }: Subject, files: string[]): void {
  const script = "import ast,sys\nfor f in sys.argv[1:]: ast.parse(open(f,'rb').read(), f)";
  const run = spawnSync(setup.python, ["-c", script, ...files.map((f) => join(folder, f))], {
    encoding: "utf8",
  });
  if (run.status === 0) counts["files that CPython parses"] += files.length;
  else {
    counts["files that it does not"] += files.length;
    complain(folder, "does not parse", run.stderr.trim().split("\n").at(-1) ?? "");
  }
}

function askLint(copy: Subject, report: FixReport): void {
  const { findings } = lint(inputOf(copy));
  for (const { id } of report.made) {
    const left = findings.find((f) => f.id === id && (f.certainty === "certain" || f.whenUnset === true));
    // A cast leaves what its variable says; DEBUG on by default stays on by default.
    if (left?.certainty !== "certain") counts["gone or safe while unset, by our lint"]++;
    else {
      counts["still there, by our lint"]++;
      complain(copy.folder, `${id} is still there`, left.message);
    }
  }
}

function askDjango(subject: Subject, copy: Subject, report: FixReport): void {
  const fresh = join(out, "oracle");
  const [auto, prod] = (["auto", "prod"] as const).map((mode) => ({
    before: askOracle(subject, mode, setup),
    after: askAgain(copy, mode, fresh),
  })) as [Asked, Asked];
  if (auto.before.status !== "ok") return;
  if (auto.after.status !== "ok") {
    complain(copy.folder, "no longer loads", `${auto.after.status} ${auto.after.error ?? ""}`);
    counts["OTHER SETTINGS CHANGED, by the oracle"]++;
    return;
  }
  counts["modules that the oracle evaluates before and after"]++;
  const pairs = prod.before.status === "ok" && prod.after.status === "ok" ? [auto, prod] : [auto];
  const own = report.made
    .map(({ id }) => id)
    .filter((id) => /^security\.W/.test(id) && auto.before.raised?.includes(id));
  for (const id of own) {
    counts["Django's own ids fixed there"]++;
    const still = pairs.filter(({ after }) => after.raised?.includes(id));
    if (still.length === 0) counts["gone, by the oracle"]++;
    else if (still.every(({ after }) => after.raised?.includes("security.W018")))
      counts["left only where DEBUG is on, by the oracle"]++;
    else {
      counts["STILL RAISED, by the oracle"]++;
      complain(copy.folder, `${id} is still raised`, "");
    }
  }
  const shown = new Set(report.made.flatMap(({ reveals }) => reveals));
  for (const { before, after } of pairs)
    for (const id of (after.raised ?? []).filter((one) => !before.raised?.includes(one))) {
      if (shown.has(id)) counts["shown next, by the oracle (HSTS)"]++;
      else {
        counts["NEWLY RAISED, by the oracle"]++;
        complain(copy.folder, `${id} is newly raised`, "");
      }
    }
  const sets = new Set(report.made.flatMap(({ sets: names }) => names));
  for (const { before, after } of pairs)
    for (const name of Object.keys(before.effective ?? {})) {
      const [old, now] = [shownIn(subject, before, name), shownIn(copy, after, name)];
      if (sets.has(name) || isSame(old, now)) continue;
      counts["OTHER SETTINGS CHANGED, by the oracle"]++;
      complain(copy.folder, `${name} changed`, `${old.slice(0, 80)} to ${now.slice(0, 80)}`);
    }
}

/** A setting as the oracle shows it, wherever the project lies. */
function shownIn({ folder }: Subject, truth: Truth, name: string): string {
  return JSON.stringify(truth.effective?.[name] ?? null).replaceAll(resolve(folder), "");
}

/** The oracle cuts long values, and the folders' names are not equally long. */
function isSame(a: string, b: string): boolean {
  if (!a.endsWith('..."') && !b.endsWith('..."')) return a === b;
  const [x, y] = [a, b].map((text) => text.replace(/\.\.\."$/, "")) as [string, string];
  return x.startsWith(y) || y.startsWith(x);
}

interface Asked {
  before: Truth;
  after: Truth;
}

function askAgain(copy: Subject, mode: "auto" | "prod", fresh: string): Truth {
  rmSync(join(fresh, "answer"), { recursive: true, force: true });
  return askOracle(copy, mode, { ...setup, cache: join(fresh, "answer") });
}

function complain(folder: string, what: string, more: string): void {
  process.stdout.write(`${folder}: ${what} ${more}\n`);
}
