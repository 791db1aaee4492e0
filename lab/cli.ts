import { spawnSync } from "node:child_process";
import { type BaseName, baseImage, baseNames } from "./base.ts";
import { attachHost, bootHost, destroyHost, listHosts, sshArguments } from "./host.ts";
import { reap } from "./registry.ts";

const usage = `Real Debian hosts on this machine, for trying things by hand (as root):
  npm run lab -- up [bookworm|trixie] [NAME]   boots a host that stays until it is taken down
  npm run lab -- list                          all hosts, those of running tests too
  npm run lab -- ssh NAME [COMMAND...]         logs in as root
  npm run lab -- cable NAME up|down            pulls the network cable
  npm run lab -- crash NAME                    the end without a warning
  npm run lab -- start NAME                    boots it again
  npm run lab -- down NAME...|--all            removes hosts and their disks
  npm run lab -- images                        builds the base images that are missing
  npm run lab -- reap                          removes what killed test runs left`;

const say = (line: string) => process.stdout.write(`${line}\n`);

function find(name: string | undefined) {
  const record = listHosts().find((host) => host.name === name || String(host.number) === name);
  if (!record) throw new Error(`no host is named ${name ?? "(nothing)"}: npm run lab -- list shows them`);
  return record;
}

const verbs: Record<string, (args: string[]) => Promise<void>> = {
  async up([first, second]) {
    const known = baseNames.find((base) => base === first);
    const base: BaseName = known ?? "bookworm";
    const name = known ? second : first;
    if (name && listHosts().some((host) => host.name === name)) throw new Error(`${name} is up already`);
    const host = await bootHost({ base, owner: "nobody", say, ...(name && { name }) });
    say(`${host.name} runs ${base} at ${host.address}. Log in with either:`);
    say(`  npm run lab -- ssh ${host.name}`);
    say(`  ssh ${sshArguments(host).join(" ")}`);
    say(`Its known_hosts lines: ${host.knownHostsFile}`);
  },
  async list() {
    for (const { name, number, base, owner, keeper } of listHosts())
      say(
        `${name}\t10.99.${number}.2\t${base}\t${keeper ? "started" : "starting"}\t${owner ? `process ${owner.pid}` : "kept"}`,
      );
  },
  async ssh([name, ...command]) {
    const { status } = spawnSync("ssh", [...sshArguments(attachHost(find(name))), ...command], {
      stdio: "inherit",
    });
    process.exitCode = status ?? 255;
  },
  async cable([name, state]) {
    if (state !== "up" && state !== "down") throw new Error("cable NAME up|down");
    await attachHost(find(name)).cable(state);
  },
  async crash([name]) {
    await attachHost(find(name)).crash();
  },
  async start([name]) {
    await attachHost(find(name)).start();
  },
  async down(names) {
    const kept = listHosts().filter((host) => host.owner === null);
    for (const record of names.includes("--all") ? kept : names.map(find)) await destroyHost(record);
  },
  async images() {
    for (const folder of await Promise.all(baseNames.map((base) => baseImage(base, say)))) say(folder);
  },
  async reap() {
    await reap(destroyHost);
  },
};

const [verb = "", ...args] = process.argv.slice(2);
const act = verbs[verb];
if (!act) {
  say(usage);
  process.exitCode = verb === "" || verb === "--help" ? 0 : 2;
} else {
  try {
    await act(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
