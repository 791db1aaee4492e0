import { nameLive } from "./name-live.ts";
import type { Takeover } from "./types.ts";

/**
 * A host without a web server: its processes have moved already, and the same links as everywhere say what is live. What
 * goes on there after a reboot, in `bin/manage` and for the next run follows from them.
 */
export const noTakeover: Takeover = {
  apart: false,

  async forward({ release, run }, host, recorder) {
    const { slot, previous } = host.plan;
    await recorder.step("switch", host.name, async (voice) => {
      recorder.commit();
      host.switched = true;
      await host.session.request("point", { slot, release });
      await nameLive(host, release, () => host.session.request("switch", { slot, release, run }));
      voice.summary(`current → releases/${release}${previous ? "" : ", the first one here"}`);
    });
  },

  async back(_release, host, recorder) {
    const { previous, slot } = host.plan;
    return recorder.step("switch-back", host.name, async (voice) => {
      const before = previous ?? { slot: null, release: null };
      const { slot: to, release } = before;
      const moved = await nameLive(host, release, () =>
        host.session.request("switch-back", { slot: to, release }),
      );
      await host.session.request("retire", { slot, unseen: true });
      voice.summary(previous ? `current → releases/${previous.release}` : "nothing was live before");
      return moved;
    });
  },
};
