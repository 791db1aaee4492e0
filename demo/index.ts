import { needs } from "./needs.ts";
import { openPlace } from "./place.ts";
import { createScreen } from "./screen.ts";
import { tellStory } from "./story.ts";

const usage = `A throw-away host on this machine, two deploys under a request loop, a refusal, a rollback.
  npm run demo             stays up with a page to look at, until Ctrl-C
  npm run demo -- --once   ends by itself; exit code 0 only if everything held`;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
// A reader that went away (`npm run demo | head`) stops us as Ctrl-C does.
process.stdout.on("error", () => stop.abort());

process.exit(await main(process.argv.slice(2)));

async function main(words: string[]): Promise<number> {
  const unknown = words.find((word) => word !== "--once");
  if (unknown !== undefined) {
    console.log(usage);
    return unknown === "--help" || unknown === "-h" ? 0 : 2;
  }
  const missing = needs();
  if (missing !== null) {
    console.error(missing);
    return 1;
  }
  const screen = createScreen(process.stdout);
  const place = openPlace();
  stop.signal.addEventListener("abort", () => {
    screen.rest();
    screen.line();
    screen.line("Ending everything that was started …");
  });
  let code = 130;
  try {
    code = await tellStory({ place, screen, signal: stop.signal, once: words.includes("--once") });
  } catch (error) {
    if (!stop.signal.aborted) {
      code = 1;
      screen.line(`The demo itself failed: ${(error as Error).message}`);
    }
  }
  screen.rest();
  const left = await place.close();
  if (stop.signal.aborted || !words.includes("--once")) screen.line("Everything is removed again.");
  for (const line of left) screen.line(line);
  return left.length > 0 ? 1 : code;
}
