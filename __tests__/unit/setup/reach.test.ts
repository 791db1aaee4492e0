import { expect, test } from "vitest";
import { type Fetched, judgeReach } from "../../../src/release/setup/tls/reach.ts";

const four = "203.0.113.10";
const six = "2001:db8::10";
const row = (from: Fetched["from"], address: string | null, outcome: Fetched["outcome"]): Fetched => ({
  ...{ from, name: "www.example.com", address, outcome },
  seen: outcome === "other" ? "404 by Apache" : "",
});

// An authority asks from outside; what the host sees of itself counts where nobody else could look.
test.each<[string, Fetched[], string | null]>([
  ["reached from both", [row("here", four, "token"), row("host", four, "token")], null],
  ["a NAT that does not lead back in", [row("here", four, "token"), row("host", four, "silent")], null],
  ["nobody could look", [row("here", null, "unknown"), row("host", null, "unknown")], null],
  ["known inside alone", [row("here", null, "no-address"), row("host", four, "token")], null],
  [
    "no IPv6 here",
    [row("here", four, "token"), row("here", six, "unknown"), row("host", six, "token")],
    null,
  ],
  [
    "no record",
    [row("here", null, "no-address"), row("host", null, "no-address")],
    "www.example.com has no address",
  ],
  ["another server", [row("here", four, "other")], "http://www.example.com/ is answered by something else"],
  [
    "another server behind its IPv6 address",
    [row("here", four, "token"), row("host", four, "token"), row("host", six, "other")],
    "http://www.example.com/ is answered by something else",
  ],
  [
    "a firewall that the host does not see",
    [row("here", four, "silent"), row("host", four, "token")],
    `www.example.com can not be reached at ${four}`,
  ],
  [
    "nobody listens",
    [row("here", four, "refused"), row("host", four, "refused")],
    `www.example.com can not be reached at ${four}`,
  ],
  [
    "half of the records",
    [row("here", four, "token"), row("here", six, "refused")],
    `www.example.com can not be reached at ${six}`,
  ],
  [
    "only the host could look",
    [row("here", null, "unknown"), row("host", four, "refused")],
    `www.example.com can not be reached at ${four}`,
  ],
])("%s", (_name, rows, message) => {
  expect(judgeReach(rows, "web1", false)?.message ?? null).toBe(message);
});

test("an authority inside may stand where we do not", () => {
  const rows = [row("here", four, "silent"), row("host", four, "token")];
  expect(judgeReach(rows, "web1", true)).toBeNull();
  expect(judgeReach([row("here", four, "other"), row("host", four, "token")], "web1", true)).not.toBeNull();
});

test("each name is judged by itself", () => {
  const other = { ...row("here", four, "refused"), name: "example.com" };
  expect(judgeReach([row("here", four, "token"), other], "web1", false)?.hint).toContain(
    "the A record of example.com",
  );
});
