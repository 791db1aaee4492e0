import { linkTakeover } from "./link.ts";
import { nameLive } from "./name-live.ts";
import { address } from "./port.ts";
import { startOnPort } from "./start.ts";
import { stopOld } from "./stop-old.ts";
import type { Takeover } from "./types.ts";

/** The server opens its port itself: the old one ends first, and until the new one answers nobody does. */
export const restartTakeover: Takeover = {
  apart: false,

  async forward(activation, host, recorder) {
    const { slot, stage } = host.plan;
    const { release, run } = activation;
    await recorder.step("switch", host.name, async (voice) => {
      await host.session.request("retire", { slot: stage, unseen: true });
      await host.session.request("point", { slot, release });
      recorder.commit();
      host.switched = true;
      await nameLive(host, release, () => host.session.request("switch", { slot, release, run }));
      voice.summary(`slot ${slot} is the one that a reboot starts`);
    });
    await stopOld(activation, host, recorder, 0);
    await recorder.step("start", host.name, async (voice) => {
      const answer = await startOnPort("take", activation, host);
      voice.summary(`slot ${slot} answers ${answer.seen?.status} on ${address(host)}`);
    });
  },

  async back(release, host, recorder) {
    const { previous, slot, front } = host.plan;
    if (!previous) return linkTakeover.back(release, host, recorder);
    return recorder.step("switch-back", host.name, async (voice) => {
      const request = { slot: previous.slot, release: previous.release, failed: slot };
      await nameLive(host, previous.release, () =>
        host.session.request("port-back", { ...request, where: front, alone: true }),
      );
      voice.summary(`slot ${previous.slot} answers on ${address(host)}`);
      return true;
    });
  },
};
