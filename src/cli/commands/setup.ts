import type { Config } from "../../config/types.ts";
import { notYetSupported } from "../../errors.ts";
import { serverOf } from "../../plan/server.ts";
import { readProject } from "../../project/index.ts";
import { lintFolder } from "../../release/lint.ts";
import { setup } from "../../release/setup/index.ts";
import { needsOf } from "../../release/setup/needs.ts";
import { setupEnding } from "../../release/views/setup.ts";
import { defineCommand } from "../command.ts";
import { publicKeys } from "../deploy-keys.ts";
import { act } from "../modes.ts";
import { readSecret } from "../prompt.ts";

export const setupCommand = defineCommand({
  name: "setup",
  summary: "make a bare host ready",
  usage: "[ENV] [options]",
  example: "djdeploy setup production --user root --dry-run\ndjdeploy setup production --user root",
  about:
    "Installs packages, makes the application's user and folders, writes its units or programs, its nginx site and\n" +
    "sudo rules of exact commands. No deploy after it needs root. A second run changes nothing.",
  options: {
    user: {
      value: "USER",
      help: "who to connect as, this once: root (default) or a user with sudo; not with scope: user",
    },
    "ask-sudo-password": { help: "ask for the password of sudo" },
    "ci-key": {
      value: "new|FILE.pub",
      help: "make the key that may deploy, or name its public half (default: the one we use now)",
    },
    "plan-key": {
      value: "new|FILE.pub",
      help: "make or name a second key, which may only read what a plan needs",
    },
    adopt: { value: "UNIT", help: "not yet supported" },
    from: { value: "FOLDER", help: "not yet supported" },
    "dry-run": { help: "show each file and command, change nothing" },
  },
  run(invocation) {
    const { io, options } = invocation;
    const user = ({ server }: Config) => options.user ?? (server.scope === "user" ? null : "root");
    return act(invocation, { user }, async ({ context, reporter }) => {
      if (options.adopt !== null || options.from !== null) throw notYetSupported("setup --adopt");
      const { config, emit, targets, ask, signal } = context;
      const project = await readProject(config, null);
      const { settings } = (await lintFolder(config, { settings: null, values: {} })).result;
      serverOf(config, project);
      const keys = { dryRun: options["dry-run"], emit };
      const outcome = await setup(
        {
          config,
          emit,
          targets,
          signal,
          ...(ask ? { ask } : {}),
          repository: project.repository,
          needs: needsOf(project.installer.value === "uv", settings),
        },
        {
          dryRun: options["dry-run"],
          deployKeys: await publicKeys(options["ci-key"], config, io, { ...keys, kind: "deploy" }),
          planKeys: await publicKeys(options["plan-key"], config, io, { ...keys, kind: "plan" }),
          sudoPassword: options["ask-sudo-password"]
            ? await reporter.hold(() => readSecret(io, "sudo password: "))
            : null,
        },
      );
      return setupEnding(outcome, config.environment);
    });
  },
});
