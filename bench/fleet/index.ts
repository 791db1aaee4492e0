import { type ChildProcess, fork, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import ssh2 from "ssh2";
import { newDeployKey } from "../../src/ssh/new-key.ts";
import { circumstances, loadNow } from "../deploy/circumstances.ts";
import { generate } from "../deploy/generate.ts";
import { type ManyRow, measured, record } from "../deploy/record.ts";
import { manyTable } from "../deploy/tables.ts";
import { type Recorded, recordHost } from "./record-host.ts";
import type { Hosts } from "./servers.ts";

const usage = `npm run bench:fleet -- [options]     (no root)
  --hosts A,B        sizes of the fleet (default 100,1000)
  --rounds N         deploys of each size (default 3)
  --profile DIR      writes a CPU profile of each deploying process there
  --keep             write bench/deploy/measured.json though other sizes were measured
Deploys with the committed command line to many SSH servers of this machine. Behind each, a stand-in answers the agent's
questions with what a real host answered in a deploy that was recorded just before, at once.`;

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "100,1000" },
    rounds: { type: "string", default: "3" },
    profile: { type: "string" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
/** Processes that share the hosts among them. */
const processes = 4;

if (values.help) say(usage);
else await bench();

async function bench(): Promise<void> {
  const sizes = values.hosts.split(",").map(Number);
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-fleet-"));
  const around = circumstances(["npm run bench:fleet", ...process.argv.slice(2)].join(" "));
  const children: ChildProcess[] = [];
  try {
    say("recording a deploy to one host");
    const recorded = await recordHost(folder);
    const login = newDeployKey("bench");
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, login.privateKey, { mode: 0o600 });
    const hostKey = newDeployKey("host").privateKey;
    const common = { hostKey, authorizedKey: login.publicKey, user: "shop", answers: recorded.answers };
    const addresses = Array.from(
      { length: Math.max(...sizes) },
      (_, n) => `127.1.${n >> 7}.${(n & 127) + 1}`,
    );
    const started = Array.from({ length: processes }, (_, part) => {
      const own = addresses.filter((_, n) => n % processes === part);
      return startHosts({ ...common, addresses: own }, children);
    });
    const hosts = (await Promise.all(started)).flat();
    const rows: ManyRow[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const size of sizes) {
        const names = hosts.slice(0, size);
        const file = `djdeploy.${size}.yml`;
        const configuration = recorded.configuration(names, [fingerprint(hostKey)]);
        recorded.project.commit({ [file]: `${configuration}# round ${round}\n` });
        recorded.project.change();
        rows.push(await deployTo(recorded, file, size, keyFile));
        const { ms, cpuMs, peakMb } = rows.at(-1)!;
        say(`${size} hosts: ${ms} ms, processor ${cpuMs} ms, ${Math.round(peakMb)} MB`);
      }
    }
    around.load[1] = loadNow();
    const many = { circumstances: around, rows };
    say(`\n${manyTable(many)}`);
    if (values.hosts !== "100,1000" && !values.keep) say("Not kept: these are not the sizes of the page.");
    else {
      record({ ...measured(), many });
      generate();
    }
  } finally {
    for (const child of children) child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startHosts(hosts: Hosts, children: ChildProcess[]): Promise<string[]> {
  const child = fork("build/bench/fleet/servers.js", {
    execArgv: ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"],
  });
  children.push(child);
  child.send(hosts);
  const [started] = (await once(child, "message")) as [string[]];
  return started;
}

/** One deploy by a process of its own, whose memory is the kernel's own figure. */
async function deployTo(recorded: Recorded, file: string, hosts: number, keyFile: string): Promise<ManyRow> {
  const profile = values.profile ? ["--cpu-prof", `--cpu-prof-dir=${values.profile}`] : [];
  const args = [...profile, ...recorded.words, "--config", file, "--identity", keyFile];
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: recorded.project.folder,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
  });
  let used = { peakMb: 0, cpuMs: 0 };
  const look = setInterval(() => {
    used = usedBy(child.pid!) ?? used;
  }, 50);
  let last = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // Only the last line is wanted, and it is a long one.
    last += text;
    last = last.slice(last.trimEnd().lastIndexOf("\n") + 1);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const [code] = await once(child, "close");
  clearInterval(look);
  const ms = Math.round(performance.now() - begun);
  if (code !== 0)
    throw new Error(`djdeploy deploy to ${hosts} hosts: ${code}\n${last.slice(0, 4000)}${stderr}`);
  const report = JSON.parse(last) as { result: string; hosts: { result: string }[] };
  const deployed = report.hosts.filter(({ result }) => result === "deployed").length;
  if (deployed !== hosts) throw new Error(`${deployed} of ${hosts} hosts were deployed to`);
  return { hosts, ms, ...used };
}

/** What the kernel counted of a process so far: its highest resident memory in MB, its processor time. null when it is gone. */
function usedBy(pid: number): { peakMb: number; cpuMs: number } | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    // utime and stime, in ticks of 10 ms.
    const ticks = Number(fields[11]) + Number(fields[12]);
    return kilobytes === undefined ? null : { peakMb: Number(kilobytes) / 1024, cpuMs: ticks * 10 };
  } catch {
    return null;
  }
}

function fingerprint(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `SHA256:${createHash("sha256").update(key.getPublicSSH()).digest("base64").replace(/=+$/, "")}`;
}
