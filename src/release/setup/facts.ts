import type { CertificateFiles } from "../../services/certificate.ts";
import type { Root } from "./root.ts";

/** What is at a path. Content is null for a file that is empty, or too large to be ours; entries are the first 50 at most. */
export type PathFact =
  | { type: "file"; mode: string; owner: string; group: string; content: string | null }
  | { type: "folder"; mode: string; owner: string; group: string; entries: string[] }
  | { type: "link"; target: string }
  | { type: "other" };

/** What setup knows of a host before it decides. */
export interface HostFacts {
  os: { id: string; version: string; name: string };
  systemd: boolean;
  ipv6: boolean;
  nginx: boolean;
  /** /etc/nginx/nginx.conf; null where it can not be read. */
  nginxConf: string | null;
  /** Where a configured path leads, links on its way followed. */
  real: Map<string, string>;
  /** Debian's own default site is enabled and as Debian wrote it. */
  pristineDefault: boolean;
  /** nginx's other configuration: enabled sites and conf.d. */
  sites: { path: string; realPath: string; content: string }[];
  /** authorized_keys of the user we came in as. */
  loginKeys: string;
  packages: Set<string>;
  paths: Map<string, PathFact>;
  /** The first of their groups is their own. */
  users: Map<string, { uid: number; home: string; groups: string[]; shell: string }>;
  units: Map<string, { enabled: boolean; stale: boolean; active: boolean }>;
  /** supervisord's programs that it knows. */
  programs: Set<string>;
  /** Version by path. */
  uv: Map<string, string>;
  /** Access lists of folders as the kernel keeps them, in base64; "" where there is none. */
  acls: Map<string, string>;
  /** Folders on whose way somebody else than root can put something: the first such folder, and whose it is. */
  open: Map<string, { path: string; owner: string }>;
  /** What was asked for as `certificate`; null = not asked. */
  certificate: CertificateFact | null;
  /** Groups that are there. */
  groups: Map<string, Group>;
}

export type CertificateFact =
  | { kind: "missing"; file: string }
  /** Somebody else than root can put something in the place of `file`, at `path`. */
  | { kind: "open"; file: string; path: string }
  /** PEM texts: the file, the public half of the key ("" = not readable), what nginx shows ("" = nothing); mode and owner of the key. */
  | { kind: "read"; certificate: string; publicKey: string; keyMode: string; shown: string };

interface Group {
  /** Those that were put into it. */
  members: string[];
  /** Whose own group it is. */
  primaryOf: string[];
  /** nginx runs with workers that are not in it yet. */
  stale: boolean;
}

export interface Questions {
  packages: string[];
  paths: string[];
  users: string[];
  units: string[];
  programs: string[];
  uv: string[];
  acls?: string[];
  /** Folders on whose way everything has to be root's. */
  ways?: string[];
  groups?: string[];
  certificate?: CertificateFiles & { name: string; port: number };
  real?: string[];
}

/** Reads all facts in one go. */
export async function readFacts(root: Root, questions: Questions): Promise<HostFacts> {
  const ask = (kind: string, names: string[]) => names.map((name) => `${kind} ${name}`);
  const { certificate } = questions;
  const output = await root.run("setup-facts.sh", [
    ...ask("package", questions.packages),
    ...ask("path", questions.paths),
    ...ask("user", questions.users),
    ...ask("unit", questions.units),
    ...ask("program", questions.programs),
    ...ask("uv", questions.uv),
    ...ask("acl", questions.acls ?? []),
    ...ask("way", questions.ways ?? []),
    ...ask("group", questions.groups ?? []),
    ...ask("real", questions.real ?? []),
    ...(certificate ? [certificateQuestion(certificate)] : []),
  ]);
  return parseFacts(output);
}

function certificateQuestion({
  certificate,
  key,
  name,
  port,
}: NonNullable<Questions["certificate"]>): string {
  return `certificate ${certificate} ${key} ${name} ${port}`;
}

/** The records that setup-facts.sh prints. */
export function parseFacts(output: string): HostFacts {
  const facts: HostFacts = {
    os: { id: "", version: "", name: "" },
    systemd: false,
    ipv6: false,
    nginx: false,
    nginxConf: null,
    real: new Map(),
    pristineDefault: false,
    sites: [],
    loginKeys: "",
    packages: new Set(),
    paths: new Map(),
    users: new Map(),
    units: new Map(),
    programs: new Set(),
    uv: new Map(),
    acls: new Map(),
    open: new Map(),
    certificate: null,
    groups: new Map(),
  };
  for (const line of output.split("\n")) {
    const [kind = "", ...fields] = line.split("\t");
    if (Object.hasOwn(readers, kind)) readers[kind]?.(facts, fields);
  }
  return facts;
}

const readers: Record<string, (facts: HostFacts, fields: string[]) => void> = {
  os: (facts, [id = "", version = "", name = ""]) => {
    facts.os = { id, version, name };
  },
  systemd: (facts) => {
    facts.systemd = true;
  },
  ipv6: (facts) => {
    facts.ipv6 = true;
  },
  nginx: (facts, [content = ""]) => {
    facts.nginx = true;
    facts.nginxConf = content === "" ? null : decoded(content);
  },
  real: (facts, [path = "", real = ""]) => {
    facts.real.set(path, real);
  },
  pristine: (facts) => {
    facts.pristineDefault = true;
  },
  site: (facts, [path = "", realPath = "", content = ""]) => {
    facts.sites.push({ path, realPath, content: decoded(content) });
  },
  login: (facts, [content = ""]) => {
    facts.loginKeys = decoded(content);
  },
  package: (facts, [name = ""]) => {
    facts.packages.add(name);
  },
  path: (facts, [path = "", ...fields]) => {
    facts.paths.set(path, pathFact(fields));
  },
  user: (facts, [name = "", uid = "", home = "", groups = "", shell = ""]) => {
    facts.users.set(name, { uid: Number(uid), home, groups: groups.split(" "), shell });
  },
  unit: (facts, [name = "", enabled = "", stale = "", active = ""]) => {
    const states = { enabled: enabled === "enabled", stale: stale === "yes", active: active === "active" };
    facts.units.set(name, states);
  },
  program: (facts, [name = ""]) => {
    facts.programs.add(name);
  },
  uv: (facts, [path = "", version = ""]) => {
    facts.uv.set(path, version);
  },
  acl: (facts, [path = "", acl = ""]) => {
    facts.acls.set(path, acl);
  },
  group: (facts, [name = "", members = "", primaryOf = "", stale = ""]) => {
    const list = (text: string) => text.split(",").filter(Boolean);
    facts.groups.set(name, { members: list(members), primaryOf: list(primaryOf), stale: stale === "yes" });
  },
  certificate: (facts, [kind = "", ...fields]) => {
    const [first = "", second = "", third = "", fourth = ""] = fields;
    if (kind === "missing") facts.certificate = { kind, file: first };
    else if (kind === "open") facts.certificate = { kind, file: first, path: second };
    else
      facts.certificate = {
        kind: "read",
        certificate: decoded(first),
        publicKey: decoded(second),
        keyMode: third,
        shown: decoded(fourth),
      };
  },
  way: (facts, [name = "", path, owner = ""]) => {
    if (path) facts.open.set(name, { path, owner });
  },
};

function pathFact([type = "", mode = "", owner = "", group = "", content]: string[]): PathFact {
  const text = decoded(content ?? "");
  if (type === "link") return { type, target: text.trimEnd() };
  if (type === "folder") return { type, mode, owner, group, entries: text.split("\n").filter(Boolean) };
  if (type === "file") return { type, mode, owner, group, content: text === "" ? null : text };
  return { type: "other" };
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
