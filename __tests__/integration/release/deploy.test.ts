import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releases } from "../../../src/release/releases.ts";
import { rollback } from "../../../src/release/rollback.ts";
import { status } from "../../../src/release/status.ts";
import { renderStatus } from "../../../src/release/views/status.ts";
import { type Playground, startPlayground } from "./playground.ts";

const run = promisify(execFile);

// One host, one story: each test goes on where the one before ended.
let play: Playground;
beforeAll(async () => {
  play = await startPlayground({ builds: true });
});
afterAll(() => play?.stop());

const home = "visits/templates/visits/home.html";

describe("a deploy on a host without root", () => {
  it("brings the first release to life", async () => {
    const { error, report } = await play.deploy();
    expect(error).toBeNull();
    expect(report.result).toBe("deployed");
    expect(report.hosts[0]?.proof).toContain("answered 200 from it");
    expect(await play.page()).toContain("This is the first version");
  });

  it("leaves a manage.py for cron, in the release's own environment", async () => {
    const manage = join(play.host.site, "bin/manage");
    const { stdout } = await run(manage, ["shell", "-c", "import os; print(len(os.environ['SECRET_KEY']))"]);
    expect(stdout).toContain("55");
  });

  it("finds nothing to do the second time", async () => {
    const { error, report } = await play.deploy();
    expect(error).toBeNull();
    expect(report.result).toBe("unchanged");
  });

  it("sends only what changed, and keeps the database", async () => {
    await play.commit(home, (text) => text.replace("first version", "second version"));
    play.events.length = 0;
    const { error, report } = await play.deploy();
    expect(error).toBeNull();
    expect(report.result).toBe("deployed");
    const page = await play.page();
    expect(page).toContain("second version");
    const sent = play.events.find((event) => event.code === "step.done" && event.step === "upload");
    expect(sent?.message).toMatch(/^1 of \d+ files/);
    expect(existsSync(join(play.host.site, "shared/db.sqlite3"))).toBe(true);
  });

  it("keeps the old release when the new one does not start", async () => {
    await play.commit("counter/wsgi.py", (text) => `${text}\nimport nowhere\n`);
    const { error, report } = await play.deploy();
    expect(error?.exitCode).toBe(1);
    expect(error?.code).toBe("boot.failed");
    expect(error?.details.seen).toContain("No module named 'nowhere'");
    expect(report.result).toBe("kept-old");
    expect(await play.page()).toContain("second version");
  });

  it("goes back to the release before, and forward again by name", async () => {
    const seen = await status(await play.context());
    const live = seen.hosts[0];
    expect(seen.exceptions).toEqual([expect.stringContaining("supervisord has no sandbox")]);
    expect(renderStatus(seen, new Date())).toMatch(/^security: supervisord has no sandbox: .*/m);
    expect(live).toMatchObject({ proven: true, state: "live" });
    const back = await rollback(await play.context(), { to: null, migrations: "auto", env: "current" });
    expect(back.error).toBeNull();
    expect(back.report.result).toBe("rolled-back");
    expect(await play.page()).toContain("first version");
    const forth = await rollback(await play.context(), {
      to: live?.release ?? "",
      migrations: "auto",
      env: "current",
    });
    expect(forth.error).toBeNull();
    expect(await play.page()).toContain("second version");
  });

  it("tells the truth about its releases and leaves nothing over", async () => {
    const { releases: rows } = await releases(await play.context(), { all: false });
    expect(rows.map((row) => [row.state, row.live])).toEqual([
      ["failed", false],
      ["live", true],
      ["superseded", false],
    ]);
    expect(
      readdirSync(join(play.host.site, "run"))
        .filter((name) => name.endsWith(".sock"))
        .sort(),
    ).toHaveLength(2);
    expect((await status(await play.context())).hosts[0]).toMatchObject({ lock: null, proven: true });
  });

  it("says where the release's own Django and the lint differ", async () => {
    const loosened = "\nfrom django.conf import settings\n\nsettings.X_FRAME_OPTIONS = 'SAMEORIGIN'\n";
    await play.commit("visits/models.py", (text) => text + loosened);
    await play.commit("counter/wsgi.py", (text) => text.replace("import nowhere", ""));
    play.events.length = 0;
    expect((await play.deploy({ skipLint: false })).error).toBeNull();
    const differing = play.events.filter((event) => event.code === "finding.differs");
    expect(differing.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^security\.W019: the lint passed it, and the release's own Django raises it;/),
    ]);
  });

  it("goes on where the lint could judge nothing: the live check is asked", async () => {
    const opaque = "\nimport marshal\nglobals().update(marshal.loads(marshal.dumps({})))\n";
    await play.commit("counter/settings/production.py", (text) => text + opaque);
    play.events.length = 0;
    const { error, report } = await play.deploy({ skipLint: false });
    expect([error, report.result]).toEqual([null, "deployed"]);
    expect(play.events.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^counter\.settings\.production was not judged: .*; the live check judges it/),
    );
  });
});
