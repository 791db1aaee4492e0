import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { cli, start } from "../../__tests__/hosts/support/program.ts";
import { acted, type Site, startSite, told } from "../../__tests__/hosts/support/site.ts";
import { processesIn } from "../../lab/cgroup.ts";
import { p99, slowest, spread, type Taken, visitors } from "./times.ts";

// What a deploy costs those who visit meanwhile, on a host of one core: `npm run bench:manners` (as root).

const rounds = Number(process.env["DJDEPLOY_ROUNDS"] ?? 5);
const kinds = ["rest", "with", "without"] as const;
type Kind = (typeof kinds)[number];
type Figures = Record<"slowest" | "p99" | "slowestWhole" | "seconds" | "failed", number>;

test("the slowest request during a deploy, against rest, on one core", async () => {
  const site = await startSite("systemd");
  const rude = withoutManners();
  const rows: Record<Kind, Figures[]> = { rest: [], with: [], without: [] };
  try {
    oneCore(site);
    for (let round = 0; round < rounds; round++) {
      for (const kind of kinds) rows[kind].push(await measured(site, kind, kind === "without" ? rude : cli));
    }
    const table = kinds.map((kind) => line(kind, rows[kind]));
    const text = `| | slowest, ms | 99 of 100 below, ms | slowest of the whole deploy, ms | deploy, s |\n|---|---|---|---|---|\n${table.join("\n")}\n`;
    console.info(text);
    if (process.env["DJDEPLOY_BENCH"] === "write") intoDocs(text);
    expect(kinds.flatMap((kind) => rows[kind].map(({ failed }) => failed))).toEqual(
      Array(3 * rounds).fill(0),
    );
  } finally {
    await site.stop();
    rmSync(dirname(rude), { recursive: true });
  }
}, 3_600_000);

const names = {
  rest: "at rest",
  with: "a deploy that installs all packages, as it is",
  without: "the same without manners",
};

function line(kind: Kind, rows: Figures[]): string {
  const column = (name: keyof Figures) => spread(rows.map((row) => row[name]));
  const deploy = kind === "rest" ? ["–", "–"] : [column("slowestWhole"), column("seconds")];
  return `| ${names[kind]} | ${[column("slowest"), column("p99"), ...deploy].join(" | ")} |`;
}

/** Four visitors during a deploy with a new environment, or for twenty seconds of nothing. */
async function measured(site: Site, kind: Kind, program: string): Promise<Figures> {
  const load = visitors(site.host.address, 4, 50);
  if (kind === "rest") {
    await delay(20_000);
    return figures(await load.stop(), Number.POSITIVE_INFINITY, 0);
  }
  const requirements = site.project.read("requirements.txt").replace(/# .*\n/, "");
  site.project.commit({ "requirements.txt": `${requirements}# ${kind} ${Date.now()}\n` });
  const begun = performance.now();
  const argv = ["deploy", "production", "--format", "json", "--force", "bench", "--skip-lint", ...site.reach];
  const done = acted(await start(program, argv, { cwd: site.project.folder }).ended);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const taken = await load.stop();
  if (done.code !== 0) throw new Error(told(done));
  const boot = done.events.find((event) => event.code === "step.start" && event.step === "boot");
  return figures(taken, Date.parse(boot?.time ?? ""), seconds);
}

/** Of what only prepares (before the boot, which never gives way), and of the whole. */
function figures(taken: Taken[], until: number, seconds: number): Figures {
  const prepare = taken.filter(({ at, ms }) => at + ms < until);
  const failed = taken.filter(({ ok }) => !ok).length;
  return { slowest: slowest(prepare), p99: p99(prepare), slowestWhole: slowest(taken), seconds, failed };
}

/** The host on one core of this machine, everything else of ours on the other ones. */
function oneCore(site: Site): void {
  const number = Number(site.host.address.split(".")[2]);
  for (const { pid } of processesIn(number)) execFileSync("taskset", ["-a", "-p", "-c", "1", String(pid)]);
  execFileSync("taskset", ["-a", "-p", "-c", "0", String(process.pid)]);
}

/** A copy of the program whose steps do not give way. */
function withoutManners(): string {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-rude-"));
  cpSync(dirname(cli), folder, { recursive: true });
  const file = join(folder, "index.js");
  const text = readFileSync(file, "utf8");
  const rude = text.replace("NICE = 10\\n", "NICE = 0\\n").replace('[\\"ionice\\"', '[\\"no-ionice\\"');
  if (rude.length !== text.length - 1 + 3) throw new Error("the program names its manners in other words");
  writeFileSync(file, rude);
  return file;
}

function intoDocs(table: string): void {
  const file = new URL("../../docs/manners.md", import.meta.url);
  const [before, , after] = readFileSync(file, "utf8").split(
    /(?<=<!-- measured -->\n)|(?=<!-- \/measured -->)/,
  );
  writeFileSync(file, `${before}\n${table}\n${after}`);
}
