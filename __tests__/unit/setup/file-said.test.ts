import { expect, test } from "vitest";
import { fileSaid } from "../../../src/release/setup/file-said.ts";

// In the words of the scripts and of the programs that they start.
test.each([
  [
    "what is deployed can not be given to shop_deploy: /srv/shop/releases/1/kept: Operation not permitted",
    "/srv/shop/releases/1/kept",
    /root_squash.*lsattr \/srv\/shop\/releases\/1\/kept/,
  ],
  [
    "chmod: changing permissions of '/srv/shop/venvs': Read-only file system",
    "/srv/shop/venvs",
    /findmnt -T \/srv\/shop\/venvs .*remount,rw/,
  ],
  [
    "mkdir: cannot create directory '/srv/shop/a b': No space left on device",
    "/srv/shop/a b",
    /df -h, df -i/,
  ],
  ["chown: changing ownership of '/srv/shop/env': Permission denied", "/srv/shop/env", /root_squash/],
  [
    "mv: cannot move '/etc/systemd/system/.djdeploy.ttxOIW' to '/etc/systemd/system/shop-web@.service': Operation not permitted",
    "/etc/systemd/system/shop-web@.service",
    /chattr -i/,
  ],
  [
    "mktemp: failed to create file via template '/etc/sudoers.d/.x': Read-only file system",
    "/etc/sudoers.d/.x",
    /remount,rw/,
  ],
  ["stat: cannot statx '/srv/shop/shared': Stale file handle", "/srv/shop/shared", /mount it anew/],
])("%s", (sentence, at, hint) => {
  const said = fileSaid(sentence);
  expect(said).toMatchObject({ at, hint: expect.stringMatching(hint) });
  expect(said.hint).toMatch(/run setup again: it goes on where it stopped$/);
  expect(sentence).toContain(said.seen);
});

test("what is no such thing has no details of its own", () => {
  expect(fileSaid("nginx -t refuses the site; everything is as it was")).toEqual({});
  expect(fileSaid("visudo refuses it: Permission denied")).toEqual({});
});
