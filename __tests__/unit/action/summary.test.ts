import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { code, escapeText, fence } from "../../../src/action/markdown.ts";
import { renderSummary, summaryText, writeSummary } from "../../../src/action/summary.ts";
import { createTimeline, gantt } from "../../../src/action/summary-gantt.ts";
import { nothingDone } from "../../../src/action/verbs/types.ts";
import { DeployError } from "../../../src/errors.ts";
import { readTrigger } from "../../../src/github/trigger.ts";
import type { Report } from "../../../src/report/event.ts";
import { createRedactor } from "../../../src/report/redact.ts";
import { reportEnding } from "../../../src/report/reporter.ts";

const report: Report = {
  result: "deployed",
  environment: "production",
  release: "20261120T110455Z-1a2b3c4",
  previousRelease: "20261119T090000Z-0000000",
  revision: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
  url: "https://www.example.com",
  durationMs: 8200,
  hosts: ["web1", "web2"].map((host) => ({
    host,
    result: "deployed",
    release: "20261120T110455Z-1a2b3c4",
    proof: "pids 1|2 serve it",
  })),
  steps: [
    { step: "lint", host: null, ms: 120, status: "done" },
    { step: "upload", host: "web1", ms: 800, status: "done" },
    { step: "upload", host: "web2", ms: 12_000, status: "unchanged" },
  ],
};
const inputs = { command: "deploy", environment: "production" } as const;

describe("the job summary", () => {
  it("has the verdict first, then hosts, the way back, steps and changes", () => {
    const said = [{ step: "upload", host: "web1", message: "3 files" }];
    const done = { ...nothingDone, report, said, ending: reportEnding(report, null) };
    expect(renderSummary({ done, inputs, durationMs: 9000 })).toMatchInlineSnapshot(`
      "### ✅ deployed 20261120T110455Z-1a2b3c4 \\(1a2b3c4\\) to web1, web2 in 8.2 s

      https://www.example.com

      - **web1** deployed: serves \`20261120T110455Z-1a2b3c4\`<br>pids 1\\|2 serve it
      - **web2** deployed: serves \`20261120T110455Z-1a2b3c4\`<br>pids 1\\|2 serve it

      Back to \`20261119T090000Z-0000000\`: run this workflow with \`command: rollback\`, or \`djdeploy rollback production --to 20261119T090000Z-0000000\`

      | step | runner | web1 | web2 |
      | --- | --- | --- | --- |
      | lint | 0.1 s |  |  |
      | upload |  | 0.8 s | 12 s (unchanged) |

      <details><summary>What changed</summary>

      - web1, upload: 3 files

      </details>

      Revision \`1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d\`
      "
    `);
  });

  it("says what failed, where, and what serves", () => {
    const error = new DeployError("x", 1, "answered 500", {
      host: "web1",
      step: "probe",
      expected: "200",
      seen: "500",
      hint: "look",
    });
    const failed = { ...report, result: "reverted" as const };
    const text = renderSummary({
      done: { ...nothingDone, report: failed, ending: reportEnding(failed, error) },
      inputs,
      durationMs: 1,
    });
    expect(text.split("\n")[0]).toMatch(
      /^### ❌ reverted: 20261120T110455Z-1a2b3c4 serves again.* — web1, probe: answered 500$/,
    );
    expect(text).toContain("**Expected**: 200");
    expect(text).toContain("**Seen**: 500");
    expect(text.indexOf("**What to do**: look")).toBeLessThan(text.indexOf("**Seen**"));
    expect(text).not.toContain("Back to");
  });
});

it("takes nothing for Markdown or HTML", () => {
  expect(escapeText("<img src=x>\n| *a* `b` @team")).toBe("&lt;img src=x> \\| \\*a\\* \\`b\\` \\@team");
  expect(escapeText("http://127.0.0.1:80 and https://docs.example.com")).toBe(
    "http:&#47;/127.0.0.1:80 and https://docs.example.com",
  );
  expect(code("a`b|c")).toBe("`` a`b|c ``");
  expect(fence("x\n````\ny")).toBe("`````text\nx\n````\ny\n`````");
});

describe("the chart of a run", () => {
  it("has a section a phase, a bar a step, and shows what failed", () => {
    let clock = 5_000;
    const timeline = createTimeline(() => clock);
    const see = (code: string, after: number, step?: string, host?: string) => {
      clock += after;
      const where = { ...(step ? { step } : {}), ...(host ? { host } : {}) };
      timeline.see({ code, level: "info", message: step ?? "prepare", ...where });
    };
    see("phase.start", 0);
    see("step.start", 0, "upload", "web1");
    see("step.start", 10, "upload", "web:2");
    see("step.done", 100, "upload", "web1");
    see("step.failed", 0, "upload", "web:2");
    expect(gantt(timeline.laps)).toBe(
      [
        "```mermaid",
        "gantt",
        "  dateFormat x",
        "  axisFormat %M:%S",
        "  section prepare",
        "  upload web1 :done, 0, 110",
        "  upload web 2 :crit, 10, 110",
        "```",
      ].join("\n"),
    );
  });

  it("is not drawn where nothing ran", () => {
    expect(gantt([])).toBe("");
  });
});

it("the summary links the button that goes back, and the commits", () => {
  const github = {
    page: "https://github.com/acme/shop",
    trigger: readTrigger(
      { GITHUB_EVENT_NAME: "push", GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/shop" },
      {},
    ),
  };
  const text = renderSummary({
    done: { ...nothingDone, report, ending: reportEnding(report, null) },
    inputs,
    durationMs: 1,
    github,
  });
  expect(text).toContain("[run the rollback](https://github.com/acme/shop/actions/workflows/rollback.yml)");
  expect(text).toContain(`https://github.com/acme/shop/compare/0000000...${report.revision}`);
});

it("a summary lists where a rollback could go next", () => {
  const row = (id: string, state: string, live: boolean) => ({
    id,
    host: "web1",
    revision: "1a2b3c4d",
    actor: "ada",
    createdAt: "2026-11-20T11:04:55Z",
    state,
    live,
    migrationHeads: [],
    reason: null,
  });
  const releases = [row("r3", "failed", false), row("r2", "live", true), row("r1", "superseded", false)];
  const text = renderSummary({
    done: { ...nothingDone, releases, report, ending: reportEnding(report, null) },
    inputs,
    durationMs: 1,
  });
  expect(text).toContain("- `r2` **live**, by ada\n- `r1`, by ada");
  expect(text).not.toContain("r3");
});

it("hides a value whose signs Markdown escapes", () => {
  const value = "a_long*value|of~signs";
  const error = new DeployError("host.os", 1, `it said ${value}`, { output: value, seen: value });
  const said = [{ step: "upload", host: "web1", message: value }];
  const done = { ...nothingDone, report, said, ending: reportEnding(report, error) };
  const text = summaryText({ done, inputs, durationMs: 1 }, createRedactor([value]));
  expect(text.replaceAll("\\", "")).not.toContain(value);
  expect(text).toContain("it said \\*\\*\\*");
});

it("a summary larger than GitHub takes is cut at a line, and says so", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "djdeploy-summary-")), "summary");
  writeFileSync(file, "");
  process.env["GITHUB_STEP_SUMMARY"] = file;
  const said = Array.from({ length: 30_000 }, (_, i) => ({
    step: "upload",
    host: "wéb1",
    message: `file ${i} ${"x".repeat(60)}`,
  }));
  const done = { ...nothingDone, report, said, ending: reportEnding(report, null) };
  await writeSummary({ done, inputs, durationMs: 1 }, (text) => text);
  const text = readFileSync(file, "utf8");
  rmSync(dirname(file), { recursive: true });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
  expect(text).toContain("### ✅ deployed");
  expect(text.trimEnd().split("\n").slice(-3)).toEqual([
    "</details>",
    "",
    "The rest did not fit into a summary.",
  ]);
  expect(text).not.toContain("\ufffd");
});

describe("back ticks that meet when what is between them goes away", () => {
  const evil = "`\u001b[0m`\n</details>\n\n### Approved\n\n@org [log in](https://evil.example) `\u009b0m`";
  const sql = `SELECT 1;\n\`\`\u001b[0m\`\n### Approved\n\`\u001b[0m\`\``;

  /** Markdown that stands outside of every code span and block. */
  function outsideCode(markdown: string): string {
    return markdown.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
  }

  it("end no code in the summary", () => {
    const error = new DeployError("a.b", 1, "m", { seen: evil, output: sql, at: evil });
    const done = {
      ...nothingDone,
      report: { ...report, revision: evil },
      ending: reportEnding(report, error),
    };
    const text = summaryText({ done, inputs, durationMs: 1 }, (one) => one);
    expect(text).toContain("Approved");
    expect(outsideCode(text)).not.toMatch(/^### Approved|(?<!\\)@org|\[log in\]\(/m);
  });
});
