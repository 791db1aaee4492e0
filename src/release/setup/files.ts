import { isIP } from "node:net";
import type { Config } from "../../config/types.ts";
import { readerProgram } from "../../host/agent.ts";
import { hostFiles } from "../../host/files.gen.ts";
import {
  type CertificateFiles,
  certbotOf,
  certificateFiles,
  challengeFolder,
} from "../../services/certificate.ts";
import { type Door, doorOf, doorText } from "../../services/door.ts";
import { gate, gatePath, ownGatePath } from "../../services/gate.ts";
import { asUserPath, asUserProgram } from "../../services/identities.ts";
import { journalProgram } from "../../services/journal.ts";
import { nginxSite, siteFile } from "../../services/nginx.ts";
import { sudoers } from "../../services/sudoers.ts";
import { processPrograms, programFile, webPrograms } from "../../services/supervisord.ts";
import {
  holderFile,
  processFile,
  processUnit,
  socketFile,
  systemUnits,
  unitFile,
  userUnits,
  webHolderUnit,
  webSocketUnit,
  webUnit,
} from "../../services/systemd.ts";
import { type Owner, rootedLayout } from "../../services/types.ts";
import { controlPath, journalPath, managerWiring, processWiring } from "../../services/wiring.ts";
import type { ProjectNeeds } from "./needs.ts";
import { hash, seal } from "./seal.ts";

/** What owner.json says of a setup that is under way, or broke off. */
export const unfinished = "unfinished";

/** A file of root's as it should be; with `scope: user` one of the user's own. */
export interface RootFile {
  /** What it is, in a word. */
  name: string;
  path: string;
  mode: string;
  check: "none" | "sudoers";
  content: string;
}

/** uv by version, so that a newer one never takes the place of one in use. */
export const uvVersion = "0.13.8";
export const uvFolder = `/opt/djdeploy/uv-${uvVersion}`;

/**
 * The gate and the manager's files: what starts the slots and processes. `config` is that of one host (configOn); `home` is
 * for `scope: user`, whose units lie below it; `real` says where a path leads on the host.
 */
export function serviceFiles(config: Config, home = "", real = (path: string) => path): RootFile[] {
  const sealed = (text: string) => seal(text, config.app, config.environment);
  const file = (name: string, path: string, text: string, mode = "644"): RootFile => ({
    ...{ name, path, mode, check: "none", content: sealed(text) },
  });
  const door = doorOf(config.server);
  const own = config.server.scope === "user";
  const folder = own ? userUnits(home) : systemUnits;
  const files =
    config.server.manager === "systemd" ? unitFiles(config, door, folder, real) : programFiles(config, door);
  return [
    file(
      "gate",
      own ? ownGatePath(config.release.path) : gatePath(config.app),
      `#!/bin/sh\n${gate(config.release.path, Object.keys(config.processes))}`,
      "755",
    ),
    ...(own ? [] : [file("as", asUserPath(config.app), `#!/bin/sh\n${asUserProgram()}`, "755")]),
    ...(config.server.manager === "systemd" && !own
      ? [file("journal", journalPath(config.app), `#!/bin/sh\n${journalOf(config, door)}`, "755")]
      : []),
    ...(config.server.manager === "supervisord"
      ? [file("control", controlPath(config.app), hostFiles["supervisorctl.py"], "755")]
      : []),
    ...files.map(([name, path, text]) => file(name, path, text)),
  ];
}

function journalOf({ app, processes }: Config, door: Door): string {
  return journalProgram(app, door, Object.keys(processes));
}

/** Name, path and text of each. */
type Named = [name: string, path: string, text: string];

function unitFiles(config: Config, door: Door, folder: string, real: (path: string) => string): Named[] {
  const { app } = config;
  const { user, scope, stopTimeoutMs } = config.server;
  const writable = config.shared.flatMap((shared) => (shared.target ? real(shared.target) : []));
  const { path } = config.release;
  const options = { app, user, scope, path, stopTimeoutMs, writable, srv: real("/srv"), door };
  const units: Named[] = door.kind === "none" ? [] : [["unit", unitFile(app, folder), webUnit(options)]];
  if (door.kind === "port")
    units.push(
      ["socket", socketFile(app, folder), webSocketUnit(app, door)],
      ["socket's service", holderFile(app, folder), webHolderUnit(app)],
    );
  for (const [name, { stopTimeoutMs, stopSignal }] of Object.entries(config.processes)) {
    const text = processUnit({ ...options, stopTimeoutMs }, name, stopSignal);
    units.push([`unit of ${name}`, processFile(app, name, folder), text]);
  }
  return units;
}

function programFiles(config: Config, door: Door): Named[] {
  const { app } = config;
  const { user, stopTimeoutMs } = config.server;
  const options = { app, user, stopTimeoutMs };
  const others = Object.entries(config.processes).map(([name, process]) => ({ name, ...process }));
  const web = door.kind === "none" ? [] : [webPrograms({ ...options, door })];
  const text = [...web, ...processPrograms(options, others)].join("\n");
  return [["programs", programFile(app), text]];
}

/** Where root keeps what a key that may only read starts; without root it lies beside what it reads. */
export function readerPath({ app, release, server }: Config): string {
  return server.scope === "user"
    ? `${release.path}/.djdeploy/reader`
    : `/usr/local/lib/djdeploy/${app}-reader`;
}

/** Not a part of `setupHash`: a newer djdeploy gets on with an older reader. */
export function readerFile(config: Config): RootFile {
  const content = seal(readerProgram(config.release.path), config.app, config.environment);
  return { name: "reader", path: readerPath(config), mode: "755", check: "none", content };
}

export const sudoersPath = (app: string): string => `/etc/sudoers.d/djdeploy-${app}`;

export function sudoersFile(config: Config): RootFile {
  const { user, deployer, manager } = config.server;
  const door = doorOf(config.server);
  return {
    name: "sudo rules",
    path: sudoersPath(config.app),
    mode: "440",
    check: "sudoers",
    content: seal(
      sudoers({ app: config.app, user, deployer, manager, door, processes: Object.keys(config.processes) }),
      config.app,
      config.environment,
    ),
  };
}

/** `shown`: the certificate that nginx shows, where it is not the configured one yet; null = none. */
export function siteOf(
  config: Config,
  needs: ProjectNeeds,
  ipv6: boolean,
  shown: CertificateFiles | null = certificateFiles(config.app, config.tls),
): { path: string; content: string; names: string[] } {
  const names = siteNames(config);
  const { tls } = config;
  const text = nginxSite({
    app: config.app,
    path: config.release.path,
    names,
    tls: shown ?? (typeof tls === "string" ? tls : "none"),
    challenges: certbotOf(tls) ? challengeFolder(config.app) : null,
    port: config.front.port === "auto" ? null : config.front.port,
    trustedProxies: config.front.trustedProxies,
    ...(isIP(config.front.address) ? { askedAt: config.front.address } : {}),
    ipv6,
    own: config.server.scope === "user",
    staticUrl: needs.staticUrl,
    mediaUrl: needs.mediaUrl,
  });
  return { path: siteFile(config.app), content: seal(text, config.app, config.environment), names };
}

/** `domains`, else the host of `url`, else none: the host's default site. */
function siteNames(config: Config): string[] {
  if (config.domains.length > 0) return config.domains.map((name) => name.toLowerCase());
  return config.url === null ? [] : [new URL(config.url).hostname.toLowerCase()];
}

/** owner.json as it should be. `uv` is where that lies, if the project needs it. */
export function ownerOf(
  config: Config,
  repository: string | null,
  needs: ProjectNeeds,
  uv = `${uvFolder}/bin/uv`,
): Owner {
  const door = doorOf(config.server);
  const { manager, scope } = config.server;
  const wiring = (name: string) => processWiring(config.app, manager, name, scope);
  const names = Object.keys(config.processes).map((name) => [name, wiring(name)]);
  return {
    version: scope === "user" ? 1 : rootedLayout,
    app: config.app,
    environment: config.environment,
    repository,
    user: config.server.user,
    ...(scope === "user" ? {} : { deployer: config.server.deployer, as: asUserPath(config.app) }),
    manager: managerWiring(config.app, manager, door, scope),
    ...(door.kind === "link" ? {} : { door: doorText(door) }),
    ...(names.length > 0 ? { processes: Object.fromEntries(names) } : {}),
    uv: needs.uv ? uv : null,
    urls: { staticUrl: needs.staticUrl, mediaUrl: needs.mediaUrl },
    setup: setupHash(config, needs),
  };
}

/**
 * Names what setup writes for this configuration, whatever the host. Where owner.json holds another one, setup has to
 * run again.
 */
export function setupHash(config: Config, needs: ProjectNeeds): string {
  const sudo = config.server.scope === "user" ? [] : [sudoersFile(config)];
  const files = [...serviceFiles(config), ...sudo].map((file) => file.content);
  const site = config.nginx === "manage" ? siteOf(config, needs, true).content : "";
  return hash(JSON.stringify([...files, site, config.release.path, needs.uv ? uvVersion : null]));
}
