import { expect, test } from "vitest";
import type { HostFacts } from "../../../src/host/types.ts";
import { requireOwner, setupNote } from "../../../src/release/owner.ts";
import { ownerOf, unfinished } from "../../../src/release/setup/files.ts";
import { needsOf } from "../../../src/release/setup/needs.ts";
import type { Owner } from "../../../src/services/types.ts";
import { configOf, configText } from "../../support/setup.ts";

const config = await configOf(configText("shop", "192.0.2.1"));
const other = await configOf(configText("shop", "192.0.2.1", "server: {stop-timeout: 90s}"));
const owner = ownerOf(config, "github.com/example/shop", needsOf(true, {}));
const facts = (change: Partial<Owner>) => ({ owner: { ...owner, ...change } }) as HostFacts;

test("a host whose setup is what it would be now says nothing, uv or not", () => {
  expect(setupNote(config, "192.0.2.1", facts({}))).toBeNull();
  const without = ownerOf(config, null, needsOf(false, {}));
  expect(setupNote(config, "192.0.2.1", { owner: without } as HostFacts)).toBeNull();
});

test("a setting that setup writes into files was changed since", () => {
  expect(setupNote(other, "192.0.2.1", facts({}))).toContain(
    "djdeploy setup production --user root --dry-run",
  );
});

test("a host of the older layout is no host to deploy to: exit 7, with the command", () => {
  for (const version of [1, 2, 3] as const) {
    const check = () => requireOwner(config, "github.com/example/shop", "web1", facts({ version }));
    if (version === 3) expect(check).not.toThrow();
    else
      expect(check).toThrow(
        expect.objectContaining({
          code: "host.old-layout",
          exitCode: 7,
          details: expect.objectContaining({
            hint: expect.stringContaining("djdeploy setup production --user root"),
          }),
        }),
      );
  }
  const own = { version: 1, manager: { ...owner.manager, scope: "user" } } as const;
  expect(() => requireOwner(config, "github.com/example/shop", "web1", facts(own))).not.toThrow();
});

test("a setup that broke off is no host to deploy to", () => {
  const broken = facts({ setup: unfinished });
  expect(() => requireOwner(config, "github.com/example/shop", "web1", broken)).toThrow(
    "setup broke off on web1",
  );
});
