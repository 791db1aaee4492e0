import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { circumstances, loadNow } from "../deploy/circumstances.ts";
import { cli, configuration, djdeploy, oursLayer } from "../deploy/contestants/ours.ts";
import { awaitLine, bootPlace, type Place } from "../deploy/place.ts";
import { newProject, type Project } from "../deploy/project.ts";
import { median, ratioOf, ratioText } from "./ratio.ts";

const usage = `npm run bench:pairs -- --before COMMIT [options]     (as root: it boots Debian hosts, two at a time; see lab/README.md)
  --before COMMIT    whose committed dist/ is measured against that of this tree
  --pairs N          pairs of each figure (default 15)
Warm deploys of the bundle before and of this one in turn, each to a host that it set up itself, and the start of the action
(an input that is refused at once). Prints the median ratio of the pairs with its 95 % confidence interval.`;

const { values } = parseArgs({
  options: {
    before: { type: "string" },
    pairs: { type: "string", default: "15" },
    help: { type: "boolean", default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

if (values.help) say(usage);
else if (values.before === undefined || process.getuid?.() !== 0) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else await bench(values.before, Number(values.pairs));

async function bench(commit: string, pairs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-pairs-"));
  try {
    const archive = execFileSync("git", ["archive", commit, "dist", "action.yml"], { maxBuffer: 1 << 28 });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    const around = circumstances(`npm run bench:pairs -- --before ${commit} --pairs ${pairs}`);
    say(`${around.command}\n${around.date}, ${around.machine}, load ${loadNow()}`);
    const programs = [join(folder, "dist/cli/index.js"), cli] as const;
    const starts = inTurn(pairs, (side) => startOf([folder, process.cwd()][side]!));
    say(`start of the action: ${ratioText(ratioOf(await starts))}`);
    const project = newProject(join(folder, "project"));
    project.commit({ "djdeploy.yml": configuration() });
    const steps: StepTimes[] = [new Map(), new Map()];
    const deploys: [number, number][] = [];
    // Two hosts of one kind are not equally fast: the one that boots second was seen to be slower by some percent.
    for (const order of [[0, 1] as const, [1, 0] as const]) {
      const places: Place[] = [];
      try {
        for (const side of order) places[side] = await bootPlace(await oursLayer(programs[side]));
        const measure = (counted: boolean) => (side: 0 | 1) =>
          deployMs(places[side]!, project, programs[side]!, counted ? steps[side]! : new Map());
        // The first ones make the virtual environment, and fill both slots.
        await inTurn(2, measure(false));
        deploys.push(...(await inTurn(Math.ceil(pairs / 2), measure(true))));
      } finally {
        await Promise.all(places.map((place) => place?.stop()));
      }
    }
    say(`warm deploy: ${ratioText(ratioOf(deploys))}`);
    const [before, after] = steps.map(medians);
    for (const [step, ms] of after!) {
      const was = before!.get(step) ?? 0;
      if (Math.abs(ms - was) >= 10) say(`  ${step}: ${was} → ${ms} ms`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Both sides one right after the other, each time another one first. */
async function inTurn(
  count: number,
  measure: (side: 0 | 1) => number | Promise<number>,
): Promise<[number, number][]> {
  const pairs: [number, number][] = [];
  for (let n = 0; n < count; n++) {
    const pair: [number, number] = [0, 0];
    for (const side of n % 2 ? ([1, 0] as const) : ([0, 1] as const)) pair[side] = await measure(side);
    pairs.push(pair);
  }
  return pairs;
}

function startOf(root: string): number {
  const begun = performance.now();
  const env = { PATH: process.env["PATH"], INPUT_COMMAND: "nothing", GITHUB_WORKSPACE: tmpdir() };
  const done = spawnSync(process.execPath, [join(root, "dist/action/index.js")], { env, cwd: tmpdir() });
  if (done.status !== 2)
    throw new Error(`the action ended with ${done.status}: ${done.stdout}${done.stderr}`);
  return performance.now() - begun;
}

/** Milliseconds of each deploy, by step; some run at the same time. */
type StepTimes = Map<string, number[]>;

function medians(steps: StepTimes): Map<string, number> {
  return new Map([...steps].map(([step, times]) => [step, median(times)]));
}

async function deployMs(place: Place, project: Project, program: string, steps: StepTimes): Promise<number> {
  const line = project.change();
  const begun = performance.now();
  const report = await djdeploy(place, project, ["deploy"], program);
  const ms = performance.now() - begun;
  if (report.result !== "deployed") throw new Error(`${program}: ${report.result}`);
  await awaitLine(place.host, line);
  for (const { step, ms: took } of report.steps) steps.set(step, [...(steps.get(step) ?? []), took]);
  return ms;
}
