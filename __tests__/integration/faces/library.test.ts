import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heard, watched } from "../../support/ends.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

const root = process.cwd();
const secret = "a-long-and-random-enough-key-for-tests-0123456789-_xyzq";
const home = "visits/templates/visits/home.html";

// A program of somebody's with the package installed, beside a checkout; each test goes on where the one before ended.
let play: Playground;
let folder: string;
beforeAll(async () => {
  play = await startPlayground();
  const pins = JSON.stringify(play.host.ssh.knownHosts);
  await play.commit("djdeploy.yml", (text) =>
    text.replace("    nginx: none", `    nginx: none\n    known-hosts: ${pins}`),
  );
  folder = join(play.project, "..", "program");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/django-deploy"));
  for (const name of ["deploy.mjs", "status.cjs"])
    copyFileSync(join(root, "examples/library", name), join(folder, name));
});
afterAll(() => play?.stop());

/** Runs a program to its own end: it ends no process of its own, so what the library leaves open would hold it. */
async function program(file: string, words: string[] = []) {
  const env = {
    PATH: process.env["PATH"],
    SECRET_KEY: secret,
    DEPLOY_KEY_FILE: play.host.keyFile,
    HOME: "/nonexistent",
  };
  const child = spawn(process.execPath, [...watched, join(folder, file), ...words], {
    cwd: play.project,
    env,
  });
  return heard(child);
}

describe("the library in somebody's program", () => {
  it("deploys, as the example for import has it", async () => {
    const { code, stdout, stderr } = await program("deploy.mjs");
    expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^deployed: \S+\n$/)]);
    expect(await play.page()).toContain("first version");
  });

  it("shows what serves, as the example for require has it", async () => {
    const { code, stdout, stderr } = await program("status.cjs");
    expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^127\.0\.0\.1: \S+, proven\n$/)]);
  });

  it("deploys twice in one process, and is given up for the old release by its signal", async () => {
    writeFileSync(
      join(folder, "three.mjs"),
      `import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { deploy, RunError } from "django-deploy";
const change = (from, to) => {
  writeFileSync("${home}", readFileSync("${home}", "utf8").replace(from, to));
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", to]);
};
const options = (more) => ({
  tests: "skip",
  values: { SECRET_KEY: process.env.SECRET_KEY },
  ssh: { privateKey: readFileSync(process.env.DEPLOY_KEY_FILE, "utf8") },
  ...more,
});
change("first version", "second version");
const second = await deploy(options());
const same = await deploy(options({ async onEvent() { throw new Error("mine"); } })).catch((thrown) => thrown);
change("second version", "third version");
const controller = new AbortController();
const events = [];
const onEvent = (event) => {
  events.push(event);
  if (event.code === "step.start" && event.step === "boot") controller.abort();
};
const error = await deploy(options({ signal: controller.signal, onEvent })).catch((thrown) => thrown);
console.log(JSON.stringify([second.result, same.code, same.report.result, error instanceof RunError, error.code, error.report.result]));
console.log(JSON.stringify(events).includes(process.env.SECRET_KEY));
`,
    );
    const { code, stdout, stderr } = await program("three.mjs");
    expect(stderr).toBe("");
    expect([code, ...stdout.split("\n")]).toEqual([
      0,
      JSON.stringify(["deployed", "library.on-event", "unchanged", true, "cancelled", "kept-old"]),
      "false",
      "",
    ]);
    expect(await play.page()).toContain("second version");
  });

  it("prints nothing, and names what is wrong with its options, its key and its caller's function", async () => {
    writeFileSync(
      join(folder, "wrong.mjs"),
      `import { readFileSync } from "node:fs";
import { DeployError, deploy, lint, plan, RunError, status } from "django-deploy";
const key = readFileSync(process.env.DEPLOY_KEY_FILE, "utf8");
const told = [];
for (const asked of [
  () => status({ ssh: { key: "x" } }),
  () => status({ values: { SECRET_KEY: 7 } }),
  () => plan({ environment: "produktion", ssh: { privateKey: key } }),
  () => status({}),
  () => status({ ssh: { privateKey: "no key" } }),
  () => deploy({ ssh: { privateKey: key }, revision: "nowhere" }),
]) {
  const error = await asked().catch((thrown) => thrown);
  told.push([error instanceof DeployError, error instanceof RunError, error.code, error.exitCode]);
}
const { settingsModule, findings } = await lint();
process.exitCode = 0;
console.log(JSON.stringify([told, settingsModule, findings.filter((one) => one.level === "error" && one.certainty === "certain")]));
`,
    );
    const { code, stdout, stderr } = await program("wrong.mjs");
    expect(stderr).toBe("");
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      [
        [
          [true, false, "library.option", 2],
          [true, false, "library.option", 2],
          [true, false, "config.unknown-environment", 2],
          [true, false, "ssh.no-key", 2],
          [true, false, "ssh.key-invalid", 2],
          [true, true, "project.unknown-revision", 2],
        ],
        "counter.settings.production",
        [],
      ],
    ]);
  });

  it("declares each name that it has", () => {
    const declared = readFileSync(join(root, "dist/library/index.d.ts"), "utf8");
    const wrapper = readFileSync(join(root, "dist/library/index.mjs"), "utf8");
    const names = /\{ (.*) \}/.exec(wrapper)?.[1]?.split(", ") ?? [];
    expect(names).toContain("deploy");
    // A name that is a global's, too, is declared with a number behind it.
    const undeclared = names.filter(
      (name) => !new RegExp(`declare (?:class|const|function) ${name}(?:_2)?\\b`).test(declared),
    );
    expect(undeclared).toEqual([]);
  });
});
