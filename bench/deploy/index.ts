import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { circumstances, loadNow } from "./circumstances.ts";
import { contestants } from "./contestants/index.ts";
import { configuration } from "./contestants/ours.ts";
import { enter, leave, type Runner } from "./field.ts";
import { measureFleets } from "./figures/fleet.ts";
import { measureUnderLoad } from "./figures/loaded.ts";
import { measureLarge, measureRollbacks } from "./figures/own.ts";
import { measureRounds } from "./figures/rounds.ts";
import { generate } from "./generate.ts";
import { newProject } from "./project.ts";
import { type Measured, record } from "./record.ts";
import { summary } from "./summary.ts";

const usage = `npm run bench -- [options]     (as root: it boots Debian hosts; see lab/README.md)
  --rounds N         deploys of each contestant at no delay (default 5)
  --delayed N        deploys of each contestant at each delay (default 3)
  --delays A,B       what a round trip takes longer, in ms (default 50,100)
  --only a,b         these contestants: ${contestants.map(({ id, name }) => `${id} ${name}`).join(" · ")}
  --parts A,B        of rounds,load,rollback,fleet,large (default: all)
  --keep             write bench/deploy/measured.json though not everything was measured
A whole run writes bench/deploy/measured.json; docs/performance.md is made from it.`;

const parts = ["rounds", "load", "rollback", "fleet", "large"] as const;
type Part = (typeof parts)[number];

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    delayed: { type: "string", default: "3" },
    delays: { type: "string", default: "50,100" },
    only: { type: "string" },
    parts: { type: "string" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

if (values.help) {
  say(usage);
} else if (process.getuid?.() !== 0) {
  process.stderr.write("the bench boots hosts, which only root can: sudo npm run bench\n");
  process.exitCode = 2;
} else {
  await bench();
}

async function bench(): Promise<void> {
  const only = values.only?.split(",");
  const wanted = values.parts?.split(",") ?? parts;
  const does = (part: Part) => wanted.includes(part);
  const rounds = Number(values.rounds);
  const delays = values.delays.split(",").filter(Boolean).map(Number);
  const entered = contestants.filter(({ id }) => !only || only.includes(id));
  const absent: Record<string, string> = {};
  for (const one of entered) {
    const lacking = one.missing();
    if (lacking === null) continue;
    absent[one.id] = lacking;
    say(`${one.name} does not take part: ${lacking}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-bench-"));
  const project = newProject(join(folder, "project"));
  project.commit({ "djdeploy.yml": configuration(), "djdeploy.tests.yml": configuration({ tests: true }) });
  const around = circumstances(["npm run bench", ...process.argv.slice(2)].join(" "));
  const result: Measured = { circumstances: around, absent };
  result.project = { files: project.files, bytes: project.bytes };
  let runners: Runner[] = [];
  try {
    say("booting hosts, first deploys");
    const present = entered.filter(({ id }) => !(id in absent));
    runners = await enter(present, project);
    if (does("rounds")) {
      const how = { rounds, delayed: Number(values.delayed), delays };
      result.deploys = await measureRounds(runners, project, how, say);
    }
    if (does("load")) {
      result.loads = [];
      for (const runner of runners.filter(({ contestant }) => contestant.compared)) {
        const row = await measureUnderLoad(runner, project);
        result.loads.push(row);
        say(`under load, ${row.contestant}: ${row.lost} of ${row.sent} lost, slowest ${row.slowestMs} ms`);
      }
    }
    const ours = runners.find(({ contestant }) => contestant.id === "a");
    if (ours && does("rollback")) {
      result.rollbacks = await measureRollbacks(ours, project, rounds);
      say(`rollbacks: ${result.rollbacks.map(({ ms }) => ms).join(", ")} ms`);
    }
    if (ours && does("large")) {
      result.large = await measureLarge(ours, project, 50_000_000, Math.min(rounds, 3));
      say(`one line of 50 MB: ${result.large.rows.map(({ sent }) => sent).join(", ")} bytes`);
    }
    if (ours && does("fleet")) result.fleet = await measureFleets(ours, project, rounds, say);
  } finally {
    await leave(runners);
    rmSync(folder, { recursive: true, force: true });
  }
  around.load[1] = loadNow();
  say(summary(result));
  const whole = !only && !values.parts;
  if (!whole && !values.keep) {
    say("Not kept: this was not a whole run.");
    return;
  }
  record(result);
  generate();
}
