import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderSummary } from "../../../src/action/summary.ts";
import { nothingDone } from "../../../src/action/verbs/types.ts";
import type { Output } from "../../../src/cli/io.ts";
import { createTerminalReporter } from "../../../src/cli/reporter/terminal.ts";
import { DeployError, ExitCode } from "../../../src/errors.ts";
import { lintAnnotations } from "../../../src/lint/annotations.ts";
import { renderLint } from "../../../src/lint/index.ts";
import type { Finding, LintResult } from "../../../src/lint/types.ts";
import type { Event, Report } from "../../../src/report/event.ts";
import { createGithubReporter } from "../../../src/report/github.ts";
import { createJsonReporter } from "../../../src/report/json.ts";
import { createPaint } from "../../../src/report/paint.ts";
import { createPlainReporter } from "../../../src/report/plain.ts";
import { printed } from "../../../src/report/printed.ts";
import { type Reporter, reportEnding } from "../../../src/report/reporter.ts";
import { visible } from "../../../src/report/visible.ts";
import { hostile, obeyed } from "../../support/hostile.ts";
import { commandsIn } from "../../support/workflow-commands.ts";

const level = fc.constantFrom("debug", "info", "warning", "error" as const);
const code = fc.constantFrom(
  ...["phase.start", "step.start", "step.output", "step.done", "step.failed", "note", "finding"],
);
const event: fc.Arbitrary<Event> = fc.record(
  {
    time: fc.constant("2026-11-20T11:04:55.000Z"),
    code,
    level,
    message: hostile,
    host: hostile,
    step: hostile,
  },
  { requiredKeys: ["time", "code", "level", "message"] },
);
const error = fc
  .record({
    message: hostile,
    details: fc.record(
      {
        ...{ host: hostile, step: hostile, expected: hostile, seen: hostile, hint: hostile, output: hostile },
        at: fc.oneof(
          hostile,
          hostile.map((file) => `${file}:3:4`),
        ),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ message, details }) => new DeployError("activate.status", ExitCode.failed, message, details));
const report: fc.Arbitrary<Report> = fc.record({
  result: fc.constantFrom("deployed", "reverted", "partial", "failed" as const),
  environment: hostile,
  release: fc.option(hostile),
  previousRelease: fc.option(hostile),
  revision: fc.option(hostile),
  url: fc.option(hostile),
  durationMs: fc.constant(1000),
  hosts: fc.array(
    fc.record({
      ...{ host: hostile, result: fc.constant("deployed" as const) },
      ...{ release: fc.option(hostile), proof: fc.option(hostile) },
    }),
    { maxLength: 2 },
  ),
  steps: fc.array(
    fc.record({
      ...{
        step: hostile,
        host: fc.option(hostile),
        ms: fc.constant(1),
        status: fc.constant("done" as const),
      },
    }),
    { maxLength: 2 },
  ),
});
const run = fc.record({ events: fc.array(event, { maxLength: 4 }), report, error: fc.option(error) });
type Run = typeof run extends fc.Arbitrary<infer R> ? R : never;

const finding: fc.Arbitrary<Finding> = fc.record({
  ...{ id: hostile, message: hostile, hint: hostile, file: hostile, setting: fc.option(hostile) },
  level: fc.constantFrom("error", "warning", "info"),
  line: fc.constant(1),
  column: fc.constant(2),
  certainty: fc.constantFrom("certain", "depends", "unknown"),
  dependsOn: fc.constant([]),
  also: fc.array(hostile, { maxLength: 1 }),
  docs: fc.constant(null),
  fix: fc.record({ code: hostile, file: hostile, line: fc.constant(1), automatic: fc.constant(false) }),
});
const linted: fc.Arbitrary<LintResult> = fc.record({
  settingsModule: hostile,
  findings: fc.array(finding, { maxLength: 3 }),
  settings: fc.constant({}),
  suppressed: fc.array(fc.record({ id: hostile, reason: hostile, by: hostile }), { maxLength: 1 }),
  summary: fc.constant({ error: 0, warning: 0, info: 0 }),
}) as fc.Arbitrary<LintResult>;

/** Plays a run and answers all that was written, of both streams, in its order. */
function played({ events, report, error }: Run, create: (write: (text: string) => void) => Reporter): string {
  const texts: string[] = [];
  const reporter = create((text) => void texts.push(text));
  for (const one of events) reporter.event(one);
  reporter.end(reportEnding(report, error));
  reporter.close();
  return texts.join("");
}

/** What is left of a text without our own colours, and without the two controls that draw the live lines anew. */
function bare(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ones of our own
  return text.replace(/\x1b\[(?:[12]|2[24]|3[1-6]|39)m/g, "").replace(/(?:\x1b\[\d+A)?\x1b\[J/g, "");
}

const runs = { numRuns: 400 };
const all = { quiet: false, verbose: true };

describe("whatever a commit, a program, a host or a file says", () => {
  it("a workflow's log has the commands that we meant, each annotation as one with our own properties", () => {
    fc.assert(
      fc.property(run, (played1) => {
        const text = played(played1, (write) => createGithubReporter(write, { quiet: false }));
        expect(text).not.toMatch(obeyed);
        const found = commandsIn(text);
        const groups = played1.events.filter((one) => one.code === "phase.start").length;
        const count = (name: string) => found.filter((one) => one.name === name).length;
        const meant = ["group", "endgroup", "error"];
        expect(found.filter(({ name }) => !meant.includes(name))).toEqual([]);
        expect([count("group"), count("endgroup")]).toEqual([groups, groups]);
        expect(count("error")).toBe(played1.error ? 1 : 0);
        for (const { properties } of found)
          expect(["", "file,line", "col,file,line"]).toContain(Object.keys(properties).sort().join());
      }),
      runs,
    );
  });

  it.each([false, true])(
    "lines and a terminal's lines hold nothing but text and our colours (%s)",
    (color) => {
      const paint = createPaint(color);
      fc.assert(
        fc.property(run, (one) => {
          const plain = played(one, (write) => createPlainReporter(write, write, { ...all, paint }));
          const out = (write: (text: string) => void) =>
            ({ write, isTTY: true, columns: 80, rows: 24 }) as unknown as Output;
          const drawn = played(one, (write) => createTerminalReporter(out(write), write, { ...all, paint }));
          for (const text of [plain, drawn]) {
            expect(bare(text)).not.toMatch(obeyed);
            expect(commandsIn(text)).toEqual([]);
          }
          // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour where none was asked for
          if (!color) expect(plain).not.toMatch(/\x1b/);
        }),
        runs,
      );
    },
  );

  it("JSON is one object a line for every reader, and commands nothing", () => {
    fc.assert(
      fc.property(run, (one) => {
        const text = played(one, (write) => createJsonReporter(write, { quiet: false }));
        const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
        expect(lines.pop()).toBe("");
        expect(lines).toHaveLength(one.events.length + 1 + (one.error ? 1 : 0));
        const read = lines.map((line) => JSON.parse(line) as Event);
        expect(read.map(({ message }) => message).slice(0, one.events.length)).toEqual(
          one.events.map(({ message }) => JSON.parse(JSON.stringify(message))),
        );
        expect(text).not.toMatch(obeyed);
        expect(commandsIn(text)).toEqual([]);
      }),
      runs,
    );
  });

  it("the lint's text and its annotations hold as many commands as findings at most", () => {
    fc.assert(
      fc.property(linted, fc.boolean(), (result, color) => {
        const text = printed(renderLint(result, { color, all: true, failLevel: "error" }), { color });
        expect(bare(text)).not.toMatch(obeyed);
        expect(commandsIn(text)).toEqual([]);
        const found = lintAnnotations(result.findings);
        for (const one of found) expect(commandsIn(one)).toHaveLength(1);
        expect(commandsIn(found.join(""))).toHaveLength(found.length);
      }),
      runs,
    );
  });

  it("a summary has headings, lists and HTML of our own only", () => {
    fc.assert(
      fc.property(run, fc.boolean(), hostile, ({ report, error }, acted, environment) => {
        const ending = reportEnding(report, error);
        const done = { ...nothingDone, report: acted ? { ...report, url: null } : null, ending };
        const inputs = { command: "deploy", environment } as const;
        const text = visible(renderSummary({ done, inputs, durationMs: 1 }));
        expect(text).not.toMatch(obeyed);
        // What a program printed stands as it is between fences, which it can not end.
        const around = text.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, "");
        expect(around.match(/^#+ /gm)).toHaveLength(1);
        expect(around).not.toMatch(/^\s*- item/m);
      }),
      runs,
    );
  });
});

describe("no way out is forgotten", () => {
  const src = new URL("../../../src", import.meta.url).pathname;
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && statSync(join(src, name)).isFile(),
  );

  it("each text that is written to a stream of ours passes the border, or is ours", () => {
    // How many writes of a file do not show that they pass it, and why they need not.
    const ours = {
      "action/index.ts": 1, // a command of our own, whole
      "action/last-resort.ts": 1, // a code and a place in our own code
      "action/run.ts": 1, // the reporter behind it passes it
      "cli/reporter/index.ts": 2, // the same
      "cli/commands/explain.ts": 1, // a rule of our own
      "cli/commands/lint.ts": 1, // annotations, which pass it part by part
      "cli/commands/logs.ts": 1, // a pipe is given the bytes of the host
      "cli/index.ts": 1, // words of our own, as in those below
      "cli/lint/fix.ts": 1,
      "cli/main.ts": 3, // besides the annotation of an error
      "cli/modes.ts": 1,
      "cli/prompt.ts": 1,
    };
    const open: Record<string, number> = {};
    for (const file of files) {
      const text = readFileSync(join(src, file), "utf8");
      for (const [, written = ""] of text.matchAll(
        /\b(?:process|io)\.std(?:out|err)\.write\(([\s\S]*?)\);$/gm,
      ))
        if (!/^\s*(?:printed|visible|safe\.text)\(|jsonText\(/.test(written))
          open[file] = (open[file] ?? 0) + 1;
    }
    expect(open).toEqual(ours);
  });

  it("JSON that is shown or kept for others is written by one function", () => {
    // The function itself; what is searched for, and what a process tells itself, is shown to nobody.
    const inside = ["report/json-text.ts", "report/redact/spellings.ts", "action/seal.ts"];
    const open = files.filter(
      (file) =>
        /^(?:cli|action|report)\//.test(file) &&
        !inside.includes(file) &&
        readFileSync(join(src, file), "utf8").includes("JSON.stringify("),
    );
    expect(open).toEqual([]);
  });
});
