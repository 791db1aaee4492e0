import { takesCertificate } from "./tls.ts";

/** What a new djdeploy.yml says. Only what is no default stands in it. */
export interface Written {
  app: string;
  environment: string;
  host: string;
  url: string | null;
  /** null: the default, main. */
  branch: string | null;
  secrets: string[];
  vars: Record<string, string>;
  /** A build that runs in a job of its own; null = none. */
  build?: { command: string; include: string[]; artifact: string } | null;
}

/** The text of djdeploy.yml, each line with a word on what it does. */
export function writeConfig({ app, environment, host, url, branch, secrets, vars, build }: Written): string {
  const rows: [string, string][] = [[`app: ${app}`, "names the units, folders and the user on the host"]];
  const names = Object.entries(vars);
  if (secrets.length > 0 || names.length > 0)
    rows.push(["env:", "what the settings read from the environment"]);
  if (secrets.length > 0)
    rows.push([`  secrets: [${secrets.join(", ")}]`, "names only; values are never in this file"]);
  if (names.length > 0) rows.push(["  vars:", "plain values"]);
  for (const [name, value] of names) rows.push([`    ${name}: ${JSON.stringify(value)}`, ""]);
  if (build) {
    rows.push(["build:", "in the job that tests; the one that deploys holds the key and runs none of it"]);
    rows.push([`  command: ${JSON.stringify(build.command)}`, ""]);
    rows.push([`  include: [${build.include.map(quoted).join(", ")}]`, "what it makes, to be shipped"]);
    rows.push([`  artifact: ${quoted(build.artifact)}`, "carries it from job to job, by its hash"]);
  }
  rows.push(["environments:", ""], [`  ${environment}:`, ""]);
  if (url !== null) rows.push([`    url: ${url}`, "probed through the front door, shown in GitHub"]);
  rows.push([`    hosts: [${quoted(host)}]`, "Debian or Ubuntu, reached over SSH"]);
  if (takesCertificate(url))
    rows.push([
      "    tls: certbot",
      "setup gets the certificate, from Let's Encrypt, whose terms you agree to",
    ]);
  if (branch !== null) rows.push([`    branches: [${quoted(branch)}]`, "only this one may deploy here"]);
  const width = Math.max(...rows.map(([text, why]) => (why ? text.length : 0)));
  const body = rows.map(([text, why]) => (why ? `${text.padEnd(width)}  # ${why}` : text));
  const head = ["# How this project is deployed; every key: docs/configuration.md of django-deploy."];
  return `${[...head, ...body].join("\n")}\n`;
}

/** As it may stand in a flow list. */
function quoted(text: string): string {
  return /^[A-Za-z0-9][\w.@/-]*$/.test(text) ? text : JSON.stringify(text);
}
