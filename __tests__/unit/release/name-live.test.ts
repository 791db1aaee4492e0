import { describe, expect, it } from "vitest";
import { nameLive } from "../../../src/release/doors/name-live.ts";
import type { HostRun } from "../../../src/release/hosts.ts";

/** A host that serves "new", in reach or not when it is asked and when the request has ended. */
function hostOf(reach: [asked: boolean, ended: boolean]): HostRun {
  const seen = [...reach];
  const session = {
    get reachable() {
      return seen.shift() ?? false;
    },
  };
  return { serving: "new", session } as unknown as HostRun;
}

async function servingAfter(host: HostRun, answers: boolean): Promise<string | null> {
  const ask = async () => {
    if (!answers) throw new Error("lost");
    return {};
  };
  await nameLive(host, "old", ask).catch(() => {});
  return host.serving;
}

describe("what a host is known to serve after it was told to name another release", () => {
  it("is that, once it has answered", async () => {
    expect(await servingAfter(hostOf([true, true]), true)).toBe("old");
  });

  it("is not known when the answer was lost", async () => {
    expect(await servingAfter(hostOf([true, false]), false)).toBeNull();
  });

  it("is not known when it refused", async () => {
    expect(await servingAfter(hostOf([true, true]), false)).toBeNull();
  });

  it("is what it was when it was out of reach all the time", async () => {
    expect(await servingAfter(hostOf([false, false]), false)).toBe("new");
  });

  it("is not known when it came back for a moment and then refused", async () => {
    expect(await servingAfter(hostOf([false, true]), false)).toBeNull();
  });
});
