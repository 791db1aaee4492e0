import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { djdeploy, type Ran } from "../../support/cli.ts";
import { type Playground, startPlayground } from "../release/playground.ts";

export const secret = `${"k".repeat(20)}abcdefghijklmnopqrstuvwxyz0123456789-_`;

/** How a run must have ended. */
export interface Fault {
  exit: number;
  /** The error's stable code. */
  code: string;
  result: string;
  /** What the message must say, to a person. */
  says: (string | RegExp)[];
  /** False where the run ended before a release was made. */
  keepsRelease?: boolean;
}

/** A live release on a host without root, and a checkout to break things in. */
export interface Site {
  play: Playground;
  cli(...words: string[]): Promise<Ran>;
  deploy(...options: string[]): Promise<Ran>;
  /** The bundle in a process of its own, which can be killed; a deploy is given its secrets. */
  begin(...words: string[]): ChildProcessWithoutNullStreams;
  /** Writes files (null: removes them) into the checkout and commits. */
  change(files: Record<string, string | null | ((text: string) => string)>): void;
  /** The checkout as it was when the last good deploy was made. */
  restore(): void;
  /** Deploys a page with this text, and sees it served. */
  good(text: string): Promise<Ran>;
  /** The run failed as it must: its words, the old page, a free lock, the marked release. */
  failed(ran: Ran, fault: Fault): Promise<void>;
  stop(): Promise<void>;
}

const cliBundle = new URL("../../../dist/cli/index.js", import.meta.url).pathname;
const page = "visits/templates/visits/home.html";

export async function startSite(): Promise<Site> {
  const play = await startPlayground();
  const { project, host } = play;
  const config = join(project, "djdeploy.yml");
  const envFile = join(project, "..", "production.env");
  writeFileSync(envFile, `SECRET_KEY=${secret}\n`);
  const pins = host.ssh.knownHosts.map((line) => `\n      ${line}`).join("");
  writeFileSync(
    config,
    `${readFileSync(config, "utf8")}    known-hosts: |${pins}\nhealth: {deadline: 20s}\n`,
  );
  let serves = "";
  let good = "";
  let releases: string[] = [];

  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
      cwd: project,
      encoding: "utf8",
    }).trim();

  const site: Site = {
    play,
    cli: (...words) =>
      djdeploy([...words, "--identity", host.keyFile, "--ssh-config", "none"], {
        cwd: project,
        env: { HOME: project, USER: "tester" },
      }),
    deploy: (...options) => {
      const given = options.includes("--env-file") ? [] : ["--env-file", envFile];
      // What the lint finds never gets here: these faults are those behind it.
      return site.cli("deploy", "production", "--skip-lint", ...given, ...options);
    },
    begin: (...words) => {
      const given = words[0] === "deploy" ? ["--env-file", envFile] : [];
      const all = [cliBundle, ...words, ...given, "--identity", host.keyFile, "--ssh-config", "none"];
      return spawn(process.execPath, all, { cwd: project, env: { ...process.env, HOME: project } });
    },
    change(files) {
      for (const [path, change] of Object.entries(files)) {
        const file = join(project, path);
        if (change === null) git("rm", "-q", path);
        else writeFileSync(file, typeof change === "string" ? change : change(readFileSync(file, "utf8")));
      }
      git("add", "-A");
      git("commit", "-qm", `Change ${Object.keys(files).join(", ")}`);
    },
    restore() {
      git("reset", "-q", "--hard", good);
    },
    async good(text) {
      site.change({ [page]: (html) => html.replace(/(<p id="line">).*(<\/p>)/, `$1${text}$2`) });
      const ran = await site.deploy();
      expect(ran.stderr).toBe("");
      expect(ran.code).toBe(0);
      expect(await play.page()).toContain(text);
      serves = text;
      good = git("rev-parse", "HEAD");
      releases = readdirSync(join(host.site, "releases"));
      return ran;
    },
    async failed(ran, fault) {
      readable(ran);
      for (const words of fault.says) expect(ran.stderr).toMatch(words);
      expect(ran.stderr).toContain(`\n${fault.result}: `);
      expect(ran.code).toBe(fault.exit);
      expect(await play.page()).toContain(serves);
      const status = JSON.parse((await site.cli("status", "production", "--format", "json")).stdout);
      expect(status.hosts[0]).toMatchObject({ proven: true, lock: null, state: "live" });
      const line = lastAttempt(host.site);
      expect(line).toMatchObject({ event: "deploy", error: { code: fault.code } });
      const before = releases;
      releases = readdirSync(join(host.site, "releases"));
      if (fault.keepsRelease === false) return expect(releases).toEqual(before);
      const manifest = join(host.site, "releases", line.release, ".djdeploy", "manifest.json");
      const { state, reason } = JSON.parse(readFileSync(manifest, "utf8"));
      expect(state).toBe("failed");
      expect(reason).toContain(line.error.message);
    },
    stop: () => play.stop(),
  };
  return site;
}

/** A message for a person: said once, no stack of ours, no secret. */
export function readable({ stdout, stderr }: Ran): void {
  expect(stderr.match(/^error/gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(stderr).not.toContain("unexpected:");
  expect(stderr).toMatch(/what to do: |did you mean/);
  expect(stdout + stderr).not.toContain(secret);
}

function lastAttempt(folder: string) {
  const lines = readFileSync(join(folder, ".djdeploy", "audit.jsonl"), "utf8")
    .trim()
    .split("\n");
  return JSON.parse(lines.at(-1) ?? "{}") as {
    event: string;
    release: string;
    result: string;
    error: { code: string; message: string };
    options: { force: string | null };
  };
}
