import { expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import type { Seen } from "../../../src/host/types.ts";
import { elsewhereHint, silentHint } from "../../../src/release/elsewhere.ts";

const config = {
  nginx: "manage",
  tls: "none",
  url: "http://www.example.com",
  domains: [],
  health: { host: "www.example.com" },
  front: { trustedProxies: [] },
} as unknown as Config;

const upgraded = "https://www.example.com/";

test.each<[string, Partial<Seen>, RegExp]>([
  ["another name", { status: 301, location: "http://example.com/" }, /write that as url/],
  ["HTTPS", { status: 301, location: upgraded }, /front: \{scheme: https\}/],
  [
    "HTTPS and back",
    { status: 301, location: "http://www.example.com/", upgraded },
    /from there to http:\/\/www\.example\.com\/, in a circle/,
  ],
  ["a password", { status: 401 }, /satisfy any; allow 127\.0\.0\.1;/],
  ["some addresses only", { status: 403 }, /satisfy any; allow 127\.0\.0\.1;/],
  ["another page", { status: 200 }, /setup ENV --dry-run/],
])("a front door that leads to %s", (_, seen, hint) => {
  expect(elsewhereHint(config, config, { location: null, ...seen } as Seen)).toMatch(hint);
});

test.each<[string, Partial<Seen>, RegExp]>([
  ["stands still", { error: "connection refused" }, /^start the web server/],
  ["sends to where nobody is", { error: "connection refused", upgraded }, /sends visitors to https:/],
  [
    "closes without an answer",
    { error: "RemoteDisconnected: Remote end closed connection without response" },
    /return 444/,
  ],
])("a front door that %s", (_, seen, hint) => {
  expect(silentHint(config, seen as Seen)).toMatch(hint);
});
