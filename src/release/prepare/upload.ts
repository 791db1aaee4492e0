import { upload } from "../../host/upload.ts";
import type { HostPlan } from "../../plan/types.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import type { ReleaseRun } from "./run.ts";

const sizes = (bytes: number) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

export async function sendFiles(run: ReleaseRun, host: HostRun<HostPlan>, recorder: Recorder): Promise<void> {
  await recorder.step("upload", host.name, async (voice) => {
    const base =
      host.plan.previous && host.facts.base
        ? { release: host.plan.previous.release, list: host.facts.base }
        : null;
    host.prepared = true;
    const manifest = { ...run.manifest, state: "building", venv: host.plan.venv.key };
    const sent = await upload(host.session, run.release, run.files, base, manifest, recorder.emit);
    voice.summary(`${sent.files} of ${run.files.length} files, ${sizes(sent.bytes)}`);
    if (run.config.shared.length > 0) {
      const shared = await host.session.request<{ notes: string[] }>("share", {
        release: run.release,
        shared: run.config.shared,
      });
      for (const note of shared.notes) voice.note(note);
    }
  });
}
