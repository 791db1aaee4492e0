// What it costs that the action replaces itself before code of the project runs: `npm run bench:sealed`, by the Node of
// `using: node24`, in pairs that take turns. The step is `command: test` of a project whose tests are `true`; without the
// replacement means that Node is kept from offering it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionNode } from "../../__tests__/support/action-node.ts";

const pairs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), "djdeploy-sealed-"));
const files: Record<string, string> = {
  "manage.py": `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "tute.settings")\n`,
  "tute/settings.py": `WSGI_APPLICATION = "tute.wsgi.application"\n`,
  "tute/wsgi.py": "application = 1\n",
  "requirements.txt": "# nothing\n",
  "djdeploy.yml": "app: tute\ntest: {command: 'true'}\nenvironments: {production: {hosts: [a.example]}}\n",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const git = (...args: string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=b", "-c", "user.email=b@example.com", ...args]);
git("init", "-q");
git("add", "-A");
git("commit", "-qm", "First");

function step(...options: string[]): number {
  const began = performance.now();
  const { status, stdout } = spawnSync(actionNode(), [...options, "dist/action/index.js"], {
    env: {
      ...{ PATH: process.env.PATH, HOME: folder, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder },
      ...{ GITHUB_OUTPUT: join(folder, "output"), GITHUB_STATE: join(folder, "state") },
      ...{ INPUT_COMMAND: "test", "INPUT_GITHUB-TOKEN": "a-token-of-the-job" },
    },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stdout);
  return performance.now() - began;
}

try {
  for (const name of ["output", "state"]) writeFileSync(join(folder, name), "");
  const sealed = () => step("--import", "data:text/javascript,0");
  const open = () => step("--import", "data:text/javascript,delete process.execve");
  // The first makes the environment of the tests.
  sealed();
  const rounds = Array.from({ length: pairs }, () => [sealed(), open()] as const);
  const at = (times: number[], part: number) =>
    times.sort((a, b) => a - b)[Math.round((pairs - 1) * part)]!.toFixed(0);
  const cost = rounds.map(([one, other]) => one - other);
  console.log(
    `medians of ${pairs} pairs: replaced ${at(
      rounds.map(([one]) => one),
      0.5,
    )} ms, not replaced ${at(
      rounds.map(([, other]) => other),
      0.5,
    )} ms`,
  );
  console.log(
    `a pair differs by ${at(cost, 0.5)} ms (5 % to 95 %: ${at(cost, 0.05)} to ${at(cost, 0.95)} ms)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
