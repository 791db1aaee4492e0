import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { action, type Ran, start } from "./support/program.ts";
import { type Site, secretKey, shopYml, startSite } from "./support/site.ts";

interface Job extends Ran {
  outputs: Record<string, string>;
  summary: string;
  /** The text of each ::error annotation. */
  errors: string[];
}

describe("the committed action, started as a runner starts it", () => {
  let site: Site;
  let folder: string;
  beforeAll(async () => {
    site = await startSite("systemd");
    folder = mkdtempSync(join(tmpdir(), "djdeploy-runner-"));
    // The action reads no ssh_config: the address stands in the file.
    const yml = shopYml("systemd").replace("[web1]", `[${site.host.address}]`);
    site.project.commit({ "djdeploy.yml": yml.replace("test: {command: false}\n", "") });
  });
  afterAll(async () => {
    await site?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function job(inputs: Record<string, string> = {}, eventName = "push"): Promise<Job> {
    const file = (name: string, text = "") => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const sha = site.project.git("rev-parse", "HEAD");
    const given: Record<string, string> = {
      "ssh-private-key": readFileSync(site.reach[3] ?? "", "utf8"),
      "known-hosts": site.host.hostKeys.join("\n"),
      secrets: `SECRET_KEY=${secretKey}`,
      "github-token": "",
      ...inputs,
    };
    const env: Record<string, string> = {
      GITHUB_ACTIONS: "true",
      CI: "true",
      GITHUB_ACTOR: "ann",
      GITHUB_EVENT_NAME: eventName,
      GITHUB_EVENT_PATH: file("event.json", JSON.stringify({ ref: "refs/heads/main", after: sha })),
      GITHUB_OUTPUT: file("output"),
      GITHUB_REF: "refs/heads/main",
      GITHUB_REF_NAME: "main",
      GITHUB_REF_TYPE: "branch",
      GITHUB_REPOSITORY: "example/shop",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_RUN_ID: "42",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_SHA: sha,
      GITHUB_STATE: file("state"),
      GITHUB_STEP_SUMMARY: file("summary"),
      GITHUB_WORKSPACE: site.project.folder,
      RUNNER_TEMP: folder,
    };
    for (const [name, value] of Object.entries(given)) env[`INPUT_${name.toUpperCase()}`] = value;
    const ran = await start(action, [], { cwd: site.project.folder, env }).ended;
    return {
      ...ran,
      outputs: outputsOf(readFileSync(join(folder, "output"), "utf8")),
      summary: readFileSync(join(folder, "summary"), "utf8"),
      errors: ran.stdout.split("\n").filter((line) => line.startsWith("::error")),
    };
  }

  const serves = async (word: string) => expect((await site.page()).body).toContain(`version ${word}`);

  test("deploys and sets every output", async () => {
    const before = await site.status();
    site.project.version("two");
    const done = await job();
    expect(done.code, done.stdout + done.stderr).toBe(0);
    const now = await site.status();
    expect(done.outputs).toMatchObject({
      result: "deployed",
      release: now.release,
      "previous-release": before.release,
      revision: site.project.git("rev-parse", "HEAD"),
      url: "http://shop.example.com",
      findings: "0",
    });
    expect(Number(done.outputs["duration"])).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(done.outputs["report"] ?? "", "utf8"))).toMatchObject({
      result: "deployed",
    });
    expect(done.errors).toEqual([]);
    expect(done.summary).toContain(now.release);
    expect(now.proven).toBe(true);
    // The one place where the value may stand is the command that masks it.
    expect(done.stdout.replaceAll(`::add-mask::${secretKey}`, "")).not.toContain(secretKey);
    await serves("two");
  });

  test("command: doctor: green, and red with the finding as an annotation", async () => {
    const good = await job({ command: "doctor" });
    expect(good.code, good.stdout + good.stderr).toBe(0);
    expect(good.stdout).toContain("✓ release");
    await site.root("systemctl disable -q shop-web@green.service");
    const bad = await job({ command: "doctor" });
    await site.root("systemctl enable -q shop-web@green.service");
    expect(bad.code, bad.stdout + bad.stderr).toBe(1);
    expect(bad.errors.join()).toContain("shop-web@green.service would not start after a reboot");
  });

  test("command: doctor comes to no host for a pull request", async () => {
    const done = await job({ command: "doctor" }, "pull_request");
    expect(done.code, done.stdout + done.stderr).toBe(7);
    expect(done.errors.join()).toContain("the doctor looks at no host for a pull request");
  });

  test.each([
    {
      title: "a wrong host key",
      inputs: () => ({ "known-hosts": `${site.host.address} ${otherKey}` }),
      files: {},
      code: 5,
      says: /host key/i,
    },
    {
      title: "a release that does not start",
      inputs: () => ({}),
      files: {
        "shop/wsgi.py":
          'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")\nimport nowhere\n',
      },
      code: 1,
      says: /No module named 'nowhere'/,
    },
    {
      title: "a failing test",
      inputs: () => ({}),
      files: {
        "shop/tests.py":
          "from django.test import TestCase\n\n\nclass T(TestCase):\n    def test_it(self):\n        self.fail('not today')\n",
      },
      code: 4,
      says: /test/i,
    },
  ])(
    "$title: one annotation says why, and the old page is still there",
    async ({ inputs, files, code, says }) => {
      const before = await site.status();
      const head = site.project.git("rev-parse", "HEAD");
      site.project.commit(files);
      const done = await job(inputs());
      site.project.git("reset", "-q", "--hard", head);
      expect(done.code, done.stdout + done.stderr).not.toBe(0);
      expect(done.code).toBe(code);
      expect(done.errors).toHaveLength(1);
      expect(done.errors[0]).toMatch(says);
      expect(done.outputs["result"]).toBe("kept-old");
      expect(await site.status()).toMatchObject({ release: before.release, proven: true });
      await serves("two");
    },
  );
});

const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS";

/** NAME<<DELIMITER, the value, DELIMITER: as the runner reads GITHUB_OUTPUT. */
function outputsOf(text: string): Record<string, string> {
  const pattern = /^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm;
  return Object.fromEntries(
    [...text.matchAll(pattern)].map(([, name, , value]) => [name ?? "", value ?? ""]),
  );
}
