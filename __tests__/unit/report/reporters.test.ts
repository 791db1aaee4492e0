import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Output } from "../../../src/cli/io.ts";
import { createTerminalReporter } from "../../../src/cli/reporter/terminal.ts";
import { DeployError } from "../../../src/errors.ts";
import type { Event, Report } from "../../../src/report/event.ts";
import { createGithubReporter } from "../../../src/report/github.ts";
import { createJsonReporter } from "../../../src/report/json.ts";
import { createPaint } from "../../../src/report/paint.ts";
import { createPlainReporter } from "../../../src/report/plain.ts";
import { createRedactor } from "../../../src/report/redact.ts";
import { type Reporter, redacting, reportEnding } from "../../../src/report/reporter.ts";

const time = "2026-11-20T11:04:55.000Z";
const event = (code: string, rest: Partial<Event> = {}): Event => ({
  time,
  code,
  level: "info",
  message: "",
  ...rest,
});

const deployed: Report = {
  result: "deployed",
  environment: "production",
  release: "20261120T110455Z-1a2b3c4",
  previousRelease: "20261119T090000Z-0000000",
  revision: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
  url: "https://www.example.com",
  durationMs: 8234.5,
  hosts: [
    { host: "web1", result: "deployed", release: "20261120T110455Z-1a2b3c4", proof: "pids 812,813 serve it" },
  ],
  steps: [{ step: "upload", host: "web1", ms: 800.4, status: "done" }],
};
const reverted: Report = {
  ...deployed,
  result: "reverted",
  release: deployed.previousRelease,
  hosts: [
    { host: "web1", result: "reverted", release: deployed.previousRelease, proof: "pid 700 serves it" },
  ],
};
const broken = new DeployError("activate.status", 1, "the front door answered 500", {
  host: "web1",
  step: "front-door",
  expected: "2xx or a redirect",
  seen: "500 Internal Server Error",
  hint: "djdeploy logs production shows the traceback",
});

function play(reporter: Reporter, error: DeployError | null): void {
  reporter.event(event("phase.start", { message: "prepare" }));
  reporter.event(event("step.start", { step: "upload", host: "web1", message: "upload" }));
  reporter.event(
    event("step.output", { step: "upload", host: "web1", level: "debug", message: "sending a.py" }),
  );
  reporter.event(
    event("step.done", {
      step: "upload",
      host: "web1",
      message: "3 files",
      data: { ms: 800, status: "done" },
    }),
  );
  reporter.event(event("note", { level: "warning", host: "web1", message: "the tree is dirty" }));
  if (error) {
    reporter.event(event("step.start", { step: "front-door", host: "web1" }));
    for (let line = 1; line <= 40; line++) {
      reporter.event(
        event("step.output", { step: "front-door", host: "web1", level: "debug", message: `line ${line}` }),
      );
    }
    reporter.event(
      event("step.failed", {
        step: "front-door",
        host: "web1",
        level: "error",
        message: "answered 500",
        data: { ms: 50 },
      }),
    );
  }
  reporter.end(reportEnding(error ? reverted : deployed, error));
  reporter.close();
}

function collect() {
  const texts: string[] = [];
  return { write: (text: string) => void texts.push(text), text: () => texts.join("") };
}

describe("plain lines", () => {
  const options = { quiet: false, verbose: false, paint: createPaint(false) };
  it("one a step, and the verdict at the end", () => {
    const out = collect();
    play(createPlainReporter(out.write, out.write, options), null);
    expect(out.text()).toBe(
      [
        "Prepare",
        "  ✓ web1  upload           0.8 s  3 files",
        "  warning: web1: the tree is dirty",
        "deployed 20261120T110455Z-1a2b3c4 (1a2b3c4) to web1 in 8.2 s",
        "  proven: web1: pids 812,813 serve it",
        "  https://www.example.com",
        "  before: 20261119T090000Z-0000000; back to it: djdeploy rollback production",
        "",
      ].join("\n"),
    );
  });

  it("a failure says where, expected, seen, the last output, what serves and what to do", () => {
    const [out, err] = [collect(), collect()];
    play(createPlainReporter(out.write, err.write, options), broken);
    const report = err.text();
    expect(report).toContain("error at web1, front-door: the front door answered 500");
    expect(report).toContain("expected: 2xx or a redirect");
    expect(report).toContain("seen: 500 Internal Server Error");
    expect(report).toContain("what to do: djdeploy logs production shows the traceback");
    expect(report).toContain("reverted: ");
    expect(report).toContain("web1: serves 20261119T090000Z-0000000 (pid 700 serves it)");
    expect(report.match(/ {4}line \d+/g)).toHaveLength(15);
    expect(report).toContain("line 40");
    expect(out.text()).not.toContain("line 40");
  });

  it("quiet prints the result alone, verbose every line of output", () => {
    const quiet = collect();
    play(createPlainReporter(quiet.write, quiet.write, { ...options, quiet: true }), null);
    expect(quiet.text().split("\n")[0]).toContain("deployed 20261120T110455Z-1a2b3c4");
    const verbose = collect();
    play(createPlainReporter(verbose.write, verbose.write, { ...options, verbose: true }), null);
    expect(verbose.text()).toContain("  web1 upload | sending a.py\n");
  });
});

describe("json", () => {
  it("is one event a line and the result's exact fields last", () => {
    const out = collect();
    play(createJsonReporter(out.write, { quiet: false }), broken);
    const lines = out
      .text()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const line of lines.slice(0, -1))
      expect(line).toMatchObject({ time: expect.any(String), code: expect.any(String) });
    expect(lines[1]).toEqual({
      time,
      code: "step.start",
      level: "info",
      message: "upload",
      host: "web1",
      step: "upload",
    });
    expect(lines.at(-2)).toMatchObject({ code: "error", data: { error: "activate.status", exitCode: 1 } });
    expect(lines.at(-1)).toEqual({
      code: "result",
      ...reverted,
      durationMs: 8235,
      hosts: [{ ...reverted.hosts[0], cut: 0 }],
      steps: [{ ...reverted.steps[0], ms: 800 }],
    });
  });

  it("quiet is the last line alone", () => {
    const out = collect();
    play(createJsonReporter(out.write, { quiet: true }), null);
    expect(JSON.parse(out.text())).toMatchObject({ code: "result", result: "deployed" });
  });
});

describe("a workflow's log", () => {
  it("groups a phase, and says why in one annotation after the groups", () => {
    const out = collect();
    play(createGithubReporter(out.write, { quiet: false }), broken);
    const lines = out.text().trimEnd().split("\n");
    expect(lines.filter((line) => line.startsWith("::group::"))).toEqual(["::group::prepare"]);
    expect(lines.filter((line) => line === "::endgroup::")).toHaveLength(1);
    expect(lines).toContain("  web1 upload | sending a.py");
    const annotations = lines.filter((line) => /^::(error|warning|notice)/.test(line));
    expect(annotations).toEqual([
      "::error::web1, front-door: the front door answered 500%0Aexpected: 2xx or a redirect%0Aseen: 500 Internal Server Error%0Awhat to do: djdeploy logs production shows the traceback",
    ]);
    expect(lines.indexOf(annotations[0]!)).toBeGreaterThan(lines.indexOf("::endgroup::"));
  });

  it("points at the line of a file", () => {
    const out = collect();
    createGithubReporter(out.write, { quiet: false }).error(
      new DeployError("config.x", 2, "djdeploy.yml:12:5: 100% wrong", { at: "a,b/djdeploy.yml:12:5" }),
    );
    expect(out.text()).toContain(
      "::error file=a%2Cb/djdeploy.yml,line=12,col=5::djdeploy.yml:12:5: 100%25 wrong\n",
    );
  });

  it("takes nothing that a host prints for a command of the workflow", () => {
    const out = collect();
    const reporter = createGithubReporter(out.write, { quiet: false });
    reporter.event(event("note", { message: "::set-env name=X::1\n::error::no\n##[add-mask]x" }));
    const error = new DeployError("x", 1, "a\n::error::b", { output: "::warning::c" });
    reporter.error(error);
    const commands = out
      .text()
      .split("\n")
      .filter((line) => /^\s*::|##\[/.test(line));
    expect(commands).toEqual(["::error::a%0A::error::b"]);
  });
});

describe("a terminal", () => {
  function terminal(columns = 60, rows = 10) {
    const stream = new PassThrough();
    const out: Output = Object.assign(stream, { isTTY: true as const, columns, rows });
    return { out, screen: () => screenOf((stream.read() as Buffer | null)?.toString() ?? "") };
  }

  /** What is to be seen after all writes: enough of a terminal for cursor up and erase below. */
  function screenOf(text: string): string[] {
    const lines = [""];
    let row = 0;
    for (const part of text.replaceAll("\x1b[", "␛").split(/(␛\d+A|␛J|\n)/)) {
      const up = /^␛(\d+)A$/.exec(part);
      if (up) row -= Number(up[1]);
      else if (part === "␛J") lines.splice(row, lines.length, "");
      else if (part === "\n") lines[++row] ??= "";
      else lines[row] += part;
    }
    return lines.slice(0, -1);
  }
  const options = { quiet: false, verbose: false, paint: createPaint(false) };

  it("shows each step once when it is done and running ones below", () => {
    const { out, screen } = terminal();
    const reporter = createTerminalReporter(out, () => {}, options);
    reporter.event(event("step.start", { step: "upload", host: "web1" }));
    reporter.event(event("step.start", { step: "upload", host: "web2" }));
    reporter.event(
      event("step.done", {
        step: "upload",
        host: "web1",
        message: "3 files",
        data: { ms: 800, status: "done" },
      }),
    );
    reporter.event(event("step.start", { step: "virtualenv", host: "web1" }));
    const shown = screen();
    reporter.close();
    expect(shown.map((line) => line.replace(/\s+\d+\.\d s$/, "").trimEnd())).toEqual([
      "  ✓ web1  upload           0.8 s  3 files",
      "  · web2  upload",
      "  · web1  virtualenv",
    ]);
  });

  it("stays within the screen however many hosts run", () => {
    const { out, screen } = terminal(30, 6);
    const reporter = createTerminalReporter(out, () => {}, options);
    for (let host = 1; host <= 20; host++)
      reporter.event(event("step.start", { step: "upload", host: `a-long-name-of-web${host}` }));
    const shown = screen();
    reporter.close();
    expect(shown).toHaveLength(4);
    expect(shown.at(-1)).toBe("  … and 17 more");
    for (const line of shown) expect(line.length).toBeLessThan(30);
  });

  it("leaves nothing but the report when it is over", () => {
    const { out, screen } = terminal(100);
    play(
      createTerminalReporter(out, () => {}, options),
      null,
    );
    expect(screen().map((line) => line.trim().slice(0, 8))).toEqual([
      "Prepare",
      "✓ web1  ",
      "warning:",
      "deployed",
      "proven: ",
      "https://",
      "before: ",
    ]);
  });

  it("writes nothing while a person is asked", async () => {
    const { out, screen } = terminal();
    const reporter = createTerminalReporter(out, () => {}, options);
    reporter.event(event("step.start", { step: "connect", host: "web1" }));
    await reporter.hold(async () => {
      screen();
      reporter.event(event("note", { message: "later" }));
      expect(screen()).toEqual([]);
    });
    expect(screen()[0]).toBe("  later");
    reporter.close();
  });
});

it("no reporter sees a secret value", () => {
  const out = collect();
  const secret = "hunter2-hunter2";
  const reporter = redacting(createJsonReporter(out.write, { quiet: false }), createRedactor([secret]));
  reporter.event(event("note", { message: `x ${secret}`, data: { list: [secret] } }));
  reporter.end(
    reportEnding(
      { ...deployed, url: `https://a:${secret}@b/` },
      new DeployError("x", 1, secret, { output: secret }),
    ),
  );
  expect(out.text()).not.toContain(secret);
  expect(out.text()).toContain("***");
});
