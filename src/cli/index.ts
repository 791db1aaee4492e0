import { endWith, onSignals } from "../report/ending.ts";
import { installLastResort } from "../report/last-resort.ts";
import { main } from "./main.ts";

/** Begins the command line on this process: its words, its streams, its signals, its end. scripts/cli.cjs calls it. */
export function commandLine(): void {
  installLastResort();
  const controller = new AbortController();
  onSignals(() => {
    controller.abort();
    process.stderr.write("\nstopping; press Ctrl-C again to leave at once\n");
  });
  // A reader that went away (`djdeploy logs | head`) stops us as Ctrl-C does: nothing is left half done.
  process.stdout.on("error", () => controller.abort());
  main(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
  }).then(endWith);
}
