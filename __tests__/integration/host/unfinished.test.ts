import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const files = fileURLToPath(new URL("../../../src/host/files", import.meta.url));
const program = `
import sys
sys.path.insert(0, ${JSON.stringify(files)})
sys.dont_write_bytecode = True
import djd_paths
djd_paths.drop_unfinished(sys.argv[1])
`;

test("what an agent that was killed left behind goes, what one writes just now stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-unfinished-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dead = 2 ** 22 + 1; // above the kernel's largest pid
  const stay = ["manifest.json", `manifest.json.${process.pid}.tmp`, "notes.tmp"];
  for (const name of [...stay, `manifest.json.${dead}.tmp`, `current.${dead}.new`])
    writeFileSync(join(folder, name), "");
  execFileSync("python3", ["-I", "-c", program, folder]);
  expect(readdirSync(folder).sort()).toEqual(stay.sort());
});
