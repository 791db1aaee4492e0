import { execFileSync } from "node:child_process";

/** Makes docs/performance.md from what was just kept. */
export function generate(): void {
  execFileSync(process.execPath, [
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    "build/scripts/generate.js",
  ]);
  process.stdout.write("Written: bench/deploy/measured.json and docs/performance.md\n");
}
