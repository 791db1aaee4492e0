import type { Config } from "../../config/types.ts";
import { layout } from "../../host/layout.ts";
import { programFile } from "../../services/supervisord.ts";
import { unitFile } from "../../services/systemd.ts";
import type { Owner } from "../../services/types.ts";
import { slots } from "../../services/types.ts";
import { unitName } from "../../services/wiring.ts";
import type { HostFacts } from "./facts.ts";
import { refused } from "./guards.ts";
import { allPrograms } from "./service-items.ts";

/** A folder without owner.json may only hold what a setup that broke off left. */
export function checkFolder(config: Config, facts: HostFacts): void {
  const place = layout(config.release.path);
  const fact = facts.paths.get(place.path);
  if (!fact || facts.paths.has(place.owner) || facts.paths.has(place.ownRecord)) return;
  const foreign =
    fact.type === "folder" ? fact.entries.filter((entry) => entry !== ".djdeploy") : [`a ${fact.type}`];
  if (foreign.length === 0) return;
  throw refused("setup.foreign-folder", `${place.path} is there already and djdeploy did not make it`, {
    expected: "no such folder, or an empty one",
    seen: foreign.slice(0, 8).join(", "),
    hint: "move it away, or set `release: {path: …}` in djdeploy.yml",
  });
}

/**
 * Root, systemd and nginx name the application's folder: nobody else may be able to put another one in its place. Before
 * the first move to today's layout that is looked at up to the folder itself.
 */
export function checkWay(config: Config, facts: HostFacts): void {
  const { path } = config.release;
  const parent = path.slice(0, path.lastIndexOf("/")) || "/";
  const open = facts.open.get(parent);
  if (!open) return;
  throw refused("setup.open-way", `${open.path}, on the way to ${path}, can be changed by others than root`, {
    expected: "every folder on the way belongs to root, and only root may write it",
    seen: `${open.path} belongs to ${open.owner}`,
    hint: `chown root:root ${open.path} && chmod go-w ${open.path}, or set another release.path`,
  });
}

/** The file of the manager that is not configured. */
export function otherManagerFile(config: Config): string {
  return config.server.manager === "systemd" ? programFile(config.app) : unitFile(config.app);
}

/** Refuses a folder that root's setup wired, where the user's own is asked for, and the other way round. */
export function checkScope(config: Config, owner: Owner | null): void {
  const seen = owner?.manager.scope ?? "system";
  if (!owner || seen === config.server.scope) return;
  throw refused("setup.other-scope", `${config.release.path} was set up with scope: ${seen}`, {
    expected: config.server.scope,
    seen,
    hint: `keep \`server: {scope: ${seen}}\`, or set another \`release: {path: …}\``,
  });
}

/** Refuses what a running site can not be moved to by writing files: another manager, scope or user. */
export function checkMove(config: Config, facts: HostFacts, owner: Owner | null): void {
  const { user, manager } = config.server;
  checkScope(config, owner);
  if (facts.paths.has(otherManagerFile(config))) {
    const seen = manager === "systemd" ? "supervisord" : "systemd";
    throw refused("setup.other-manager", `${config.app} runs under ${seen} on this host`, {
      expected: `\`server.manager: ${seen}\`, or a host where ${otherManagerFile(config)} is gone`,
      seen: otherManagerFile(config),
      hint: `to move it (the site is down until the next deploy): ${removal(config)}; then run setup again`,
    });
  }
  if (owner && owner.user !== user) {
    throw refused("setup.other-user", `${config.release.path} belongs to the user ${owner.user}`, {
      expected: user,
      seen: owner.user,
      hint: `keep \`server: {user: ${owner.user}}\`, or set another \`release: {path: …}\``,
    });
  }
  const { deployer } = config.server;
  if (owner?.deployer && owner.deployer !== deployer) {
    throw refused("setup.other-user", `${config.release.path} is deployed by the user ${owner.deployer}`, {
      expected: deployer,
      seen: owner.deployer,
      hint: `keep it: \`hosts: [${owner.deployer}@…]\`, or set another \`release: {path: …}\``,
    });
  }
}

function removal(config: Config): string {
  const file = otherManagerFile(config);
  if (config.server.manager === "systemd") {
    const programs = allPrograms(config).join(" ");
    return `rm ${file}; supervisorctl reread; supervisorctl update ${programs}`;
  }
  return `systemctl disable --now ${slots.map((slot) => unitName(config.app, slot)).join(" ")}; rm ${file}`;
}
