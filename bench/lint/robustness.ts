// `node build/bench/lint/robustness.js DIR…`: lints every Python file under the folders as if it were a settings
// module of its own. Nothing may crash or take longer than two seconds.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { lint } from "../../src/lint/index.ts";
import { recordTree } from "../../src/python/source/tree.ts";

const LIMIT_MS = 2000;
const totals = { files: 0, crashes: 0, slow: 0, slowest: 0 };

function visit(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) visit(path);
    else if (entry.isFile() && entry.name.endsWith(".py")) judge(path);
  }
}

function judge(path: string): void {
  if (statSync(path).size > 20_000_000) return;
  const files = recordTree({ "mysite/__init__.py": "", "mysite/settings.py": readFileSync(path, "utf8") });
  const start = performance.now();
  totals.files++;
  try {
    lint({ files, settingsModule: "mysite.settings", djangoVersion: "5.2", ignore: {} });
  } catch (error) {
    totals.crashes++;
    process.stdout.write(
      `crash: ${path}: ${error instanceof Error ? error.stack?.split("\n").slice(0, 4).join(" ") : error}\n`,
    );
  }
  const took = performance.now() - start;
  totals.slowest = Math.max(totals.slowest, took);
  if (took > LIMIT_MS) {
    totals.slow++;
    process.stdout.write(`slow: ${path}: ${took.toFixed(0)} ms\n`);
  }
}

for (const folder of process.argv.slice(2)) visit(folder);
process.stdout.write(`${JSON.stringify(totals)}\n`);
process.exitCode = totals.crashes + totals.slow > 0 ? 1 : 0;
