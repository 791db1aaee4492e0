import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type EmbeddedHost, startEmbeddedHost } from "../../../lab/embedded.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { deploy } from "../../../src/release/deploy.ts";
import type { DeployOptions, Outcome, RunContext } from "../../../src/release/types.ts";
import type { Event } from "../../../src/report/event.ts";
import { growingRedactor } from "../../../src/report/redact.ts";
import { resolveTargets } from "../../../src/ssh/target.ts";
import { shareVenvs } from "../../support/kept-venvs.ts";

const run = promisify(execFile);
const example = new URL("../../../examples/counter/", import.meta.url).pathname;

export interface Playground {
  host: EmbeddedHost;
  /** The git checkout of the project. */
  project: string;
  events: Event[];
  context(): Promise<RunContext>;
  deploy(options?: Partial<DeployOptions>): Promise<Outcome>;
  page(path?: string): Promise<string>;
  /** Changes a file and commits. */
  commit(path: string, change: (text: string) => string): Promise<void>;
  stop(): Promise<void>;
}

async function withoutAdmin(project: string): Promise<void> {
  const drop = async (file: string, ...lines: string[]) => {
    const path = join(project, file);
    const text = await readFile(path, "utf8");
    const left = text.split("\n").filter((line) => !lines.includes(line.trim()));
    await writeFile(path, left.join("\n"));
  };
  await rm(join(project, "visits/admin.py"));
  await drop("counter/settings/base.py", '"django.contrib.admin",');
  await drop("counter/urls.py", "from django.contrib import admin", 'path("admin/", admin.site.urls),');
}

/**
 * `builds`: it installs its packages itself, as the first deploy on a host does, and has more than one worker. The
 * others do without the admin: its pages take half of the processor time of each start and each collectstatic.
 */
export async function startPlayground({ builds = false } = {}): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), "djd-"));
  const project = join(folder, "project");
  await cp(example, project, { recursive: true });
  if (!builds) await withoutAdmin(project);
  const host = await startEmbeddedHost({
    folder: join(folder, "host"),
    app: "counter",
    environment: "production",
  });
  const stopSharing = builds ? () => {} : shareVenvs(host.site);
  await writeFile(
    join(project, "djdeploy.yml"),
    `app: counter
server: {manager: supervisord, workers: ${builds ? 2 : 1}}
test: {command: false}
env:
  secrets: [SECRET_KEY]
  vars: {ALLOWED_HOSTS: counter.example.com}
release: {path: ${host.site}}
environments:
  production:
    url: http://counter.example.com
    nginx: none
    front: {port: ${host.front.port}}
    hosts: ["${host.ssh.host}:${host.ssh.port}"]
`,
  );
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: project });
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-qm", "First");
  const events: Event[] = [];
  const values = { SECRET_KEY: "a-long-and-random-enough-key-for-tests-0123456789-_xyzq" };
  const play: Playground = {
    host,
    project,
    events,
    async context() {
      const config = await loadConfig({ cwd: project, environment: null });
      const { add, redact } = growingRedactor();
      add(Object.values(values));
      const targets = await resolveTargets(config, {
        face: "action",
        privateKey: host.privateKey,
        knownHosts: host.ssh.knownHosts.join("\n"),
      });
      return {
        config,
        targets,
        emit: (event) => {
          if (process.env["SHOW"])
            console.log(
              event.code,
              event.host ?? "",
              event.step ?? "",
              event.message,
              event.data?.["ms"] ?? "",
            );
          events.push({ ...event, time: new Date().toISOString() });
        },
        redact,
        hide: add,
        values,
        actor: "tester",
        runUrl: null,
        face: "cli",
        signal: new AbortController().signal,
      };
    },
    async deploy(options = {}) {
      return deploy(await play.context(), {
        revision: null,
        tests: "skip",
        skipLint: true,
        wait: false,
        force: null,
        ...options,
      });
    },
    async page(path = "/") {
      return get(host.front.port, path);
    },
    async commit(path, change) {
      const file = join(project, path);
      await writeFile(file, change(await readFile(file, "utf8")));
      await git("commit", "-qam", `Change ${path}`);
    },
    async stop() {
      stopSharing();
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return play;
}

/** fetch would replace the Host header. */
function get(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { port, path, headers: { host: "counter.example.com" }, agent: false },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text) => {
          body += text;
        });
        answer.on("end", () => resolve(body));
      },
    );
    request.on("error", reject);
  });
}
