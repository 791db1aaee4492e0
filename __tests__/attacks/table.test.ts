import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AttackCell, recordAttacks } from "../../bench/attacks/record.ts";
import { connect } from "../../src/ssh/connect.ts";
import { must } from "../hosts/support/older-layout.ts";
import { targetOf } from "../support/setup.ts";
import { type Attacked, attackedHost } from "./host.ts";
import { swapped } from "./swap.ts";
import { leaveMarks, type Prey, preyOf, type Victim, victims } from "./victims.ts";
import { type Way, ways } from "./ways.ts";

// Every way on every victim under both managers (`npm run test:attacks`): each is blocked, or its row says why it is open.
// A probe that gets nothing proves nothing, so root (or the victim itself) runs the same one and has to get something.

const tools = readFileSync(new URL("tools.py", import.meta.url), "utf8");
const commit = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();

const lines = (text: string, first: string) => text.split("\n").filter((line) => line.startsWith(first));

describe.each(["systemd", "supervisord"] as const)("under %s, a broken-into application", (manager) => {
  let attacked: Attacked;
  let prey: Record<Victim, Prey>;
  let exchanged: Record<Victim, string> | undefined;
  const cells: AttackCell[] = [];

  beforeAll(async () => {
    attacked = await attackedHost(manager);
    await leaveMarks(attacked.host, manager);
    prey = await preyOf(attacked.host, manager);
  });
  afterAll(async () => {
    await attacked?.host.stop();
    recordAttacks(commit, cells);
  });

  const program = (way: Way, victim: Victim) =>
    `${tools}\nimport json\nV = json.loads(${JSON.stringify(JSON.stringify(prey[victim]))})\n${way.probe}\n`;

  /** Lines that say what it got or was refused, as tools.py has them. */
  async function outcome(way: Way, victim: Victim): Promise<string> {
    if (way.probe === "") {
      if (!exchanged) {
        exchanged = await swapped(attacked, prey);
        prey = await preyOf(attacked.host, manager); // nginx has other processes now
      }
      const wrong = exchanged[victim];
      return wrong
        ? `GOT ${wrong}`
        : "no change: its files are as they were, and nothing of them came to the application";
    }
    const seen = await attacked.inside(program(way, victim));
    expect(seen, "the probe itself broke").not.toContain("Traceback");
    return seen + (await planted(way, victim));
  }

  /** What was left for somebody else to stumble on: whether that one did. */
  async function planted(way: Way, victim: Victim): Promise<string> {
    const { user } = prey[victim];
    if (way.way === "tmp file") {
      await attacked.inside(`
import os
for folder in ("/tmp", "/var/tmp"):
    os.symlink("/srv/shop/shared/caught-${user}", folder + "/link-for-${user}")
    os.chmod(os.open(folder + "/file-for-${user}", os.O_CREAT | os.O_WRONLY), 0o666)
`);
      for (const name of ["link", "file"])
        for (const folder of ["/tmp", "/var/tmp"])
          await attacked.host.root(
            `runuser -u ${user} -- sh -c 'echo ${prey[victim].mark} >>${folder}/${name}-for-${user}'`,
          );
      const caught = `grep -sl -e ${prey[victim].mark} /srv/shop/shared/caught-${user} /tmp/file-for-${user} /var/tmp/file-for-${user}`;
      const seen = await attacked.inside(
        `import subprocess; print(subprocess.run(${JSON.stringify(caught)}, shell=True, capture_output=True, text=True).stdout)`,
      );
      return seen.trim() ? `GOT planted: ${seen.trim()}\n` : "no planted name was written to\n";
    }
    if (way.way === "start-up file" && victim === "the deploying user") {
      await attacked.inside(`
for name in (".bashrc", ".profile", ".bash_profile", ".bash_login", ".pam_environment"):
    open("/srv/shop/shared/home/" + name, "w").write("cd /srv/shop && id >>work/run-by-$(id -un); cd\\n")
`);
      const login = await connect(targetOf(attacked.host, user));
      await login.exec("bash -lc true; bash -ic true; sh -lc true");
      await login.close();
      const run = await must(attacked.host, "ls /srv/shop/work");
      return run.includes("run-by")
        ? `GOT ${run}\n`
        : "no session of the deploying user read the running user's home\n";
    }
    return "";
  }

  const table = ways.flatMap((way) => victims.map((victim) => [way.way, victim, way] as const));

  test.each(table)("%s: %s", async (_way, victim, way) => {
    const seen = await outcome(way, victim);
    const got = lines(seen, "GOT ");
    const refused = lines(seen, "no ");
    expect(refused.length + got.length, seen).toBeGreaterThan(0);
    const open = way.open?.(victim, manager) ?? null;
    cells.push({
      ...{ way: way.way, tries: way.tries, victim, manager, open },
      seen: (open ? got : refused)
        .slice(0, 1)
        .join("")
        .replace(/\b\d{3,7}\b/g, "N")
        .slice(0, 160),
    });
    if (open) expect(got, "it is open no more: say so").not.toEqual([]);
    else expect(got, seen).toEqual([]);
    const control = way.probe === "" ? null : way.control ? way.control(victim) : "root";
    if (control === null) return;
    const user = control === "root" ? "root" : prey[victim].user;
    const run = `unshare -m --propagation private runuser -u ${user} -- python3 -`;
    const free = await attacked.host.root(run, { input: program(way, victim) });
    expect(lines(free.stdout, "GOT "), `${user} gets nothing: ${free.stdout}${free.stderr}`).not.toEqual([]);
  });
});
