import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabHost } from "../../lab/host.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { Told } from "../../src/errors.ts";
import { type SetupOutcome, setup } from "../../src/release/setup/index.ts";
import { needsOf } from "../../src/release/setup/needs.ts";
import type { Event } from "../../src/report/event.ts";
import type { Target } from "../../src/ssh/types.ts";

/** The configuration of `production` from the text of a djdeploy.yml. */
export async function configOf(text: string): Promise<Config> {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-"));
  try {
    writeFileSync(join(folder, "djdeploy.yml"), text);
    return await loadConfig({ file: "djdeploy.yml", cwd: folder, environment: "production" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A small djdeploy.yml for one lab host; `more` is added at the top level, `there` to the environment. */
export function configText(app: string, address: string, more = "", there = ""): string {
  return `app: ${app}\n${more}\nenvironments:\n  production:\n    hosts: [${address}]\n${there.replace(/^(?=.)/gm, "    ")}`;
}

export function targetOf(host: LabHost, user = "root"): Target {
  return {
    name: host.address,
    host: host.address,
    port: 22,
    user,
    keys: [{ source: "the lab's key", text: host.privateKey }],
    passphrase: null,
    agent: null,
    pins: host.hostKeys.map((text) => ({ source: "the lab", text })),
    jump: null,
    connectTimeoutMs: 10_000,
  };
}

export interface SetupRun extends SetupOutcome {
  events: Omit<Event, "time">[];
}

/** Runs setup on a lab host as a user of it would. */
export async function runSetup(
  host: LabHost,
  config: Config,
  options: {
    dryRun?: boolean;
    user?: string;
    sudoPassword?: string;
    deployKeys?: string[];
    uv?: boolean;
    /** The run ends when this step begins, as if it had been killed. */
    cutAt?: string;
  } = {},
): Promise<SetupRun> {
  const events: Omit<Event, "time">[] = [];
  const outcome = await setup(
    {
      config,
      emit: (event) => {
        events.push(event);
        if (event.code === "step.start" && event.step === options.cutAt)
          throw new Told(`cut off at ${event.step}`);
      },
      targets: [targetOf(host, options.user)],
      repository: "github.com/example/shop",
      needs: needsOf(options.uv ?? false, {}),
    },
    {
      dryRun: options.dryRun ?? false,
      deployKeys: options.deployKeys ?? null,
      planKeys: null,
      sudoPassword: options.sudoPassword ?? null,
    },
  );
  return { ...outcome, events };
}
