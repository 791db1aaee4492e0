import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import type { Circumstances } from "./record.ts";

/** What a figure depends on besides the program. Called before the first measurement; `load` takes the second value. */
export function circumstances(command: string): Circumstances {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const system = /^PRETTY_NAME="(.*)"/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "Linux";
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    command,
    machine: `${processors.length} × ${processors[0]?.model.trim()}, ${memory} GB, ${system}, Linux ${release()}`,
    load: [loadNow(), 0],
    versions: {
      "django-deploy": said("git", "describe", "--always", "--dirty"),
      "Node.js": process.version.slice(1),
      OpenSSH: said("ssh", "-V").match(/OpenSSH_([^\s,]+)/)?.[1] ?? "",
      rsync: said("rsync", "--version").match(/version (\S+)/)?.[1] ?? "",
      Capistrano: said("cap", "--version").match(/Version: (\S+)/)?.[1] ?? "",
      "ansible-core": said("ansible", "--version").match(/core ([\d.]+)/)?.[1] ?? "",
    },
  };
}

export const loadNow = () => Math.round(loadavg()[0]! * 100) / 100;

/** The first words of a program about itself; nothing where it is not there. */
function said(file: string, ...args: string[]): string {
  try {
    return execFileSync("sh", ["-c", '"$@" 2>&1', "sh", file, ...args], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
