import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endOf, watched } from "../ends.ts";

export interface Measured {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The most memory that it ever had, in MB (VmHWM). */
  peakMb: number;
}

const note = new URL("./peak.mjs", import.meta.url).pathname;

/** Runs the bundled command line as a process of its own, and notes how much memory it took. */
export async function measured(words: string[], cwd: string): Promise<Measured> {
  const peak = join(cwd, "peak.txt");
  const cli = join(process.cwd(), "dist/cli/index.js");
  const child = spawn(process.execPath, [...watched, "--import", pathToFileURL(note).href, cli, ...words], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: cwd, PEAK_FILE: peak },
    stdio: ["ignore", "pipe", "pipe"],
    // One that does not end fails its test, and does not outlive it for long.
    timeout: 100_000,
    killSignal: "SIGKILL",
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] = (texts[name] + text).slice(-1_000_000);
    });
  const [code] = await endOf(child);
  return { code, ...texts, peakMb: Number(readFileSync(peak, "utf8")) / 1024 };
}
