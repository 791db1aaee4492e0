import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { alive } from "../../support/alive.ts";
import { endOf, watched } from "../../support/ends.ts";
import { djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

const cli = new URL("../../../dist/cli/index.js", import.meta.url).pathname;

it("Ctrl-C ends the tests with everything they started and leaves no checkout", async () => {
  const scratch = temporaryFolder();
  const temporary = join(scratch, "tmp");
  mkdirSync(temporary);
  const configuration = `app: tute
test:
  command: sleep 300 & echo $! > ${scratch}/pid; wait
environments:
  production:
    hosts: [192.0.2.1]
`;
  const repo = repository({
    ...djangoFiles(),
    "requirements.txt": "# nothing\n",
    "djdeploy.yml": configuration,
  });
  const child = spawn(process.execPath, [...watched, cli, "test"], {
    cwd: repo.directory,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(scratch, "cache") },
  });
  const ended = endOf(child);
  const pid = await vi.waitFor(
    () => Number(/^\d+(?=\n)/.exec(readFileSync(join(scratch, "pid"), "utf8"))![0]),
    {
      timeout: 40_000,
      interval: 100,
    },
  );
  expect(readdirSync(temporary)).toHaveLength(1);
  child.kill("SIGINT");
  const [code] = await ended;
  expect(code).not.toBe(0);
  await vi.waitFor(() => expect(alive(pid)).toBe(false));
  expect(readdirSync(temporary)).toEqual([]);
});
