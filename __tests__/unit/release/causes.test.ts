import { expect, test } from "vitest";
import { causeHint } from "../../../src/release/causes/index.ts";

const error =
  "OSError: [Errno 30] Read-only file system: '/srv/shop/releases/20261130T012816Z-6bb2e40/exports/started'";
const frames = '  File "/srv/shop/releases/x/shop/wsgi.py", line 7, in <module>\n    open("started", "w")\n';

test.each([
  ["whole", `Traceback (most recent call last):\n${frames}${error}\n[1] [INFO] Worker exiting`],
  [
    "behind a word of a logger",
    `[1] [ERROR] in worker: Traceback (most recent call last):\n${frames}${error}`,
  ],
  [
    "without its head, which the last lines of a log lack",
    `    cut = off()\nINFO: on\n${frames}${error}\n[2] [INFO] Booting`,
  ],
])("an exception is known by its traceback: %s", (_name, log) => {
  expect(causeHint(log)).toContain("shared: [exports/]");
});

test("a line that only looks like one is none", () => {
  expect(causeHint(`started\n${error}`)).toBeUndefined();
});
