import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { type EmbeddedHost, startEmbeddedHost } from "../lab/embedded.ts";
import { type Load, startLoad } from "../lab/load.ts";
import { commandLine } from "./djdeploy.ts";
import type { Place } from "./place.ts";
import { makeProject } from "./project.ts";
import type { Screen } from "./screen.ts";
import { createTally } from "./tally.ts";

interface Stage {
  place: Place;
  screen: Screen;
  signal: AbortSignal;
  /** End after the last act instead of staying up. */
  once: boolean;
}

const template = "visits/templates/visits/home.html";

/** All acts, from an empty folder to what they add up to. Gives the exit code. */
export async function tellStory({ place, screen, signal, once: ends }: Stage): Promise<number> {
  const tally = createTally();
  let host: EmbeddedHost | null = null;
  let load: Load | null = null;
  try {
    screen.line("Two deploys under traffic, a refusal and a rollback, all on this machine.");

    screen.act("A host: an SSH server, supervisord and a front door, in a temporary folder");
    screen.busy();
    host = await startEmbeddedHost({
      ...{ folder: join(place.folder, "host"), app: "counter", environment: "production", signal },
    });
    screen.rest();
    const url = `http://127.0.0.1:${host.front.port}/`;
    const project = await makeProject(join(place.folder, "project"), host);
    const djdeploy = commandLine(screen, { project: project.folder, keyFile: host.keyFile, signal });
    screen.line(`  ssh on port ${host.ssh.port}, the site at ${url}`);
    tally.event("the host is ready");

    const served = async () => {
      const line =
        /<p id="line">(.*?)<\/p>/.exec(await (await fetch(url, { signal })).text())?.[1] ?? "nothing";
      screen.line(`  served now: ${line}`);
      return line;
    };

    screen.act("First deploy: lint, tests, a private boot, then live");
    screen.line("  the secret comes by standard input, and stays on the host from now on");
    const values = { SECRET_KEY: randomBytes(40).toString("base64url"), ...project.installValues };
    const given = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    const first = await djdeploy(["deploy", "production", "--env-file", "-"], given.join(""));
    tally.expect("first deploy", first === 0 && (await served()).includes("first version"), "live");
    if (first !== 0) return tally.tell(screen, null);

    screen.act("A line changes: deployed again, with visitors on the page all the time");
    load = startLoad({
      ...{ url, clients: 3, pauseMs: 10, maxSeconds: 900 },
      check: ({ body }) => /This is the (first|second) version/.test(body) || "not our page",
    });
    await project.change(template, "first version", "second version");
    const second = await djdeploy(["deploy", "production"]);
    tally.expect("second deploy", second === 0 && (await served()).includes("second version"), "live");

    screen.act("Broken on purpose: an import in wsgi.py that fails; the tests do not see it");
    await project.change("counter/wsgi.py", /$/, "\nimport nowhere\n");
    const broken = await djdeploy(["deploy", "production"]);
    tally.expect("broken deploy", broken === 1 && (await served()).includes("second version"), "refused");

    screen.act("Rolled back: the release before, from what is still on the host");
    const back = await djdeploy(["rollback", "production"]);
    tally.expect("rollback", back === 0 && (await served()).includes("first version"), "rolled back");

    const result = await load.stop();
    load = null;
    screen.act("What the host remembers");
    await djdeploy(["releases", "production", "--all"]);
    const code = tally.tell(screen, result);
    if (!ends) {
      screen.line();
      screen.line(`The page is up: ${url}`);
      screen.line("Ctrl-C ends it and removes everything.");
      if (!signal.aborted) await once(signal, "abort");
    }
    return code;
  } finally {
    screen.rest();
    if (load) await load.stop();
    await host?.stop();
  }
}
