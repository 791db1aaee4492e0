import { describe, expect, it } from "vitest";
import { code, escapeText, fence } from "../../../src/action/markdown.ts";
import { renderSummary } from "../../../src/action/summary.ts";
import { nothingDone } from "../../../src/action/verbs/types.ts";
import { DeployError } from "../../../src/errors.ts";
import type { Report } from "../../../src/report/event.ts";
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

      | host | result | serves | proof |
      | --- | --- | --- | --- |
      | web1 | deployed | \`20261120T110455Z-1a2b3c4\` | pids 1\\|2 serve it |
      | web2 | deployed | \`20261120T110455Z-1a2b3c4\` | pids 1\\|2 serve it |

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
      /^### ❌ reverted: .*old release serves again.* — web1, probe: answered 500$/,
    );
    expect(text).toContain("expected: 200");
    expect(text).toContain("seen: 500");
    expect(text).not.toContain("Back to");
  });
});

it("takes nothing for Markdown or HTML", () => {
  expect(escapeText("<img src=x>\n| *a* `b` @team")).toBe("&lt;img src=x> \\| \\*a\\* \\`b\\` \\@team");
  expect(code("a`b|c")).toBe("`` a`b\\|c ``");
  expect(fence("x\n````\ny")).toBe("`````text\nx\n````\ny\n`````");
});
