import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../../lab/wait.ts";
import { readable, type Site, startSite } from "./site.ts";

// One host; a run whose migration waits for a file, and others that come meanwhile.
let site: Site;
let gate: string;
beforeAll(async () => {
  site = await startSite();
  gate = join(site.play.project, "..", "go");
  await site.good("The old page");
});
afterAll(() => site?.stop());

/** A migration that ends when the file is there, or after a minute. */
const waiting = (before: string) => `import os
import time

from django.db import migrations


def wait(apps, schema):
    open("${gate}.begun", "w").close()
    for _ in range(1200):
        if os.path.exists("${gate}"):
            return
        time.sleep(0.05)


class Migration(migrations.Migration):
    dependencies = [("visits", "${before}")]
    operations = [migrations.RunPython(wait)]
`;

/** Resolves when such a migration runs. */
const migrates = () =>
  waitFor(() => existsSync(`${gate}.begun`), { timeoutMs: 40_000, what: "the migration to run" });

describe("one run at a time", () => {
  it("a second deploy is told who is there, one that waits comes after", async () => {
    site.change({ "visits/migrations/0002_wait.py": waiting("0001_initial") });
    const first = site.deploy();
    await migrates();

    const second = await site.deploy();
    readable(second);
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/is locked by \S+ \(deploy of [0-9a-f]{7}\), for \d+ s/);
    expect(second.stderr).toContain("--wait");
    expect(second.stderr).toContain("djdeploy unlock production shows the holder");
    expect(second.stderr).toContain("\nlocked: ");

    expect((await site.deploy("--format", "json")).stdout).toContain('"error":"lock.held"');

    const shown = await site.cli("unlock", "production");
    expect(shown.stdout).toMatch(/locked by \S+ for .*, with [0-9a-f]{7}/);
    expect(shown.stdout).toContain("djdeploy unlock production --force REASON");

    const third = site.deploy("--wait");
    writeFileSync(gate, "");
    expect((await first).code).toBe(0);
    const waited = await third;
    expect(waited.code).toBe(0);
    expect(waited.stdout).toContain("unchanged: ");
  });

  it("unlock --force ends a run that hangs (lock.ended); its release is marked, the next one works", async () => {
    for (const file of [gate, `${gate}.begun`]) rmSync(file);
    site.change({ "visits/migrations/0003_wait.py": waiting("0002_wait") });
    const hanging = site.deploy();
    await migrates();
    const ended = await site.cli("unlock", "production", "--force", "hangs since noon");
    expect(ended.stderr).toBe("");
    expect(ended.stdout).toContain("ended, the lock is free");
    const ran = await hanging;
    readable(ran);
    expect(ran.stderr).toMatch(/ ended this run: hangs since noon/);
    expect(ran.stderr).toContain("\nkept-old: ");
    expect(ran.code).toBe(1);
    expect(await site.play.page()).toContain("The old page");
    expect((await site.cli("unlock", "production")).stdout).toContain("is not locked");
    expect(readFileSync(join(site.play.host.site, ".djdeploy/audit.jsonl"), "utf8")).toContain(
      "hangs since noon",
    );

    writeFileSync(gate, "");
    await site.good("After the lock");
    const { stdout } = await site.cli("releases", "production");
    expect(stdout).toMatch(/ failed /);
  });

  it("a runner that was killed: the next run waits for its migration, takes over, and says so", async () => {
    for (const file of [gate, `${gate}.begun`]) rmSync(file);
    site.change({ "visits/migrations/0004_wait.py": waiting("0003_wait") });
    const killed = site.begin("deploy", "production", "--skip-lint");
    await migrates();
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const shown = async () => (await site.cli("unlock", "production")).stdout;
    await waitFor(async () => (await shown()).includes("its runner is gone"), {
      timeoutMs: 20_000,
      what: "the host to know that the runner is gone",
    });

    const next = site.begin("deploy", "production", "--skip-lint");
    let told = "";
    next.stdout.on("data", (data) => {
      told += data;
      if (told.includes("waiting for the lock")) writeFileSync(gate, "");
    });
    expect((await once(next, "close"))[0], told).toBe(0);
    expect(told).toMatch(
      /waiting for the lock: the runner of \S+ \(deploy of [0-9a-f]{7}\) is gone; its step migrate ends within 30 min/,
    );
    expect(told).toMatch(/lock taken over from \S+ \(deploy of [0-9a-f]{7}\)/);
    expect(told).toContain("unfinished releases of an earlier run marked as failed");
  });

  it("a migration that Ctrl-C ended is not begun again without a word", async () => {
    for (const file of [gate, `${gate}.begun`]) rmSync(file);
    site.change({ "visits/migrations/0005_wait.py": waiting("0004_wait") });
    const cancelled = site.begin("deploy", "production", "--skip-lint");
    await migrates();
    cancelled.kill("SIGINT");
    expect((await once(cancelled, "close"))[0]).not.toBe(0);

    writeFileSync(gate, "");
    const again = await site.good("After Ctrl-C");
    expect(again.stdout).toMatch(
      /an earlier run was ended while it migrated \(\d{4}-\S+Z, visits\.0005_wait\); what was not recorded/,
    );
    expect((await site.good("And once more")).stdout).not.toContain("an earlier run was ended");
  });

  it("what is not committed is not deployed, and is said", async () => {
    const page = join(site.play.project, "visits/templates/visits/home.html");
    writeFileSync(page, "not committed");
    const ran = await site.deploy();
    site.restore();
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("1 changed files are not committed and are not deployed");
    expect(ran.stdout).toContain("visits/templates/visits/home.html");
    expect(await site.play.page()).toContain("And once more");
  });
});
