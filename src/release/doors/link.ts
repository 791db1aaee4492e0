import { nameLive } from "./name-live.ts";
import type { Takeover } from "./types.ts";

/** Behind nginx: one rename moves the traffic, the old release runs on until its queue is empty. */
export const linkTakeover: Takeover = {
  apart: true,

  async forward({ release, run }, host, recorder, to) {
    const { slot } = host.plan;
    await recorder.step("switch", host.name, async (voice) => {
      recorder.commit();
      host.switched = true;
      await nameLive(host, release, () => to.request("switch", { slot, release, run }));
      voice.summary(`web.sock → ${slot}.sock`);
    });
  },

  async back(_release, host, recorder) {
    const { previous } = host.plan;
    return recorder.step("switch-back", host.name, async (voice) => {
      const { slot, release } = previous ?? { slot: null, release: null };
      const moved = await nameLive(host, release, () =>
        host.session.request("switch-back", { slot, release }),
      );
      if (!moved) voice.unchanged(`web.sock still named ${slot}.sock`);
      else voice.summary(previous ? `web.sock → ${slot}.sock` : "nothing served before: web.sock removed");
      return moved;
    });
  },
};
