import { expect, test } from "vitest";
import type { Event } from "../../../src/report/event.ts";
import { createPaint } from "../../../src/report/paint.ts";
import { createPlainReporter } from "../../../src/report/plain.ts";

const event = (code: string, message: string, host?: string, more: Partial<Event> = {}): Event => ({
  ...{ time: "2026-11-20T11:04:55Z", code, level: "warning", message, step: "check" },
  ...(host ? { host } : {}),
  ...more,
});

function shown(...events: Event[]): string[] {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const reporter = createPlainReporter(write, write, {
    quiet: false,
    verbose: false,
    paint: createPaint(false),
  });
  for (const one of events) reporter.event(one);
  reporter.end({ line: {}, text: () => "done\n", error: null });
  return text.trimEnd().split("\n");
}

test("what several hosts say is said once, and who else said it when the phase ends", () => {
  const long = `security.W008: ${"a sentence that goes on and on ".repeat(4)}`;
  expect(
    shown(
      ...["web1", "web2", "web3"].map((host) => event("finding", long, host)),
      event("finding", "only here", "web2"),
      event("phase.start", "migrate", undefined, { level: "info" }),
    ),
  ).toEqual([
    `  warning: web1 check: ${long}`,
    "  warning: web2 check: only here",
    "  warning: check: also web2, web3: security.W008: a sentence that goes on and on a sentence tha…",
    "Migrate",
    "done",
  ]);
});

test("a step's end and an error are each host's own, and a host may say something twice", () => {
  const done = (host: string) =>
    event("step.done", "it still runs", host, { level: "info", data: { ms: 1, status: "done" } });
  const error = (host: string) => event("note", "going back failed too", host, { level: "error" });
  expect(shown(done("web1"), done("web2"), error("web1"), error("web2"))).toHaveLength(5);
  expect(shown(event("note", "lost", "web1"), event("note", "lost", "web1"))).toHaveLength(3);
});
