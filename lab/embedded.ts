import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { hostFiles } from "../src/host/files.gen.ts";
import { gate } from "../src/services/gate.ts";
import { deployUser } from "../src/services/identities.ts";
import type { Owner } from "../src/services/types.ts";
import { programName } from "../src/services/wiring.ts";
import { newDeployKey } from "../src/ssh/new-key.ts";
import { type Front, startFront } from "./front.ts";
import { type SshServer, type SshServerOptions, startSshServer } from "./sshd.ts";
import { waitFor } from "./wait.ts";

const run = promisify(execFile);
const supervisorVersion = "4.3.0";

export interface EmbeddedHost {
  ssh: SshServer;
  front: Front;
  /** Folder of the application, as /srv/APP on a real host. */
  site: string;
  user: string;
  /** Private key that may log in. */
  privateKey: string;
  keyFile: string;
  stop(): Promise<void>;
}

/**
 * A host without root, in a folder: an SSH server of our own, supervisord from the package index as the process
 * manager, and a small front door. What `djdeploy setup` does on a real host is done here by hand, in the folder.
 */
export async function startEmbeddedHost(options: {
  folder: string;
  app: string;
  environment: string;
  frontPort?: number;
  /** Ends the start wherever it is; what runs by then is for the caller to end. */
  signal?: AbortSignal;
  tap?: SshServerOptions["tap"];
}): Promise<EmbeddedHost> {
  const { folder, app, signal } = options;
  const site = join(folder, app);
  // Programs run as whoever started this; the name only has to be the one that the configuration logs in as.
  const user = deployUser(app);
  const supervisor = await installSupervisor(signal);
  for (const name of ["releases", "venvs", "shared/home", "shared/static", "slots", "run", "bin"]) {
    await mkdir(join(site, name), { recursive: true });
  }
  for (const name of ["env", ".djdeploy"]) await mkdir(join(site, name), { recursive: true, mode: 0o700 });
  const gateFile = join(folder, "gate");
  await writeFile(gateFile, `#!/bin/sh\n${gate(site)}`, { mode: 0o755 });
  const control = join(folder, "supervisor.sock");
  const config = join(folder, "supervisord.conf");
  await writeFile(config, supervisorConfig(folder, control, app, gateFile));
  const python = join(supervisor, "bin", "python");
  const controlFile = join(folder, "supervisorctl.py");
  await writeFile(controlFile, hostFiles["supervisorctl.py"]);
  const ctl = ["python3", "-I", "-S", controlFile, "-c", config];
  const program = programName(app, "{slot}");
  const owner: Owner = {
    version: 1,
    app,
    environment: options.environment,
    repository: null,
    user: app,
    manager: {
      kind: "supervisord",
      start: [...ctl, "start", program],
      stop: [...ctl, "stop", program],
      reset: null,
      status: [...ctl, "status", program],
      log: ["tail", "-n", "60", join(folder, "web-{slot}.log")],
    },
    uv: null,
    setup: "embedded",
  };
  await writeFile(join(site, ".djdeploy", "owner.json"), JSON.stringify(owner));

  signal?.throwIfAborted();
  const manager = spawn(python, ["-m", "supervisor.supervisord", "-n", "-c", config], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => manager.once("exit", () => resolve()));
  await waitFor(() => signal?.aborted || existsSync(control), {
    timeoutMs: 20_000,
    what: "supervisord to start",
  });
  signal?.throwIfAborted();

  const keys = newDeployKey("lab");
  const keyFile = join(folder, "id_ed25519");
  await writeFile(keyFile, keys.privateKey, { mode: 0o600 });
  const ssh = await startSshServer({
    authorizedKeys: [keys.publicKey],
    user,
    home: join(site, "shared", "home"),
    env: registryEnvironment(),
    ...(options.tap && { tap: options.tap }),
  });
  const front = await startFront(join(site, "run", "web.sock"), options.frontPort);
  return {
    ssh,
    front,
    site,
    user,
    privateKey: keys.privateKey,
    keyFile,
    async stop() {
      await front.stop();
      await ssh.stop();
      manager.kill("SIGTERM");
      await ended;
    },
  };
}

function supervisorConfig(folder: string, control: string, app: string, gateFile: string): string {
  const programs = (["blue", "green"] as const).map(
    (slot) => `[program:${programName(app, slot)}]
command=${gateFile} run ${slot}
directory=/
umask=022
autostart=true
autorestart=unexpected
exitcodes=0
startsecs=0
stopsignal=TERM
stopwaitsecs=70
killasgroup=true
redirect_stderr=true
stdout_logfile=${folder}/web-${slot}.log
`,
  );
  return `[supervisord]
nodaemon=true
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
[unix_http_server]
file=${control}
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${control}
${programs.join("")}`;
}

/** What pip needs from the machine to reach its index: the host has an environment of its own otherwise. */
function registryEnvironment(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^(PIP_|SSL_CERT|REQUESTS_CA|https?_proxy|no_proxy)/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}

/** supervisord in a virtual environment of its own, kept in the user's cache. */
export async function installSupervisor(signal?: AbortSignal): Promise<string> {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "djdeploy", "demo");
  // An environment works with the Python it was made with only.
  const { stdout: version } = await run("python3", ["-V"]);
  const folder = join(cache, `supervisor-${supervisorVersion}-${version.trim().replace(" ", "-")}`);
  if (existsSync(join(folder, "ready"))) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = `${folder}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  const options = signal ? { signal } : {};
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check"];
  try {
    await run("python3", ["-m", "venv", fresh], options);
    const requirement = `supervisor==${supervisorVersion}`;
    await run(join(fresh, "bin", "python"), [...pip, requirement, "setuptools<81"], options);
    await writeFile(join(fresh, "ready"), "");
    // The folder moves to its place in one go: two starts at once must not see half of it. (Scripts in it carry the
    // old path; modules do not, so supervisord is started as a module.)
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true, maxRetries: 5 });
    // A second start was faster.
    if (!existsSync(join(folder, "ready"))) throw error;
  }
  return folder;
}
