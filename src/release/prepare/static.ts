import { Told } from "../../errors.ts";
import type { HostPlan } from "../../plan/types.ts";
import { causeHint } from "../causes/index.ts";
import type { ChainedStep } from "../chain.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { askHostStep, type HostStep } from "../steps.ts";
import { type Checked, noteChecked } from "./inspect.ts";
import type { ReleaseRun } from "./run.ts";

/** collectstatic, unmodified, into the release's own fresh STATIC_ROOT; then hashed files are shared. */
export function collectStatic(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  checked: Checked,
  recorder: Recorder,
): ChainedStep {
  const { config, release } = run;
  const { static: root, settings } = checked.inspection;
  const nothing = !config.static.collect
    ? "static.collect is false"
    : !settings?.staticfiles
      ? "django.contrib.staticfiles is not installed"
      : host.plan.door.kind === "none" && !settings.manifest
        ? "nothing here serves or looks up static files"
        : null;
  return (to) => {
    const noted = noteChecked(to, release, checked, config);
    if (nothing !== null)
      return () =>
        recorder.step("collectstatic", host.name, async (voice) => {
          await noted;
          voice.unchanged(nothing);
        });
    if (!root) throw new Told("the inspection named no STATIC_ROOT");
    const launched = to.request("launch", {
      release,
      spec: { staticRoot: root.overridden ? root.path : null },
    });
    const collected = askHostStep(to, collectStep(checked.behind, host.name));
    const linked = to.request("static-link", { release, path: root.path });
    const sharing = to.request("static-share", {
      release,
      keep: config.release.keep,
    });
    return () =>
      recorder.step("collectstatic", host.name, async (voice) => {
        const own = root.was?.startsWith(`${config.release.path}/releases/${release}/`) ?? false;
        if (root.overridden && !own) {
          voice.note(
            root.was
              ? `STATIC_ROOT is ${root.was}, outside the release: this release collects into a folder of its own instead`
              : "STATIC_ROOT is not set: this release collects into a folder of its own",
          );
        }
        await noted;
        await launched;
        const output = await collected(voice);
        await linked;
        const shared = await sharing;
        const count = /(\d+) static files? copied/.exec(output)?.[1] ?? shared.files;
        voice.summary(`${count} files, ${shared.shared} new hashed ones shared`);
      });
  };
}

function collectStep(behind: HostStep, host: string): HostStep {
  return {
    ...behind,
    failure: {
      code: "collectstatic.failed",
      message: `collectstatic on ${host} failed`,
      hint: causeHint,
    },
  };
}
