import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import type { HostPlan } from "../../../src/plan/types.ts";
import type { HostRun } from "../../../src/release/hosts.ts";
import type { ReleaseRun } from "../../../src/release/prepare/run.ts";
import { packFiles } from "../../../src/release/prepare/upload.ts";

const files = ["a", "b"].map((path) => ({
  ...{ path, type: "file" as const, executable: false, sha256: `sha-of-${path}`, size: 1 },
  read: async () => Buffer.from(path),
}));

/** A host whose live release has these files, as the agent lists them; none = nothing is live. */
function host(release: string | null, has: string[] = []): HostRun<HostPlan> {
  const rows = has.map((path) => [path, "f", `sha-of-${path}`, 1]);
  const base = deflateSync(JSON.stringify(rows)).toString("base64");
  const previous = release === null ? null : { slot: "blue", release };
  return { plan: { previous }, facts: release === null ? {} : { base } } as unknown as HostRun<HostPlan>;
}

test("hosts that have the same get one parcel, others what they lack", async () => {
  const run = { release: "new", files, parcels: new Map() } as unknown as ReleaseRun;
  const pack = (of: HostRun<HostPlan>) => packFiles(run, of);
  const first = await pack(host("old", ["a"]));
  expect(await pack(host("old", ["a"]))).toBe(first);
  const sent = async (of: HostRun<HostPlan>) => (await pack(of)).contents.map(({ path }) => path);
  expect(first.contents.map(({ path }) => path)).toEqual(["b"]);
  expect(await sent(host("older", []))).toEqual(["a", "b"]);
  expect(await sent(host("old", ["b"]))).toEqual(["a"]);
  expect((await pack(host("older", ["a"]))).base?.release).toBe("older");
  expect(await sent(host(null))).toEqual(["a", "b"]);
});
