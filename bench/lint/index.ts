// `npm run bench:lint -- --modules FILE --django DIR… --lib DIR [--python P] [--cache DIR]`: our verdicts beside the
// real Django's, per Django version. README.md says how to make the folders. With --fix it is
// `lint --fix` that is judged: see fix.ts.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { lint } from "../../src/lint/index.ts";
import type { SourceTree } from "../../src/python/source/tree.ts";
import { corpusCommand } from "./corpus.ts";
import { folderTree } from "./folder-tree.ts";
import { fuzzCommand } from "./fuzz/index.ts";
import { compareLibraries } from "./libraries.ts";
import { askOracle, type Mode, type Setup, type Subject, type Truth } from "./oracle.ts";
import { type Comparison, compare, printTable, silenced, verdictsOf } from "./score.ts";
import { compareSpeed } from "./speed.ts";

if (process.argv.includes("--fix")) {
  await import("./fix.ts");
  process.exit();
}
const { values } = parseArgs({
  options: {
    fuzz: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    from: { type: "string", default: "0" },
    modules: { type: "string" },
    django: { type: "string", multiple: true },
    lib: { type: "string" },
    python: { type: "string", default: "python3" },
    cache: { type: "string", default: join("build", "oracle") },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
    libraries: { type: "boolean", default: false },
    speed: { type: "boolean", default: false },
    corpus: { type: "string", multiple: true },
  },
});
if (values.fuzz) {
  const numbers = [values.seed, values.from, values.fuzz].map(Number) as [number, number, number];
  process.exit((await fuzzCommand(values.python, ...numbers)) ? 0 : 1);
}
if (values.corpus) process.exit(corpusCommand(values.python, values.corpus) ? 0 : 1);
if (values.libraries) {
  const paths = [values.lib ?? "", ...(values.django ?? [])].map((path) => resolve(path));
  process.exit(compareLibraries(values.python, paths) ? 0 : 1);
}
if (values.speed) {
  compareSpeed(values.python, values.django?.[0] ?? "");
  process.exit(0);
}
if (!values.modules || !values.django || !values.lib) {
  process.stderr.write("usage: npm run bench:lint -- --modules FILE --django DIR --lib DIR [--cache DIR]\n");
  process.exit(2);
}
/** A line per settings module: folder of the repository, folder of manage.py in it, dotted name; tabs between. */
function subjectsOf(file: string): Subject[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && (!values.only || line.includes(values.only)))
    .map((line) => {
      const [folder = "", root = "", module = ""] = line.split("\t");
      return { folder: resolve(dirname(file), folder), root, module };
    });
}

function versionOf(django: string): string {
  const text = readFileSync(join(django, "django", "__init__.py"), "utf8");
  const [, major, minor] = /VERSION = \((\d+), (\d+)/.exec(text) ?? [];
  return `${major}.${minor}`;
}

function benchmark(subjects: Subject[], setup: Setup): void {
  const djangoVersion = versionOf(setup.django);
  const open: Comparison[] = [];
  const given: Comparison[] = [];
  const times: number[] = [];
  let evaluated = 0;
  for (const subject of subjects) {
    const auto = askOracle(subject, "auto", setup);
    const files = folderTree(subject.folder);
    const start = performance.now();
    const verdicts = judge(subject, files, djangoVersion, {});
    times.push(performance.now() - start);
    if (auto.status !== "ok") {
      say(`not evaluated: ${subject.folder} ${subject.module}: ${auto.status} ${auto.error ?? ""}`);
      continue;
    }
    evaluated++;
    const prod = askOracle(subject, "prod", setup);
    const [withMadeUp] = judge(subject, files, djangoVersion, auto.env ?? {});
    const all = compare(subject, ...verdicts, auto, prod.status === "ok" ? prod : auto, withMadeUp);
    open.push(...report("", all));
    for (const mode of ["auto", "prod", "blank"] as const)
      given.push(...whenGiven(subject, files, djangoVersion, mode, askOracle(subject, mode, setup)));
  }
  times.sort((a, b) => a - b);
  say(`\nDjango ${djangoVersion}: ${evaluated} of ${subjects.length} modules evaluated by the oracle`);
  printTable("nothing known of the environment", open);
  printTable("with the oracle's environment given (what is required; a careful operator's; blanks)", given);
  say(`crashes: ${crashes}`);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  say(`time: median ${median.toFixed(0)} ms, slowest ${(times.at(-1) ?? 0).toFixed(0)} ms`);
}

type Verdicts = [ReturnType<typeof verdictsOf> | null, ReturnType<typeof silenced>];

let crashes = 0;

function judge(
  subject: Subject,
  files: SourceTree,
  djangoVersion: string,
  environment: Record<string, string>,
): Verdicts {
  try {
    const result = lint({
      files,
      settingsModule: subject.module,
      root: subject.root || ".",
      djangoVersion,
      environment,
      ignore: {},
    });
    return [verdictsOf(result), silenced(result)];
  } catch (error) {
    crashes++;
    say(`crash: ${subject.folder} ${subject.module}: ${error instanceof Error ? error.stack : error}`);
    return [null, new Set()];
  }
}

/** What we say of the very environment that the oracle has run in: there both must agree. */
function whenGiven(
  subject: Subject,
  files: SourceTree,
  version: string,
  mode: Mode,
  truth: Truth,
): Comparison[] {
  if (truth.status !== "ok" || truth.careful_failed || !truth.env) return [];
  const verdicts = judge(subject, files, version, truth.env);
  return report(`, ${mode} given`, compare(subject, ...verdicts, truth, truth));
}

/** Says where we differ, and passes the comparisons on. */
function report(how: string, all: Comparison[]): Comparison[] {
  const lost = all.filter((c) => c.verdict === "settings-fail");
  if (lost[0])
    say(`settings fail${how}: ${lost[0].subject.folder} ${lost[0].subject.module}: ${lost[0].message}`);
  for (const c of all)
    if (c.verdict !== "settings-fail")
      if (c.kind !== "right" || (values.verbose && c.verdict !== "pass"))
        say(
          `${c.kind}${how}: ${c.subject.folder} ${c.subject.module} ${c.id}: we ${c.verdict}, ` +
            `auto ${c.auto}, prod ${c.prod} ${c.message.slice(-160)}`,
        );
  return all;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const django of values.django)
  benchmark(subjectsOf(values.modules), {
    django,
    lib: values.lib,
    python: values.python,
    cache: values.cache,
  });
