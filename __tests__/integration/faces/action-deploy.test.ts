import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runStep } from "../../support/runner.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

const secret = "a-long-and-random-enough-key-for-tests-0123456789-_xyzq";
let play: Playground;

beforeAll(async () => {
  play = await startPlayground();
});
afterAll(() => play.stop());

function step(inputs: Record<string, string> = {}) {
  const given = {
    "ssh-private-key": play.host.privateKey,
    "known-hosts": play.host.ssh.knownHosts.join("\n"),
  };
  return runStep(play.project, { ...given, tests: "checked", ...inputs }, { env: { SECRET_KEY: secret } });
}

it("plans, deploys and rolls back, and sets every output", async () => {
  const planned = await step({ command: "plan" });
  expect(planned.code).toBe(0);
  expect(JSON.parse(readFileSync(planned.outputs.plan!, "utf8"))).toMatchObject({
    environment: "production",
  });

  const first = await step();
  expect(first.annotations).toEqual([]);
  expect(first.code).toBe(0);
  expect(first.outputs).toMatchObject({
    result: "deployed",
    "previous-release": "",
    url: "http://counter.example.com",
    findings: "0",
    revision: expect.stringMatching(/^[0-9a-f]{40}$/),
    duration: expect.stringMatching(/^\d+\.\d$/),
  });
  expect(JSON.parse(readFileSync(first.outputs.report!, "utf8"))).toMatchObject({
    code: "result",
    result: "deployed",
    error: null,
  });
  expect(first.summary).toMatch(/^### ✅ deployed/);
  expect(first.log.match(/^::group::/gm)!.length).toBe(first.log.match(/^::endgroup::/gm)!.length);
  expect(first.log.replaceAll(`::add-mask::${secret}`, "") + first.summary).not.toContain(secret);
  // It counts its visits.
  const shown = async () => (await play.page()).replace(/\d+/g, "n");
  const page = await shown();

  const again = await step();
  expect(again.outputs.result).toBe("unchanged");

  await play.commit("visits/views.py", (text) => `${text}\nraise RuntimeError("broken on purpose")\n`);
  const broken = await step();
  expect(broken.code).not.toBe(0);
  expect(broken.annotations).toEqual([expect.stringContaining("broken on purpose")]);
  expect(broken.outputs).toMatchObject({ result: "kept-old" });
  expect(broken.summary).toMatch(/^### ❌ kept-old/);
  expect(await shown()).toBe(page);

  await play.commit("visits/views.py", (text) => text.replace(/\nraise .*\n/, "\n# a second release\n"));
  const second = await step();
  expect(second.outputs).toMatchObject({ result: "deployed", "previous-release": first.outputs.release });
  expect(second.summary).toContain(`djdeploy rollback production --to ${first.outputs.release}`);

  const back = await step({ command: "rollback", release: "previous" });
  expect(back.outputs).toMatchObject({ result: "rolled-back", release: first.outputs.release });
}, 180_000);

it("trusts no key but the pinned one", async () => {
  const { annotations, code, outputs } = await step({ "known-hosts": `SHA256:${"A".repeat(43)}` });
  expect(code).toBe(5);
  expect(annotations).toHaveLength(1);
  expect(annotations[0]).toContain("127.0.0.1");
  expect(outputs.result).toBe("kept-old");
});
