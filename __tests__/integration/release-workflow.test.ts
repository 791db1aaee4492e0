import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ownCommit } from "../../src/cli/own-commit.ts";
import { home } from "../../src/version.ts";
import { temporaryFolder } from "../support/repository.ts";

// The scripts of release.yml, run by bash as the runner does, against a repository with tags and programs that stand in
// for gh, npm and sudo: what they are told is written down, what GitHub would keep is kept.
interface Workflow {
  on: { push: { tags: string[] } };
  defaults: { run: { shell: string } };
  jobs: Record<
    string,
    { needs?: string; permissions: object; steps: { name?: string; run?: string; uses?: string }[] }
  >;
}
const read = (path: string) => readFileSync(path, "utf8");
const workflow = parse(read(".github/workflows/release.yml")) as Workflow;
const scripts = (job: string) =>
  workflow.jobs[job]!.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

const standIns = {
  // State: releases/TAG is a draft or a release; tags/NAME holds a commit.
  gh: `case "$1 $2" in
  "release view") test -e "$STATE/releases/$3" ;;
  "release create") mkdir -p "$STATE/releases" && : >"$STATE/releases/$3"
    while [ $# -gt 0 ]; do [ "$1" != --notes-file ] || cp "$2" "$STATE/notes"; shift; done ;;
  "api --paginate") prefix=\${3##*/matching-refs/tags/}
    for tag in $(ls "$STATE/tags"); do case "$tag" in "$prefix"*) echo "refs/tags/$tag" ;; esac; done ;;
  "api -X") case "$3" in
    PATCH) name=\${4##*/}; test -e "$STATE/tags/$name" && echo "\${6#sha=}" >"$STATE/tags/$name" ;;
    POST) name=\${6##*/}; echo "\${8#sha=}" >"$STATE/tags/$name" ;;
  esac ;;
esac`,
  npm: `case "$1" in --version) echo "$NPM_VERSION" ;; pkg) exec "$REAL_NPM" "$@" ;; esac`,
  sudo: "",
};

const hostile = `- Something new: \`$(touch hacked)\` and $\{{ github.token }}.`;

let place: string;
let checkout: string;
let state: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-C", checkout, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    encoding: "utf8",
    stdio: "pipe",
  }).trim();

beforeEach(() => {
  place = temporaryFolder();
  checkout = join(place, "checkout");
  state = join(place, "state");
  for (const folder of ["bin", "state/tags", "temp", "checkout/scripts"])
    mkdirSync(join(place, folder), { recursive: true });
  for (const [name, script] of Object.entries(standIns)) {
    const path = join(place, "bin", name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>"$STATE/log"\n${script}\n`);
    chmodSync(path, 0o755);
  }
  cpSync("scripts/changelog.mjs", join(checkout, "scripts/changelog.mjs"));
  git("init", "-q", "-b", "main");
  release("1.2.3", hostile);
});

/** A commit on main whose package and changelog are of this version. */
function release(version: string, notes: string): void {
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ name: "django-deploy", version }));
  writeFileSync(
    join(checkout, "CHANGELOG.md"),
    `# Changelog\n\n## Unreleased\n\n- Later.\n\n## [${version}] - 2026-11-30\n\n${notes}\n\n## 1.0.0\n\n- First.\n`,
  );
  git("add", "-A");
  git("commit", "-qm", version);
  git("update-ref", "refs/remotes/origin/main", "HEAD");
}

/** Runs the scripts of a job as the runner does; ends with the first that fails. */
function run(job: string, tag: string, more: Record<string, string> = {}) {
  let output = "";
  for (const script of scripts(job)) {
    const file = join(place, "temp", "step.sh");
    writeFileSync(file, script);
    const done = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
      cwd: checkout,
      encoding: "utf8",
      env: {
        PATH: `${join(place, "bin")}:${process.env["PATH"]}`,
        HOME: place,
        CI: "true",
        GITHUB_REF_NAME: tag,
        GITHUB_SHA: git("rev-parse", "HEAD"),
        GITHUB_REPOSITORY: home,
        RUNNER_TEMP: join(place, "temp"),
        STATE: state,
        NPM_VERSION: "11.6.2",
        REAL_NPM: execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim(),
        ...more,
      },
    });
    output += `${done.stdout}${done.stderr}`;
    if (done.status !== 0) return { code: done.status, output, log: log() };
  }
  return { code: 0, output, log: log() };
}
const log = () => (existsSync(join(state, "log")) ? read(join(state, "log")).trim().split("\n") : []);
/** GitHub's tags; v1 is the floating one. */
const tags = (all: Record<string, string>) => {
  for (const [name, sha] of Object.entries(all)) writeFileSync(join(state, "tags", name), `${sha}\n`);
};
const tag = (name: string) =>
  existsSync(join(state, "tags", name)) ? read(join(state, "tags", name)).trim() : null;

describe("release.yml", () => {
  it("runs one job after the other, each with just its rights", () => {
    const { check, draft, npm, publish } = workflow.jobs;
    expect(workflow.defaults.run.shell).toBe("bash");
    expect([draft, npm, publish].map((job) => job?.needs)).toEqual(["check", "draft", "npm"]);
    expect([check, draft, npm, publish].map((job) => job?.permissions)).toEqual([
      { contents: "read" },
      { contents: "write" },
      { contents: "read", "id-token": "write" },
      { contents: "write" },
    ]);
    // What may write runs no program of others, and what moves tags not even ours.
    expect(JSON.stringify([draft, npm, publish])).not.toMatch(/npm (?:ci|install)|npx|\.ci\/run/);
    expect(publish?.steps.filter(({ uses }) => uses)).toEqual([]);
    expect(JSON.stringify(workflow)).not.toContain("registry-url");
  });

  it("proves what CI proves, by the same command", () => {
    const ci = parse(read(".github/workflows/ci.yml")) as Workflow;
    const whole = ci.jobs["gate"]!.steps.at(-1)!.run!;
    expect(whole).toContain(".ci/run");
    const { code, log } = run("check", "v1.2.3");
    expect([code, scripts("check").at(-1)]).toEqual([0, whole]);
    expect(log.at(-1)).toMatch(/^sudo --preserve-env=CI env PATH=\S+ \.ci\/run$/);
  });

  it.each([
    ["another version", "v1.2.4", () => replace("[1.2.3]", "[1.2.4]"), ""],
    ["a tag with a command in it", "v1.2.3-$(touch hacked)", () => {}, ""],
    ["no section", "v1.2.3", () => replace("[1.2.3]", "[1.2.2]"), 'has 0 sections "## 1.2.3"'],
    ["two sections", "v1.2.3", () => replace("## 1.0.0", "## 1.2.3"), "has 2 sections"],
    ["an empty section", "v1.2.3", () => replace(/- Something.*/, "### Added"), "the section 1.2.3 is empty"],
    [
      "only in a code block",
      "v1.2.3",
      () => replace("## [1.2.3] - 2026-11-30", "```\n## 1.2.3\n```"),
      "has 0",
    ],
    ["a commit that is not on main", "v1.2.3", () => git("commit", "-q", "--allow-empty", "-m", "aside"), ""],
  ])("refuses %s before anything is made", (_, name, change, said) => {
    change();
    const { code, output, log } = run("check", name);
    expect([code === 0, output, log]).toEqual([false, expect.stringContaining(said), []]);
    expect(existsSync(join(checkout, "hacked"))).toBe(false);
  });

  it("drafts with the section as notes, once", () => {
    const first = run("draft", "v1.2.3");
    expect([first.code, first.output]).toEqual([0, ""]);
    expect(first.log).toEqual([
      `gh release view v1.2.3 --repo ${home}`,
      `gh release create v1.2.3 --repo ${home} --draft --verify-tag --title v1.2.3 --notes-file ${place}/temp/notes.md`,
    ]);
    expect(read(join(state, "notes"))).toBe(`${hostile}\n`);
    expect(run("draft", "v1.2.3").log.filter((line) => line.includes("create"))).toHaveLength(1);
  });

  it("publishes a package that knows its commit", () => {
    const { code, log } = run("npm", "v1.2.3");
    expect([code, log.at(-1)]).toEqual([0, "npm publish --provenance --access public --tag latest"]);
    expect(ownCommit(join(checkout, "dist/cli/index.js"))).toBeNull(); // there is no such program
    mkdirSync(join(checkout, "dist/cli"), { recursive: true });
    writeFileSync(join(checkout, "dist/cli/index.js"), "");
    expect([
      ownCommit(join(checkout, "dist/cli/index.js")),
      JSON.parse(read(join(checkout, "package.json"))).gitHead,
    ]).toEqual(Array(2).fill(git("rev-parse", "HEAD")));
  });

  it.each(["10.9.4", "11.5.0", "9.99.99"])("publishes nothing with npm %s", (version) => {
    const { code, output, log } = run("npm", "v1.2.3", { NPM_VERSION: version });
    expect([code, output, log]).toEqual([1, `npm ${version} is too old\n`, ["npm --version"]]);
  });

  it("makes the newest release the latest, and v1 lead to it, the first time too", () => {
    tags({ "v1.2.3": "x", "v1.2.3-rc.1": "x", "v1.0.0": "x", "v0.9.0": "x" });
    const { code, log } = run("publish", "v1.2.3");
    expect([code, tag("v1")]).toEqual([0, git("rev-parse", "HEAD")]);
    expect(log).toContain(`gh release edit v1.2.3 --repo ${home} --draft=false --latest=true`);
    release("1.10.0", "- More.");
    tags({ "v1.10.0": "x" });
    run("publish", "v1.10.0");
    expect(tag("v1")).toBe(git("rev-parse", "HEAD"));
  });

  it("moves no tag back for a fix of an older line", () => {
    tags({ "v1.2.3": "x", "v1.10.0": "x", "v2.0.0": "x", "v10.0.0": "x", v1: "of 1.10.0", v2: "of 2.0.0" });
    const { code, output, log } = run("publish", "v1.2.3");
    expect([code, output, tag("v1"), tag("v2")]).toEqual([
      0,
      "v1 stays: v1.2.3 is not its newest\n",
      "of 1.10.0",
      "of 2.0.0",
    ]);
    expect(log).toContain(`gh release edit v1.2.3 --repo ${home} --draft=false --latest=false`);
    // The newest of its own line, but not of all: v1 moves, the latest release is another.
    release("1.11.0", "- More.");
    tags({ "v1.11.0": "x" });
    expect(run("publish", "v1.11.0").log).toContain(
      `gh release edit v1.11.0 --repo ${home} --draft=false --latest=false`,
    );
    expect(tag("v1")).toBe(git("rev-parse", "HEAD"));
  });

  it("a pre-release is one everywhere, and moves nothing", () => {
    release("1.3.0-rc.1", "- To try.");
    tags({ "v1.2.3": "x", "v1.3.0-rc.1": "x", v1: "of 1.2.3" });
    for (const job of ["check", "draft", "npm", "publish"]) expect(run(job, "v1.3.0-rc.1").code).toBe(0);
    expect(log()).toContainEqual(expect.stringMatching(/^gh release create v1\.3\.0-rc\.1 .* --prerelease$/));
    expect(log()).toContain("npm publish --provenance --access public --tag next");
    expect(log()).toContain(`gh release edit v1.3.0-rc.1 --repo ${home} --draft=false --latest=false`);
    expect(tag("v1")).toBe("of 1.2.3");
  });
});

function replace(what: string | RegExp, by: string): void {
  const path = join(checkout, "CHANGELOG.md");
  writeFileSync(path, read(path).replace(what, by));
}

it("CHANGELOG.md tells of this version", () => {
  const { version } = JSON.parse(read("package.json"));
  const done = spawnSync(process.execPath, ["scripts/changelog.mjs", `v${version}`], { encoding: "utf8" });
  expect([done.status, done.stderr]).toEqual([0, ""]);
});
