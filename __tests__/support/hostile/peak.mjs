import { readFileSync, writeFileSync } from "node:fs";

// At its end a process writes down the most memory that it had, in KiB.
process.on("exit", () => {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  writeFileSync(process.env.PEAK_FILE, peak);
});
