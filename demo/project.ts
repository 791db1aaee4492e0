import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { EmbeddedHost } from "../lab/embedded.ts";

const run = promisify(execFile);
// This file runs from build/demo.
const example = fileURLToPath(new URL("../../examples/counter", import.meta.url));

/** A Django project in a git repository of its own. */
export interface Project {
  folder: string;
  /** What pip on the host needs to reach the package index as this machine does; some may hold a password. */
  installValues: Record<string, string>;
  /** Replaces text in a file and commits it. */
  change(file: string, from: string | RegExp, to: string): Promise<void>;
}

/** The bundled project, with a djdeploy.yml for this host. */
export async function makeProject(folder: string, host: EmbeddedHost): Promise<Project> {
  await cp(example, folder, { recursive: true });
  const { port } = host.front;
  const installValues = valuesForPip();
  await writeFile(
    join(folder, "djdeploy.yml"),
    `app: counter
server: {manager: supervisord, workers: 2}
python: {env: ${JSON.stringify(Object.keys(installValues))}}
lint:
  ignore:
    djdeploy.allowed-hosts-local: only this machine looks at the demo
    security.W005: no HTTPS on loopback
    security.W008: no HTTPS on loopback
    security.W021: no HTTPS on loopback
env:
  secrets: [SECRET_KEY]
  vars: {ALLOWED_HOSTS: "127.0.0.1,localhost"}
release: {path: ${host.site}}
environments:
  production:
    url: http://127.0.0.1:${port}
    nginx: none
    front: {port: ${port}}
    hosts: ["${host.ssh.host}:${host.ssh.port}"]
    known-hosts: |
      ${host.ssh.knownHosts.join("\n      ")}
`,
  );
  // Neither the habits of this machine's git (signed commits, hooks) nor a repository around us have a say.
  for (const name of Object.keys(process.env)) if (name.startsWith("GIT_")) delete process.env[name];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const who = ["-c", "user.name=Demo", "-c", "user.email=demo@example.com"];
  const git = (...args: string[]) => run("git", [...who, ...args], { cwd: folder, env });
  await git("init", "-q");
  await git("checkout", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-qm", "First version");
  return {
    folder,
    installValues,
    async change(file, from, to) {
      const path = join(folder, file);
      await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
      await git("commit", "-qam", `Change ${file}`);
    },
  };
}

function valuesForPip(): Record<string, string> {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "djdeploy", "demo", "pip");
  // Our own test environment and the host's share what was downloaded.
  process.env["PIP_CACHE_DIR"] ??= cache;
  const wanted = /^(?:PIP_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|https?_proxy|no_proxy)$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value && wanted.test(name) && !value.includes("\n") ? [[name, value]] : [],
    ),
  );
}
