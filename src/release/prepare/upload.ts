import { Told } from "../../errors.ts";
import { askUpload, type Parcel, packMore, packUp, type Received } from "../../host/upload.ts";
import type { HostPlan } from "../../plan/types.ts";
import { askAgain, type ChainedStep } from "../chain.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder, StepVoice } from "../recorder.ts";
import type { ReleaseRun } from "./run.ts";

const sizes = (bytes: number) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** The files that differ from those of the live release, packed on the runner: once for hosts that have the same. */
export function packFiles(run: ReleaseRun, host: HostRun<HostPlan>): Promise<Parcel> {
  const { previous } = host.plan;
  const base = previous && host.facts.base ? { release: previous.release, list: host.facts.base } : null;
  const key = base ? `${base.release} ${base.list}` : "";
  const packed = run.parcels.get(key) ?? packUp(run.release, run.files, base);
  run.parcels.set(key, packed);
  return packed;
}

export function sendFiles(
  run: ReleaseRun,
  host: HostRun<HostPlan>,
  parcel: Parcel,
  recorder: Recorder,
): ChainedStep {
  const manifest = { ...run.manifest, state: "building", venv: host.plan.venv.key };
  const { shared } = run.config;
  return (to) => {
    const received = askUpload(to, parcel, manifest);
    const linked = shared.length > 0 ? to.request("share", { release: run.release, shared }) : null;
    return () =>
      recorder.step("upload", host.name, async (voice) => {
        const { need, byHand = 0 } = await received;
        const sent = need ? await sendMore(host, parcel, { need, byHand }, manifest, voice) : parcel;
        voice.summary(`${sent.contents.length} of ${run.files.length} files, ${sizes(sent.blob.length)}`);
        if (need) {
          if (shared.length > 0) await host.session.request("share", { release: run.release, shared });
          return askAgain;
        }
        for (const note of (await linked)?.notes ?? []) voice.note(note);
      });
  };
}

/** What the host lacks against expectation: files of the live release that were changed there by hand, or gave way. */
async function sendMore(
  host: HostRun,
  parcel: Parcel,
  first: Received,
  manifest: Record<string, unknown>,
  voice: StepVoice,
): Promise<Parcel> {
  let [sent, lacking]: [Parcel, Received] = [parcel, first];
  for (let attempt = 0; attempt < 3 && lacking.need; attempt++) {
    const { byHand = 0 } = lacking;
    if (byHand > 0) {
      voice.note(
        `${byHand === 1 ? "1 file of the live release was" : `${byHand} files of the live release were`} changed on the host by hand; sent again, the changes stay in the old release`,
        "warning",
      );
    }
    sent = await packMore(sent, lacking.need);
    lacking = await askUpload(host.session, sent, manifest);
  }
  if (lacking.need) throw new Told("the host asked for files again and again");
  return sent;
}
