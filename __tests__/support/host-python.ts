import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const files = fileURLToPath(new URL("../../src/host/files", import.meta.url));

/** A program for `python3 -I -c` that can import what runs on hosts (src/host/files). */
export function withHostFiles(program: string): string {
  return `import sys
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(files)})
${program}`;
}

/** Runs it and answers what it printed, which has to be JSON. */
export function askPython<T>(program: string, ...args: string[]): T {
  const options = { encoding: "utf8", timeout: 60_000 } as const;
  const printed = execFileSync("python3", ["-I", "-c", withHostFiles(program), ...args], options);
  return JSON.parse(printed) as T;
}
