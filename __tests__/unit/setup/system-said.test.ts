import { expect, test } from "vitest";
import { systemHint } from "../../../src/release/setup/system-said.ts";

// As Debian 12 said it on a booted host.
test.each([
  [
    "Failed to enable unit: Unit file /etc/systemd/system/nginx.service is masked.",
    /^systemctl unmask nginx\.service on the host; then run setup again/,
  ],
  [
    "Failed to restart shop-web@blue.service: Unit shop-web@blue.service is masked.",
    /unmask shop-web@blue\.service/,
  ],
  ["cat: write error: No space left on device", /df -h/],
])("answers %s", (said, hint) => {
  expect(systemHint(said)).toMatch(hint);
});

test("says nothing of what it does not know", () => {
  expect(systemHint("useradd: something else")).toBeUndefined();
});
