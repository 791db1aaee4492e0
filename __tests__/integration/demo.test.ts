import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
// On a machine that never ran it, packages are downloaded for the tests of the project and for the host.
const timeout = 240_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "djd-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run demo", () => {
  it("shows two live releases, a refusal and a rollback, and loses no request", { timeout }, () => {
    const { status, stdout } = spawnSync("npm", ["run", "-s", "demo", "--", "--once"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: folder, CI: "true" },
    });
    expect(stdout.trimEnd().split("\n").slice(-3)).toEqual([
      "Releases  2 live, 1 refused, 1 rolled back",
      expect.stringMatching(/^Requests {2}[1-9]\d+ sent, 0 failed \(slowest \d+ ms\)$/),
      "All of it held.",
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain("seen: ModuleNotFoundError: No module named 'nowhere'");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves nothing behind when it is interrupted while a step of its own runs on the host", {
    timeout,
  }, async () => {
    const child = spawn(process.execPath, [join(root, "build/demo/index.js")], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let place = "";
    let before: number[] = [];
    let output = "";
    const ended = once(child, "close");
    for await (const chunk of child.stdout) {
      output += chunk;
      // From then on pip installs on the host, detached from the connection.
      if (place !== "" || !/ environment .* variables\n/.test(output)) continue;
      place = join(folder, readdirSync(folder)[0] ?? "none");
      before = await untilSome(() => processesOf(place, "venvs/"));
      child.kill("SIGINT");
    }
    expect(await ended).toEqual([130, null]);
    expect(before).not.toEqual([]);
    expect(output.trimEnd().split("\n").at(-1)).toBe("Everything is removed again.");
    expect(processesOf(place)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** Processes that work in a folder or were called with it (and with `also`). */
function processesOf(place: string, also = ""): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        const works = readlinkSync(`/proc/${pid}/cwd`);
        return (words.includes(place) && words.includes(also)) || (also === "" && works.startsWith(place));
      } catch {
        return false;
      }
    });
}

async function untilSome(look: () => number[]): Promise<number[]> {
  for (let tries = 0; tries < 500; tries++) {
    const found = look();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return [];
}
