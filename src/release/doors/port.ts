import { addressOf } from "../../services/door.ts";
import type { Activation } from "../attempt-state.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";
import { linkTakeover } from "./link.ts";
import { nameLive } from "./name-live.ts";
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
      await nameLive(host, release, () => host.session.request("switch", { slot, release, run }));
      voice.summary(`slot ${slot} is the one that a reboot starts`);
    });
    const patienceMs = await leaveToNew(activation, host, recorder);
    await stopOld(activation, host, recorder, patienceMs);
  },

  async back(release, host, recorder) {
    const { previous, slot, front } = host.plan;
    if (!previous) return linkTakeover.back(release, host, recorder);
    return recorder.step("switch-back", host.name, async (voice) => {
      const request = { slot: previous.slot, release: previous.release, failed: slot };
      await nameLive(host, previous.release, () =>
        host.session.request("port-back", { ...request, where: front, alone: false }),
      );
      voice.summary(`slot ${previous.slot} answers on ${address(host)}`);
      return true;
    });
  },
};

/**
 * A server on asyncio drops what it has accepted and not read yet when it stops: the old one first leaves new visitors to
 * the new one. Answers how long those that it has may still take, in ms: where it goes on accepting they never end.
 */
async function leaveToNew({ config }: Activation, host: HostRun, recorder: Recorder): Promise<number> {
  const { previous } = host.plan;
  if (!previous) return 0;
  return recorder.step("drain", host.name, async (voice) => {
    const { ms, asked } = await host.session.request("leave", {
      slot: previous.slot,
      min: config.drain.minMs / 1000,
    });
    voice.summary(
      asked > 0
        ? `${asked} old workers accept no more, after ${ms} ms`
        : "the old workers accept until they stop",
    );
    return asked > 0 ? config.drain.maxMs - ms : 0;
  });
}

export function address({ plan }: HostRun): string {
  return "port" in plan.door ? addressOf(plan.door) : "run/web.sock";
}
