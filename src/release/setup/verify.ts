import type { Config } from "../../config/types.ts";
import { asDeployError, DeployError, type ErrorDetails, ExitCode } from "../../errors.ts";
import { openSession } from "../../host/session.ts";
import type { Emit, StepResult } from "../../report/event.ts";
import { doorOf } from "../../services/door.ts";
import { asUserPath } from "../../services/identities.ts";
import { rootCommands } from "../../services/wiring.ts";
import { connect } from "../../ssh/connect.ts";
import type { Target } from "../../ssh/types.ts";
import { sudoersPath } from "./files.ts";
import type { Root } from "./root.ts";
import { runStep } from "./step.ts";

/** Logs in as the user that deploys, with the key we came in with, and starts the agent there as a deploy will. */
export async function verifyLogin(target: Target, config: Config, emit: Emit): Promise<StepResult> {
  const { deployer: user } = config.server;
  return await runStep(
    { step: "login", host: target.name, message: `ssh ${user}@${target.host}` },
    emit,
    async () => {
      const login = () =>
        connect({ ...target, user }).catch((cause) => {
          throw new DeployError(
            "setup.no-login",
            ExitCode.failed,
            `sshd does not let ${user} in with its key`,
            {
              expected:
                "the key we came in with opens the deploy user's login too: it is in its authorized_keys",
              seen: asDeployError(cause).message,
              hint: "look at AllowUsers, AllowGroups and AuthorizedKeysFile in the host's sshd_config",
              cause,
            },
          );
        });
      const session = await openSession(target.name, { site: config.release.path, connect: login });
      try {
        await session.request("facts");
      } catch (cause) {
        const { message, details } = asDeployError(cause);
        throw new DeployError("setup.no-agent", ExitCode.failed, `${user} can not deploy yet: ${message}`, {
          ...details,
          cause,
        });
      } finally {
        await session.close();
      }
    },
  );
}

/**
 * Without root: says when the user can not read its own part of the journal. Deploys work all the same; what a release says
 * when it does not start would stay unseen.
 */
export async function noteJournal(root: Root, config: Config, emit: Emit): Promise<void> {
  const { user } = config.server;
  if ((await root.run("setup-journal.sh", [user])).trim() === "") return;
  const message = `${user} can not read its own journal, so that logs stay empty; root mends that: adduser ${user} systemd-journal`;
  emit({ code: "note", level: "warning", message, host: root.connection.name });
}

/** Tries as the user that deploys what a deploy will need: folders, sudo rules, venv, its own key file. */
export async function verifySetup(
  root: Root,
  config: Config,
  keysPath: string,
  emit: Emit,
): Promise<StepResult> {
  const { user, deployer, manager, scope } = config.server;
  const what = scope === "user" ? "folders and venv" : "folders, sudo and venv";
  return await runStep(
    { step: "verify", host: root.connection.name, message: `${what} as ${deployer}` },
    emit,
    async () => {
      const others = Object.keys(config.processes);
      const allowed =
        scope === "user" ? [] : rootCommands(config.app, manager, doorOf(config.server), others);
      const commands = allowed.map((argv) => argv.join(" "));
      const as = scope === "user" ? "-" : asUserPath(config.app);
      const targets = config.shared.flatMap(({ target }) => target ?? []).join(" ");
      const parameters = [deployer, user, config.release.path, keysPath, as, targets, ...commands];
      const said = await root.run("setup-verify.sh", parameters);
      const problems = said.split("\n").filter(Boolean);
      if (problems.length === 0) return;
      const message = `${deployer} can not deploy yet: ${problems[0]}`;
      const forbidden = problems[0]!.startsWith("sudo ") ? sudoSays(config) : {};
      const output = problems.join("\n");
      throw new DeployError("setup.not-ready", ExitCode.failed, message, { ...forbidden, output });
    },
  );
}

/** Where a host's own rules stand against ours. The last that fits counts. */
function sudoSays(config: Config): ErrorDetails {
  const { deployer } = config.server;
  return {
    at: "/etc/sudoers",
    expected: `that the rules of ${sudoersPath(config.app)} count`,
    seen: "they are not read, or one that comes later forbids it",
    hint: `sudo -l -U ${deployer} shows what counts, in its order: change what forbids it (in /etc/sudoers.d the last name wins), then run setup again; the site is served meanwhile`,
  };
}
