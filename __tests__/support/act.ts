import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { home } from "../../src/version.ts";
import { temporaryFolder } from "./repository.ts";

/** DJDEPLOY_ACT names the program of nektos/act (go install github.com/nektos/act@v0.2.82): a runner that is not ours. */
export const actProgram = [process.env["DJDEPLOY_ACT"]].filter((path) => path !== undefined);

/**
 * Runs a written workflow of a push by act, on this machine; answers its log. Two keys that act does not know are left
 * out, and our action is the one of this checkout. The repository needs a remote.
 */
export async function runByAct(
  act: string,
  repository: string,
  path: string,
  secrets: Record<string, string>,
): Promise<string> {
  const text = readFileSync(join(repository, path), "utf8");
  const folder = temporaryFolder();
  const known = join(folder, "workflow.yml");
  writeFileSync(known, text.replace(/^ *(?:queue: max|deployment: false).*\n/gm, ""));
  const values = join(folder, "secrets.env");
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  writeFileSync(values, lines.join(""), { mode: 0o600 });
  const action = new RegExp(`uses: (${home}@\\S+)`).exec(text)![1]!;
  const local = ["--local-repository", `${action}=${process.cwd()}`];
  const args = ["push", "-W", known, "-P", "ubuntu-latest=-self-hosted", ...local, "--secret-file", values];
  const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder };
  return promisify(execFile)(act, args, { cwd: repository, env, maxBuffer: 1 << 26 }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
  );
}
