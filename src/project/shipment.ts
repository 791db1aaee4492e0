import type { Config } from "../config/types.ts";
import { usageError } from "../errors.ts";
import { belowAnother } from "../files/plain-path.ts";
import { exportIgnored } from "./attributes.ts";
import { lfsObject, normaliseScript, readLfs, sha256 } from "./content.ts";
import { excludeMatcher } from "./exclude.ts";
import { gitText } from "./git.ts";
import { includedFiles } from "./include.ts";
import { checkLinks } from "./links.ts";
import { configPrefix, forbidden, joined } from "./paths.ts";
import { openSubmodule } from "./submodules.ts";
import { type Tree, type TreeEntry, treeOf } from "./tree.ts";
import type { Project, Shipment, ShippedFile } from "./types.ts";

/** What is taken of a commit. */
interface Rules {
  isExcluded(path: string): boolean;
  /** All there is, as in a plain checkout: no export-ignore, LFS pointers and absent submodules as they are. */
  plain: boolean;
}

/** Reads that are under way at once: enough to keep git busy, few enough to bound memory. */
const lanes = 16;

/**
 * Exactly what is sent: the files of the commit without `export-ignore` and `exclude`, submodules at their recorded
 * commits, then `build.include` (which wins over a tracked file of the same path): from the working tree, or with
 * `build.artifact` what is given as `built`; without it nothing. Every file
 * is hashed as it will stand on the host. Errors are DeployErrors with exit code 2 that name the file and the fix.
 */
export async function collectShipment(
  project: Project,
  config: Config,
  built: ShippedFile[] = [],
): Promise<Shipment> {
  const top = project.directory;
  const prefix = await configPrefix(config, top);
  const excluded = excludeMatcher(config.exclude, prefix);
  const shipment: Shipment = { files: [], normalised: [], notes: [] };
  const rules: Rules = { isExcluded: (path) => excluded.ignores(path), plain: false };
  await collect(await treeOf(project), "", rules, shipment);

  const files = new Map(shipment.files.map((file) => [file.path, file]));
  for (const file of config.build.artifact === null ? await included(project, config, prefix) : built) {
    const tracked = files.get(file.path);
    if (tracked && tracked.sha256 !== file.sha256)
      shipment.notes.push(`${file.path} is tracked; what the build left there is shipped instead`);
    files.set(file.path, file);
  }
  refuseOverlap(files, config.build.artifact === null ? "build.include" : "build.artifact");
  // A link that `shared` replaces on the host may lead anywhere; it is not ours to ship.
  for (const { path } of config.shared) {
    const replaced = joined(path);
    if (files.get(replaced)?.type === "symlink") files.delete(replaced);
    refuseSharedCode(replaced, files);
  }
  shipment.files = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (shipment.files.length === 0)
    throw usageError("project.empty", "Nothing is left to ship", {
      hint: "look at `exclude` and at export-ignore",
    });
  refuseWithout(project, files);
  for (const path of checkLinks(shipment.files))
    shipment.notes.push(`the symbolic link ${path} leads to nothing that is shipped`);
  return shipment;
}

async function included(project: Project, config: Config, prefix: string): Promise<ShippedFile[]> {
  const { include } = config.build;
  if (include.length > 0) await refuseOtherTree(project);
  return includedFiles(project.directory, prefix, include);
}

/** A file of the one where the other has a folder: on the host one of them would be written through the other. */
function refuseOverlap(files: Map<string, ShippedFile>, from: "build.include" | "build.artifact"): void {
  const both = belowAnother(new Set(files.keys()));
  if (!both) return;
  const code = from === "build.include" ? "project.include" : "artifact.content";
  throw usageError(code, `${from}: what was built cannot stand beside what the commit has there`, {
    seen: `${both.above} as a file or a link, and ${both.path} below it`,
    hint: "build into a folder of its own, or take the tracked one away (git rm)",
  });
}

/** What the build made belongs to the commit that is checked out; with another one's code it would be a mixture. */
export async function refuseOtherTree({ directory, revision }: Project): Promise<void> {
  const head = await gitText(directory, ["rev-parse", "HEAD"]);
  if (head === revision.sha) return;
  throw usageError("project.include-revision", "build.include would ship what another commit's build made", {
    expected: `${revision.sha.slice(0, 7)} checked out, which is deployed`,
    seen: `${head.slice(0, 7)} checked out`,
    hint: `git checkout ${revision.sha.slice(0, 7)}, then build and deploy`,
  });
}

/** A release can not start without these, so leaving them out is a mistake. */
/** What is there wins over what a release ships: a package that is kept would stay as the first deploy brought it. */
function refuseSharedCode(path: string, files: Map<string, ShippedFile>): void {
  const below = `${path.replace(/\/$/, "")}/`;
  const code = [...files.keys()].find(
    (file) => file.startsWith(below) && /(?:^|\/)(?:__init__|manage)\.py$/.test(file),
  );
  if (code === undefined) return;
  throw usageError(
    "project.shared-code",
    `shared: ${path} holds code of the project, which no later deploy would change`,
    {
      seen: code,
      hint: "share the folder below it that holds the data alone, or move the data out of the package",
    },
  );
}

function refuseWithout({ root, requirements }: Project, files: Map<string, ShippedFile>): void {
  const missing = [joined(root.value, "manage.py"), ...requirements].find((path) => !files.has(path));
  if (missing === undefined) return;
  throw usageError("project.excluded", `${missing} is needed on the host, but it is not shipped`, {
    hint: "look at `exclude` in djdeploy.yml and at export-ignore in .gitattributes",
  });
}

/**
 * The files of the commit as a checkout would have them, for the project's tests: also those that are not shipped.
 * What `build.include` names is there if the build has made it.
 */
export async function collectCheckout(project: Project, config: Config): Promise<ShippedFile[]> {
  const top = project.directory;
  const prefix = await configPrefix(config, top);
  const all: Shipment = { files: [], normalised: [], notes: [] };
  await collect(await treeOf(project), "", { isExcluded: () => false, plain: true }, all);
  const files = new Map(all.files.map((file) => [file.path, file]));
  for (const path of config.build.include)
    for (const file of await includedFiles(top, prefix, [path]).catch(() => [])) files.set(file.path, file);
  refuseOverlap(files, "build.include");
  return [...files.values()];
}

async function collect(tree: Tree, base: string, rules: Rules, shipment: Shipment): Promise<void> {
  const { isExcluded, plain } = rules;
  const isIgnored = plain ? () => false : await exportIgnored(tree);
  const kept = [...tree.entries.values()].filter(({ path, kind }) => {
    const full = base + path;
    if (forbidden(full) || isIgnored(path)) return false;
    return !isExcluded(kind === "submodule" ? `${full}/` : full);
  });
  const queue = kept.filter(({ kind }) => kind !== "submodule").values();
  const lane = async () => {
    for (const entry of queue) await add(tree, entry, base, plain, shipment);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const entry of kept.filter(({ kind }) => kind === "submodule")) {
    const below = await openSubmodule(tree, entry, base + entry.path).catch((error) => {
      if (!plain) throw error;
    });
    if (below) await collect(below, `${base}${entry.path}/`, rules, shipment);
  }
}

async function add(
  tree: Tree,
  entry: TreeEntry,
  base: string,
  plain: boolean,
  shipment: Shipment,
): Promise<void> {
  const path = base + entry.path;
  if (!plain && path.split("/")[0] === ".djdeploy")
    throw usageError(
      "project.reserved",
      `The tracked file ${path} is in .djdeploy, which belongs to releases`,
      {
        hint: "rename the folder, or exclude it",
      },
    );
  const blob = await tree.blobs.read(entry.id);
  if (entry.kind === "symlink") {
    const target = blob.toString("utf8");
    shipment.files.push({ ...described(path, "symlink", false, blob), target, read: async () => blob });
    return;
  }
  const shipped = async (content: Buffer) => {
    const pointer = lfsObject(content);
    if (!pointer) return normaliseScript(content);
    const bytes = await readLfs(tree.directory, path, pointer).catch((error) => {
      if (plain) return content;
      throw error;
    });
    return { bytes, normalised: false };
  };
  const { bytes, normalised } = await shipped(blob);
  if (normalised) shipment.normalised.push(path);
  const read = async () => (await shipped(await tree.blobs.read(entry.id))).bytes;
  shipment.files.push({ ...described(path, "file", entry.kind === "executable", bytes), read });
}

function described(
  path: string,
  type: ShippedFile["type"],
  executable: boolean,
  bytes: Buffer,
): Omit<ShippedFile, "read"> {
  return { path, type, executable, sha256: sha256(bytes), size: bytes.length };
}
