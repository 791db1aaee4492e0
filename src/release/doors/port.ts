import { addressOf } from "../../services/door.ts";
import type { Activation } from "../activate.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { serverBefore } from "../rows.ts";
import { linkTakeover } from "./link.ts";
import { startOnPort } from "./start.ts";
import { stopOld } from "./stop-old.ts";
import type { Takeover } from "./types.ts";

/**
 * One port, handed to both slots: the new release joins the old one there, visitors get answers from either, then the
 * old one stops. A connection that nobody accepted yet waits in the socket that both share.
 */
export const portTakeover: Takeover = {
  apart: false,

  async forward(activation, host, recorder) {
    const { slot, stage } = host.plan;
    const { release, run } = activation;
    await recorder.step("join", host.name, async (voice) => {
      // Never three at a time: the private boot has shown what it could.
      await host.session.request("retire", { slot: stage, unseen: true });
      const answer = await startOnPort("join", activation, host);
      voice.summary(`slot ${slot} answers ${answer.seen?.status} on ${address(host)}`);
    });
    await recorder.step("switch", host.name, async (voice) => {
      recorder.commit();
      host.switched = true;
      await host.session.request("switch", { slot, release, run });
      voice.summary(`slot ${slot} is the one that a reboot starts`);
    });
    await leaveToNew(activation, host, recorder);
    await stopOld(release, host, recorder);
  },

  async back(release, host, recorder) {
    const { previous, slot, front } = host.plan;
    if (!previous) return linkTakeover.back(release, host, recorder);
    await recorder.step("switch-back", host.name, async (voice) => {
      const request = { slot: previous.slot, release: previous.release, failed: slot };
      await host.session.request("port-back", { ...request, where: front, alone: false });
      voice.summary(`slot ${previous.slot} answers on ${address(host)}`);
    });
  },
};

/**
 * A server on asyncio drops what it has accepted and not read yet when it stops, some cut what they are answering: the
 * old one first leaves new visitors to the new one.
 */
async function leaveToNew({ config }: Activation, host: HostRun, recorder: Recorder): Promise<void> {
  const { previous, door } = host.plan;
  if (!previous || door.kind === "link") return;
  const { finishes } = serverBefore(host);
  await recorder.step("drain", host.name, async (voice) => {
    const drained = await host.session.request<{ ms: number; left: number; asked: number }>("leave", {
      slot: previous.slot,
      port: door.port,
      min: config.drain.minMs / 1000,
      max: config.drain.maxMs / 1000,
      answers: !finishes,
    });
    if (drained.left > 0)
      voice.note(`${drained.left} connections are cut at the old release after drain.max`, "warning");
    voice.summary(
      drained.asked > 0
        ? `${drained.asked} old workers accept no more, after ${drained.ms} ms`
        : "the old workers accept until they stop",
    );
  });
}

export function address({ plan }: HostRun): string {
  return plan.door.kind === "link" ? "run/web.sock" : addressOf(plan.door);
}
