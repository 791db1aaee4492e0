// `npm run bench:lint -- --fix --modules FILE --django DIR --lib DIR [--out DIR] [--only TEXT]`: fixes
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
    out: { type: "string", default: join("build", "fixed") },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
const { modules, django, lib, out, only, verbose } = values;
if (!modules || !django || !lib) {
  process.stderr.write(
    "usage: npm run bench:lint -- --fix --modules FILE --django DIR --lib DIR [--out DIR]\n",
  );
  process.exit(2);
}
const setup: Omit<Setup, "cache"> = { django, lib, python: values.python };
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
  const [old, now] = copies(subject, report);
  askPython(now, [...report.files.keys()]);
  askLint(now, report);
  askDjango(old, now, report);
}

function inputOf({ folder, root, module }: Subject): LintInput {
  return { files: folderTree(folder), settingsModule: module, root: root || ".", djangoVersion, ignore: {} };
}

/** Two copies of a project, the second as `lint --fix --yes` leaves it; their files are links to the same content. */
function copies(subject: Subject, report: FixReport): [Subject, Subject] {
  // Equally long names: the oracle cuts long values.
  const [old, now] = ["old", "new"].map((which) => resolve(out, String(counts.modules), which)) as [
    string,
    string,
  ];
  for (const folder of [old, now]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    const copied = spawnSync("cp", ["-al", subject.folder, folder]);
    if (copied.status !== 0) throw new Error(`cp: ${copied.stderr}`);
  }
  for (const [file, text] of report.files) {
    writeFileSync(join(now, `${file}.fixed`), text);
    renameSync(join(now, `${file}.fixed`), join(now, file));
  }
  return [
    { ...subject, folder: old },
    { ...subject, folder: now },
  ];
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

function askDjango(old: Subject, now: Subject, report: FixReport): void {
  const answers = { ...setup, cache: join(dirname(old.folder), "oracle") };
  rmSync(answers.cache, { recursive: true, force: true });
  const [auto, prod] = (["auto", "prod"] as const).map((mode) => ({
    before: askOracle(old, mode, answers),
    after: askOracle(now, mode, answers),
  })) as [Asked, Asked];
  if (auto.before.status !== "ok") return;
  if (auto.after.status !== "ok") {
    complain(now.folder, "no longer loads", `${auto.after.status} ${auto.after.error ?? ""}`);
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
      complain(now.folder, `${id} is still raised`, "");
    }
  }
  const shown = new Set(report.made.flatMap(({ reveals }) => reveals));
  for (const { before, after } of pairs)
    for (const id of (after.raised ?? []).filter((one) => !before.raised?.includes(one))) {
      if (shown.has(id)) counts["shown next, by the oracle (HSTS)"]++;
      else {
        counts["NEWLY RAISED, by the oracle"]++;
        complain(now.folder, `${id} is newly raised`, "");
      }
    }
  const sets = new Set(report.made.flatMap(({ sets: names }) => names));
  for (const { before, after } of pairs)
    for (const name of Object.keys(before.effective ?? {})) {
      const [was, is] = [shownIn(old, before, name), shownIn(now, after, name)];
      if (sets.has(name) || was === is) continue;
      counts["OTHER SETTINGS CHANGED, by the oracle"]++;
      complain(now.folder, `${name} changed`, `${was.slice(0, 80)} to ${is.slice(0, 80)}`);
    }
}

/** A setting as the oracle shows it, wherever the project lies. */
function shownIn({ folder }: Subject, truth: Truth, name: string): string {
  return JSON.stringify(truth.effective?.[name] ?? null).replaceAll(resolve(folder), "");
}

interface Asked {
  before: Truth;
  after: Truth;
}

function complain(folder: string, what: string, more: string): void {
  process.stdout.write(`${folder}: ${what} ${more}\n`);
}
