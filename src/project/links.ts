import { posix } from "node:path";
import { usageError } from "../errors.ts";
import type { ShippedFile } from "./types.ts";

/**
 * Refuses symbolic links that lead out of the release, also by way of other links; returns those that lead to
 * nothing that is shipped (a link into a shared folder is one of them).
 */
export function checkLinks(files: ShippedFile[]): string[] {
  const links = new Map(
    files.flatMap((file) => (file.target === undefined ? [] : [[file.path, file.target]])),
  );
  if (links.size === 0) return [];
  const present = new Set<string>();
  for (const { path } of files)
    for (let at = path; at !== "."; at = posix.dirname(at)) {
      if (present.has(at)) break;
      present.add(at);
    }
  const dangling: string[] = [];
  for (const [path, target] of links) {
    const end = follow(path, links);
    if (end === null)
      throw usageError("project.link-outside", `The symbolic link ${path} leads out of the release`, {
        seen: `${path} -> ${target}`,
        hint: "link to something inside the repository, or list the path under `shared:` with a target",
      });
    if (end !== "" && !present.has(end)) dangling.push(path);
  }
  return dangling;
}

/** Where a link ends, every step resolved as the kernel does; null outside the release. */
function follow(path: string, links: Map<string, string>): string | null {
  let rest = path.split("/");
  let at: string[] = [];
  for (let steps = 0; rest.length > 0; ) {
    const [part, ...after] = rest;
    rest = after;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (at.length === 0) return null;
      at = at.slice(0, -1);
      continue;
    }
    const here = [...at, part!];
    const target = links.get(here.join("/"));
    if (target === undefined) {
      at = here;
      continue;
    }
    if (target.startsWith("/")) return null;
    // A circle ends nowhere.
    if (++steps > 40) return "\0";
    rest = [...target.split("/"), ...rest];
  }
  return at.join("/");
}
