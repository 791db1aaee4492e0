import { existsSync } from "node:fs";
import { join } from "node:path";

/** Packages of Debian that contestants need on this machine, by the program that shows them. */
const packages: Record<string, string> = {
  rsync: "rsync",
  cap: "capistrano",
  "ansible-playbook": "ansible",
};

/** null where all programs are there, else how they are installed. */
export function needs(...programs: string[]): string | null {
  const folders = (process.env["PATH"] ?? "").split(":");
  const lacking = programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (lacking.length === 0) return null;
  return `apt-get install ${lacking.map((name) => packages[name] ?? name).join(" ")}`;
}
