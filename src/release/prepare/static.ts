import type { Inspection } from "../../host/types.ts";
import type { HostPlan } from "../../plan/types.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { runHostStep } from "../steps.ts";
import type { ReleaseRun } from "./run.ts";

/** collectstatic, unmodified, into the release's own fresh STATIC_ROOT; then hashed files are shared. */
export async function collectStatic(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  inspection: Inspection,
  recorder: Recorder,
): Promise<void> {
  await recorder.step("collectstatic", host.name, async (voice) => {
    const { config } = run;
    if (!config.static.collect) return voice.unchanged("static.collect is false");
    if (!inspection.settings?.staticfiles)
      return voice.unchanged("django.contrib.staticfiles is not installed");
    if (host.plan.door.kind === "none" && !inspection.settings.manifest)
      return voice.unchanged("nothing here serves or looks up static files");
    const root = inspection.static;
    if (!root) throw new Error("the inspection named no STATIC_ROOT");
    if (root.overridden) {
      voice.note(
        root.was
          ? `STATIC_ROOT is ${root.was}, outside the release: this release collects into a folder of its own instead`
          : "STATIC_ROOT is not set: this release collects into a folder of its own",
      );
    }
    const { release } = run;
    await host.session.request("launch", {
      release,
      spec: { staticRoot: root.overridden ? root.path : null },
    });
    const output = await runHostStep(
      host.session,
      {
        run: run.run,
        name: "collectstatic",
        script: "collectstatic.sh",
        env: { DJD_RELEASE: `${config.release.path}/releases/${release}` },
        failure: {
          code: "collectstatic.failed",
          message: `collectstatic on ${host.name} failed`,
          hint: (text) =>
            /could not be found with|Missing staticfiles manifest/.test(text)
              ? "a stylesheet or template names a file that does not exist"
              : undefined,
        },
      },
      voice,
    );
    await host.session.request("static-link", { release, path: root.path });
    const shared = await host.session.request<{ shared: number; kept: number; files: number }>(
      "static-share",
      {
        release,
        keep: config.release.keep,
      },
    );
    const count = /(\d+) static files? copied/.exec(output)?.[1] ?? shared.files;
    voice.summary(`${count} files, ${shared.shared} new hashed ones shared`);
  });
}
