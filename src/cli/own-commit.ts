import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The commit that this program was made from: what npm noted when it was published, or the checkout it runs in; null
 * when neither says. `script` is the path of the bundle, dist/cli/index.js.
 */
export function ownCommit(script: string | undefined): string | null {
  try {
    const root = dirname(dirname(dirname(realpathSync(script ?? ""))));
    const { name, gitHead } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    if (name !== "django-deploy") return null;
    if (typeof gitHead === "string") return gitHead;
    if (!existsSync(join(root, ".git"))) return null;
    return execFileSync("git", ["-C", root, "rev-parse", "HEAD"], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return null;
  }
}
