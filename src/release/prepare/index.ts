import type { Seen } from "../../host/types.ts";
import type { HostPlan } from "../../plan/types.ts";
import { inOneGo } from "../chain.ts";
import { lookAtFront } from "../front.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { bootPrivately } from "./boot.ts";
import { writeEnvironment } from "./environment.ts";
import { type Checked, inspect } from "./inspect.ts";
import type { ReleaseRun } from "./run.ts";
import { collectStatic } from "./static.ts";
import { packFiles, sendFiles } from "./upload.ts";
import { buildVenv, chooseServer, installed } from "./venv.ts";

export type { ReleaseRun } from "./run.ts";

export interface Prepared extends Checked {
  /** What visitors got before; null where nothing could be seen. */
  seen: Seen | null;
}

/**
 * Makes a release on one host while the old one serves, up to workers that answer on a private socket. Two round trips:
 * what the release's own Django says is judged in between. Installing packages takes two more.
 */
export async function prepare(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  recorder: Recorder,
): Promise<Prepared> {
  let seen: Seen | null = null;
  let checked: Checked | null = null;
  const made = [
    lookAtFront(run.config, host, recorder, (found) => {
      seen = found;
    }),
    writeEnvironment(run, host, recorder),
    sendFiles(run, host, await packFiles(run, host), recorder),
    buildVenv(run, host, recorder),
  ];
  if (!host.plan.venv.ready) await inOneGo(host.session, made.splice(0));
  const packages = await installed(host);
  await inOneGo(host.session, [
    ...made,
    chooseServer(run, host, packages, recorder),
    inspect(run, host, recorder, (found) => {
      checked = found;
    }),
  ]);
  const answer = checked as Checked | null;
  if (!answer) throw new Error("nobody was asked");
  await inOneGo(host.session, [
    collectStatic(run, host, answer, recorder),
    bootPrivately(run, host, answer.healthHost, recorder),
  ]);
  return { ...answer, seen };
}
