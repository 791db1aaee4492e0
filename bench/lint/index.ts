// `npm run bench:lint -- --modules FILE --django DIR --lib DIR [--cache DIR]`: our verdicts beside the real Django's.
// FILE has a line per settings module: folder, folder of manage.py in it, dotted name, separated by tabs. DIR comes
// from `pip install --target DIR Django==5.2.18`; LIB holds the environment libraries the projects use.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lint } from "../../src/lint/index.ts";
import { folderTree } from "./folder-tree.ts";
import { askOracle, type Subject } from "./oracle.ts";
import { type Comparison, compare, printTable, silenced, verdictsOf } from "./score.ts";

const { values } = parseArgs({
  options: {
    modules: { type: "string" },
    django: { type: "string", multiple: true },
    lib: { type: "string" },
    cache: { type: "string", default: join("build", "oracle") },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});
if (!values.modules || !values.django || !values.lib) {
  process.stderr.write("usage: npm run bench:lint -- --modules FILE --django DIR --lib DIR [--cache DIR]\n");
  process.exit(2);
}
const { lib, cache, only } = values;
const subjects: Subject[] = readFileSync(values.modules, "utf8")
  .split("\n")
  .filter((l) => l !== "" && (!only || l.includes(only)))
  .map((line) => {
    const [folder = "", root = "", module = ""] = line.split("\t");
    return { folder, root, module };
  });

for (const django of values.django) {
  const version = /^__version__|VERSION = \((\d+), (\d+)/m.exec(
    readFileSync(join(django, "django", "__init__.py"), "utf8"),
  );
  const djangoVersion = `${version?.[1]}.${version?.[2]}`;
  const all: Comparison[] = [];
  const times: number[] = [];
  let evaluated = 0;
  for (const subject of subjects) {
    const auto = askOracle(subject, "auto", django, lib, cache);
    const prod = askOracle(subject, "prod", django, lib, cache);
    const files = folderTree(subject.folder);
    const start = performance.now();
    const result = lint({
      files,
      settingsModule: subject.module,
      root: subject.root || ".",
      djangoVersion,
      ignore: {},
    });
    const took = performance.now() - start;
    times.push(took);
    if (took > 1000)
      process.stdout.write(`slow: ${subject.folder} ${subject.module} ${took.toFixed(0)} ms\n`);
    if (auto.status !== "ok") {
      process.stdout.write(
        `not evaluated: ${subject.folder} ${subject.module}: ${auto.status} ${auto.error ?? ""}\n`,
      );
      continue;
    }
    evaluated++;
    const own = compare(
      subject,
      verdictsOf(result),
      silenced(result),
      auto,
      prod.status === "ok" ? prod : auto,
    );
    all.push(...own);
    for (const c of own)
      if (c.kind !== "right" || (values.verbose && c.verdict !== "pass"))
        process.stdout.write(
          `${c.kind}: ${subject.folder} ${c.id}: we ${c.verdict}, auto ${c.auto}, prod ${c.prod} ${c.message}\n`,
        );
  }
  times.sort((a, b) => a - b);
  process.stdout.write(
    `\nDjango ${djangoVersion}: ${evaluated} of ${subjects.length} modules evaluated by the oracle\n`,
  );
  printTable(all);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  process.stdout.write(
    `time: median ${median.toFixed(0)} ms, slowest ${(times.at(-1) ?? 0).toFixed(0)} ms\n`,
  );
}
