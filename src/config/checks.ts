import { doorProblems } from "./doors.ts";
import type { Path, Problem } from "./problems.ts";
import { dotted } from "./problems.ts";
import { hostOf, releaseFolder, tidy, toHost } from "./resolve.ts";
import type { Settings } from "./schema/index.ts";
import { scopeProblems } from "./scope.ts";
import { supportTable } from "./support.ts";
import { tlsProblems } from "./tls.ts";

/** A problem that still needs its place: the path is below the environment. */
export interface Finding extends Omit<Problem, "at"> {
  path: Path;
  part: "key" | "value";
}

/** What no single key can tell: names given twice, limits that cross. */
export function crossChecks(s: Settings): Finding[] {
  const findings: Finding[] = [];
  const add = (path: Path, message: string, hint: string) =>
    findings.push({ code: "conflict", path, part: "value", message: `${dotted(path)}: ${message}`, hint });

  for (const [i, name] of s.env.secrets.entries()) {
    if (Object.hasOwn(s.env.vars, name))
      add(
        ["env", "secrets", i],
        `${name} is in env.vars too`,
        "keep a secret's name in env.secrets only, its value in neither",
      );
  }
  const names: [Path, string][] = [
    ...s.env.secrets.map((name, i): [Path, string] => [["env", "secrets", i], name]),
    ...Object.keys(s.env.vars).map((name): [Path, string] => [["env", "vars", name], name]),
  ];
  for (const [path, name] of names) {
    if (name.startsWith("DJDEPLOY_"))
      add(path, `${name} is a name of djdeploy's own`, "begin it with something else");
  }
  if (s.drain.min > s.drain.max)
    add(["drain", "min"], "longer than drain.max", "make drain.max the longer one");
  if ((s.server.user ?? s.app) === "root")
    add(
      s.server.user === null ? ["app"] : ["server", "user"],
      "the application must not run as root",
      "name another user",
    );
  if (s.front["trusted-proxies"].length > 0 && s.nginx === "none")
    add(
      ["front", "trusted-proxies"],
      "nginx: none leaves it to your own web server whom it believes",
      "let that one check who sends X-Forwarded-Proto and set tls: external, or leave nginx to setup",
    );
  const asked = s.health.host === "auto" ? hostOf(s.url)[0] : s.health.host.replace(/:\d+$/, "");
  if (s.nginx === "manage" && s.domains.length > 0 && asked && !answersTo(s.domains, asked))
    add(
      ["domains"],
      `the site is asked as ${asked}, and nginx would not know that name`,
      `add ${asked} to it, or name one of these in url or health.host`,
    );
  const port = s.tls === "none" && /^http:/i.test(s.url ?? "") ? new URL(s.url!).port : "";
  if (
    s.nginx === "manage" &&
    port !== "" &&
    s.front.port === "auto" &&
    s.front["trusted-proxies"].length === 0
  )
    add(
      ["url"],
      `visitors would come to port ${port}, and nginx would listen on 80`,
      `write front: {port: ${port}}; or front: {port: 80}, where something before this host leads the one to the other`,
    );
  if (s.env.vars["SCRIPT_NAME"] && s.nginx === "manage")
    add(
      ["env", "vars", "SCRIPT_NAME"],
      "not yet supported: a site below a path; the server would refuse every other address",
      "take it out, and give the site a name of its own such as https://app.example.com",
    );
  for (const { path, message, hint } of doorProblems(s)) add(path, message, hint);
  for (const { path, message, hint } of tlsProblems(s)) add(path, message, hint);
  for (const { path, message, hint } of scopeProblems(s)) add(path, message, hint);
  for (const { path, message, hint } of processProblems(s)) add(path, message, hint);
  const seen = new Map<string, number>();
  for (const [i, written] of s.hosts.entries()) {
    const host = addressOf(written);
    if (seen.has(host)) add(["hosts", i], `the same host as hosts[${seen.get(host)}]`, "name each host once");
    else seen.set(host, i);
  }
  for (const [i, written] of s.shared.entries()) {
    const path = typeof written === "string" ? written : written.path;
    if ([".", ".git", ".djdeploy"].includes(tidy(path).split("/")[0]!))
      add(["shared", i], "cannot be shared", "name a folder or file of the project's data, such as media");
  }
  return findings;
}

/** Units of these names are the web server's own. */
const webNames = ["web", "blue", "green", "probe"];

function processProblems(s: Settings): { path: Path; message: string; hint: string }[] {
  const onHosts = new Set(s.hosts.flatMap((host) => (typeof host === "object" ? host.roles : ["web"])));
  return Object.entries(s.processes).flatMap(([name, written]) => {
    const path = ["processes", name];
    if (webNames.includes(name))
      return [{ path, message: "a name of the web server's own", hint: "call it worker, beat or the like" }];
    const roles = typeof written === "object" ? written.roles : ["web"];
    if (roles.some((role) => onHosts.has(role))) return [];
    const message = `no host has the role ${roles.join(" or ") || "of this process: its list is empty"}`;
    return [{ path: [...path, "roles"], message, hint: `hosts have ${[...onHosts].join(", ")}` }];
  });
}

/** Keys and values whose feature is not built yet. */
export function supportChecks(s: Settings): Finding[] {
  return supportTable.flatMap((row) => {
    const path = row.refused(s);
    if (!path) return [];
    return {
      code: "not-supported",
      path,
      part: "value" as const,
      message: `${dotted(path)}: not yet supported: ${row.reason}`,
      expected: row.works,
      hint: "leave it at what this version takes, or wait for the one that takes more",
    };
  });
}

/**
 * Two environments on one host need folders of their own, and names of their own for units, sockets and the nginx site;
 * told at the later one.
 */
export function sharedFolders(
  environments: ReadonlyMap<string, Settings>,
): (Finding & { environment: string })[] {
  const owners = new Map<string, string>();
  const findings: (Finding & { environment: string })[] = [];
  for (const [environment, settings] of environments) {
    for (const [i, written] of settings.hosts.entries()) {
      const claims = [releaseFolder(settings), unitsOf(settings)];
      const taken = claims.find(
        (claim) => (owners.get(`${addressOf(written)} ${claim}`) ?? environment) !== environment,
      );
      for (const claim of claims) {
        const place = `${addressOf(written)} ${claim}`;
        owners.set(place, owners.get(place) ?? environment);
      }
      if (taken === undefined) continue;
      const owner = owners.get(`${addressOf(written)} ${taken}`);
      findings.push({
        environment,
        code: "shared-folder",
        path: ["hosts", i],
        part: "value",
        message: `environments ${owner} and ${environment} would share ${taken} on ${toHost(written).name}`,
        expected: "a folder and an app of its own for each environment on a host",
        seen: taken,
        hint: `give environments.${environment} an app of its own, such as app: ${settings.app}-${environment}`,
      });
    }
  }
  return findings;
}

/** With `scope: user` each user has units of its own. */
function unitsOf({ app, server }: Settings): string {
  return `the units of app ${app}${server.scope === "user" ? ` of the user ${server.user ?? app}` : ""}`;
}

/** Which machine is meant, as far as the file tells: the user does not matter, the port does. */
function addressOf(written: Settings["hosts"][number]): string {
  const { host, port } = toHost(written);
  return `${host.toLowerCase()}:${port ?? 22}`;
}

/** As nginx reads server_name: a name, or `*.example.com` for all below it. */
function answersTo(domains: readonly string[], name: string): boolean {
  const asked = name.toLowerCase();
  return domains.some((one) => {
    const known = one.toLowerCase();
    return known === asked || (known.startsWith("*.") && asked.endsWith(known.slice(1)));
  });
}
