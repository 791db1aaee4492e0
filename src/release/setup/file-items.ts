import type { Config } from "../../config/types.ts";
import { DeployError, ExitCode } from "../../errors.ts";
import { certbotOf } from "../../services/certificate.ts";
import type { HostFacts, PathFact } from "./facts.ts";
import type { RootFile } from "./files.ts";
import { item, type SetupItem } from "./item.ts";
import { readSeal } from "./seal.ts";
import { unifiedDiff } from "./text.ts";

/**
 * A file of root's, or with `scope: user` of that user's. One that djdeploy did not write, or wrote for another environment, is refused (exit 7). One that
 * was changed by hand is put back and the diff says so; a site that was (certbot does that) is refused too.
 */
export function rootFile(
  file: RootFile,
  config: Config,
  facts: HostFacts,
  kind: "file" | "site" = "file",
  owner = "root",
): SetupItem {
  const fact = facts.paths.get(file.path);
  if (fact && contentOf(fact) !== file.content) refuseForeign(file, fact, config, kind);
  return item(
    file.name,
    isAs(fact, file.content, file.mode, owner),
    `${file.path}${fact ? "" : " (new)"} ${owner === "root" ? "root:root" : owner} ${file.mode}`,
    "setup-file.sh",
    [file.path, file.mode, file.check],
    { content: file.content, diff: unifiedDiff(file.path, fact ? contentOf(fact) : null, file.content) },
  );
}

/** A file of the application's user. */
export function ownFile(
  name: string,
  user: string,
  path: string,
  mode: string,
  content: string,
  facts: HostFacts,
): SetupItem {
  const fact = facts.paths.get(path);
  return item(
    name,
    isAs(fact, content, mode, user),
    `${path}${fact ? "" : " (new)"} ${user} ${mode}`,
    "setup-own-file.sh",
    [user, path, mode],
    { content, diff: unifiedDiff(path, fact ? contentOf(fact) : null, content) },
  );
}

function contentOf(fact: PathFact): string | null {
  return fact.type === "file" ? (fact.content ?? "") : null;
}

export function isAs(fact: PathFact | undefined, content: string, mode: string, owner: string): boolean {
  return fact?.type === "file" && contentOf(fact) === content && fact.mode === mode && fact.owner === owner;
}

function refuseForeign(file: RootFile, fact: PathFact, config: Config, kind: "file" | "site"): void {
  const ours = `${config.app}/${config.environment}`;
  const seal = readSeal(contentOf(fact) ?? "");
  const byCertbot = contentOf(fact)?.includes("managed by Certbot") === true;
  if (seal?.for === ours && (seal.intact || kind === "file")) return;
  // What certbot wrote into it by hand is what it is now asked for.
  if (seal?.for === ours && byCertbot && certbotOf(config.tls)) return;
  if (fact.type === "other") throw unsafePlace(file.path);
  const seen =
    seal === null
      ? "a file that djdeploy did not write"
      : seal.for === ours
        ? "djdeploy's file, changed by hand since"
        : `djdeploy's file for ${seal.for}`;
  const hint =
    kind === "site" && byCertbot
      ? "write `tls: certbot` and let setup see to the certificate from now on; or set `nginx: none` and keep it as it is: a new file would lack what certbot gave it"
      : kind === "site"
        ? "move the file away and run setup again, or set `nginx: none` and keep it as it is"
        : "move the file away, or give this application another `app:` name";
  throw new DeployError(`setup.foreign-${kind}`, ExitCode.refused, `${file.path} is not ours to write`, {
    expected: `no file, or the one djdeploy wrote for ${ours}`,
    seen,
    hint,
    output: unifiedDiff(file.path, contentOf(fact), file.content),
  });
}

/** What lies there is not looked at: in a folder that others may write it could be anything by now. */
function unsafePlace(path: string): DeployError {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return new DeployError("setup.open-way", ExitCode.refused, `${path} is not safe to write`, {
    expected: `${folder} and the folders above it belong to root, and only root may write them`,
    seen: "one that others may write, or something else than a file",
    hint: `ls -ld ${folder} ${path} shows it; chown root:root ${folder} && chmod go-w ${folder}`,
  });
}
