import "../report/no-debugger.ts";
import { getState } from "@actions/core";
import { endWith, onSignals } from "../report/ending.ts";
import { guardAction } from "./last-resort.ts";
import { post } from "./post.ts";
import { run } from "./run.ts";
import { saveState } from "./runner-files.ts";
import { seal, unseal } from "./seal.ts";

guardAction(process.env);
const controller = new AbortController();
// A cancelled workflow sends SIGINT, then SIGTERM 7.5 s later; what must happen then is decided on the hosts.
onSignals(() => controller.abort());

const sealed = unseal();
if (sealed === null && getState("began") === "true") {
  post(process.env).then(() => endWith(0));
} else {
  const unsaved = sealed === null ? saveState("began", "true") : null;
  // The older way by the log, which runners still take.
  if (unsaved !== null) process.stdout.write("::save-state name=began::true\n");
  run(sealed ?? process.env, controller.signal, sealed === null ? seal : null, unsaved).then(endWith);
}
