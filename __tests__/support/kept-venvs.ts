import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { hostFiles } from "../../src/host/files.gen.ts";

// A dozen hosts of the suites install the very same packages: the first that has them gives them to the others. The name
// of an environment is a hash of all that decides what is in it; what builds it is in the name of the place.

const kept = join(
  process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"),
  "djdeploy",
  `venvs-${createHash("sha256").update(hostFiles["venv.sh"]).digest("hex").slice(0, 12)}`,
);
const mark = ".djdeploy-ready.json";
const readyIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, mark))) : [];

/** A copy whose files are the very same; a real one where the places lie on two file systems. */
function linked(from: string, to: string): void {
  try {
    execFileSync("cp", ["-al", from, to], { stdio: "pipe" });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync("cp", ["-a", from, to]);
  }
}

/** Gives a host the environments that an earlier one built, and keeps what it builds. The answer ends that. */
export function shareVenvs(site: string): () => void {
  const own = join(site, "venvs");
  for (const name of readyIn(kept)) move(kept, own, name);
  const timer = setInterval(() => {
    for (const name of readyIn(own)) if (!existsSync(join(kept, name))) move(own, kept, name);
  }, 500);
  return () => clearInterval(timer);
}

/**
 * Brings an environment to where it is complete at once. What nobody changes is linked; its scripts and its record carry the
 * path it was made in, and are written anew.
 */
function move(from: string, to: string, name: string): void {
  mkdirSync(to, { recursive: true });
  const fresh = join(to, `.${name}.${process.pid}`);
  try {
    linked(join(from, name), fresh);
    const bin = readdirSync(join(fresh, "bin"), { withFileTypes: true }).filter((one) => one.isFile());
    for (const file of ["pyvenv.cfg", ...bin.map((one) => join("bin", one.name))]) {
      const text = readFileSync(join(fresh, file), "latin1");
      const { mode } = statSync(join(fresh, file));
      rmSync(join(fresh, file));
      writeFileSync(join(fresh, file), text.replaceAll(join(from, name), join(to, name)), {
        encoding: "latin1",
        mode,
      });
    }
    renameSync(fresh, join(to, name));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another was faster, or this host is being taken down.
    if (!existsSync(join(to, name)) && existsSync(join(from, name))) throw error;
  }
}
