// `npm run bench:lint -- --fuzz N [--seed S] [--from I]`: generated settings modules, judged by the lint and run by CPython.
import fc from "fast-check";
import { type Contradiction, contradictions, judge, type Ours, type World, worldsOf } from "./compare.ts";
import { modules, whole } from "./modules.ts";
import { Worker } from "./worker.ts";

export interface Failure {
  /** The module is that of `--seed SEED --from NUMBER --fuzz 1`. */
  number: number;
  text: string;
  found: Contradiction[];
}

export interface Report {
  modules: number;
  /** Modules that CPython loaded in some environment, and those it refused to compile. */
  loaded: number;
  refused: number;
  failures: Failure[];
}

/** The module of a number: the same in every run with the same seed. */
export function moduleOf(seed: number, number: number): string {
  return fc.sample(modules, { numRuns: 1, seed: seedOf(seed, number) })[0] as string;
}

const seedOf = (seed: number, number: number): number => (Math.imul(seed, 1_000_003) + number) | 0;

/** In how many environments beside the empty one a module runs. */
const OTHERS = [7, 1234, 99_991];

interface Asked {
  ours: Ours | null;
  worlds: World[];
  crash: string | null;
}

function ask(text: string): Asked {
  try {
    const ours = judge(whole(text));
    return { ours, worlds: worldsOf(ours.evaluation, OTHERS), crash: null };
  } catch (error) {
    return {
      ours: null,
      worlds: [],
      crash: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

async function check(
  worker: Worker,
  text: string,
): Promise<{ found: Contradiction[]; loaded: boolean; refused: boolean }> {
  const { ours, worlds, crash } = ask(text);
  if (!ours) return { found: [{ kind: "crash", what: crash ?? "" }], loaded: false, refused: false };
  const outcomes = await worker.run({ text: whole(text), environments: worlds.map((w) => w.environment) });
  if (!outcomes) return { found: [], loaded: false, refused: true };
  return {
    found: contradictions(ours, worlds, outcomes),
    loaded: outcomes.some((o) => o.names),
    refused: false,
  };
}

/** Judges modules `from` to `from + count`; each failure is handed on as it is found. */
export async function fuzz(
  python: string,
  seed: number,
  from: number,
  count: number,
  say: (failure: Failure | null, done: number) => void = () => undefined,
): Promise<Report> {
  const worker = new Worker(python);
  const report: Report = { modules: 0, loaded: 0, refused: 0, failures: [] };
  // CPython runs some while others are judged.
  const running = new Set<Promise<void>>();
  try {
    for (let number = from; number < from + count; number++) {
      const text = moduleOf(seed, number);
      const one = check(worker, text).then(({ found, loaded, refused }) => {
        report.modules++;
        if (loaded) report.loaded++;
        if (refused) report.refused++;
        if (found.length > 0) report.failures.push({ number, text, found });
        say(found.length > 0 ? (report.failures.at(-1) as Failure) : null, report.modules);
        running.delete(one);
      });
      running.add(one);
      if (running.size >= 16) await Promise.race(running);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(running);
  } finally {
    worker.end();
  }
  return report;
}

/** The smallest module like a failing one that fails in the same way: whole statements go first, then parts of lines. */
export async function shrunk(python: string, failure: Failure, seconds = 30): Promise<Failure> {
  const worker = new Worker(python);
  const kind = failure.found[0]?.kind;
  const until = Date.now() + seconds * 1000;
  let best = failure;
  const fails = async (text: string): Promise<boolean> => {
    const { found, refused } = await check(worker, text);
    const same = found.filter((f) => f.kind === kind);
    if (refused || same.length === 0) return false;
    best = { ...failure, text, found: same };
    return true;
  };
  try {
    for (let smaller = true; smaller && Date.now() < until; ) {
      smaller = false;
      for (const text of candidates(best.text)) {
        if (Date.now() > until) break;
        if (text !== best.text && (await fails(text))) {
          smaller = true;
          break;
        }
      }
    }
  } finally {
    worker.end();
  }
  return best;
}

const depth = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;

/** Smaller texts: without a statement and what is indented under it, with its body in its place, with less in a line. */
function* candidates(text: string): Generator<string> {
  const lines = text.split("\n").filter(Boolean);
  const join = (all: string[]): string => `${all.join("\n")}\n`;
  for (const [i, line] of lines.entries()) {
    let end = i + 1;
    while (end < lines.length && depth(lines[end] as string) > depth(line)) end++;
    yield join([...lines.slice(0, i), ...lines.slice(end)]);
    if (end > i + 1) {
      yield join([
        ...lines.slice(0, i),
        ...lines.slice(i + 1, end).map((l) => l.slice(4)),
        ...lines.slice(end),
      ]);
      yield join([...lines.slice(0, i + 1), `${" ".repeat(depth(line) + 4)}pass`, ...lines.slice(end)]);
    }
  }
  for (const [i, line] of lines.entries())
    for (const part of [...new Set(line.match(/\((?:[^()]|\([^()]*\))*\)|\[[^[\]]*\]|\{[^{}]*\}/g) ?? [])])
      for (const by of [part.slice(1, -1), "1", "'a'", "()"])
        if (by.length < part.length)
          yield join([...lines.slice(0, i), line.replace(part, by), ...lines.slice(i + 1)]);
}

/** The command: prints what is found, shrunk, and the numbers; true when nothing was. */
export async function fuzzCommand(
  python: string,
  seed: number,
  from: number,
  count: number,
): Promise<boolean> {
  const print = (text: string): boolean => process.stdout.write(`${text}\n`);
  print(`seed ${seed}, modules ${from} to ${from + count - 1}`);
  const start = Date.now();
  const report = await fuzz(python, seed, from, count, (failure, done) => {
    if (failure)
      print(
        `contradiction in module ${failure.number}: ${failure.found[0]?.kind}: ${failure.found[0]?.what}`,
      );
    if (done % 1000 === 0)
      print(`${done} modules, ${((done * 1000) / (Date.now() - start)).toFixed(0)} a second`);
  });
  for (const failure of report.failures.slice(0, 10)) {
    const small = await shrunk(python, failure);
    print(
      `\nmodule ${failure.number}, shrunk:\n${small.text}${small.found.map((f) => `${f.kind}: ${f.what}`).join("\n")}`,
    );
  }
  const kinds = new Map<string, number>();
  for (const { found } of report.failures)
    for (const kind of new Set(found.map((f) => f.kind))) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  print(
    `\n${report.modules} modules (${report.loaded} load somewhere, ${report.refused} are no Python), ` +
      `${report.failures.length} with contradictions${kinds.size > 0 ? `: ${[...kinds].map(([k, n]) => `${n} ${k}`).join(", ")}` : ""}, ` +
      `${((report.modules * 1000) / (Date.now() - start)).toFixed(0)} a second`,
  );
  return report.failures.length === 0;
}
