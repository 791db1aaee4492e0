import { describe, expect, it } from "vitest";
import { refusedEvent } from "../../../src/github/event.ts";

const own = { full_name: "org/site" };
const fork = { full_name: "stranger/site" };

describe("a deploy is refused", () => {
  it.each([
    ["pull_request_target", {}],
    ["pull_request_target", { pull_request: { head: { repo: own }, base: { repo: own } } }],
    ["pull_request", { pull_request: { head: { repo: fork }, base: { repo: own } } }],
    ["pull_request", { pull_request: { head: { repo: null }, base: { repo: own } } }],
    ["pull_request_review", { repository: own, pull_request: { head: { repo: fork } } }],
    ["workflow_run", { repository: own, workflow_run: { head_repository: fork } }],
    ["workflow_run", { repository: own, workflow_run: { head_repository: null } }],
    [
      "workflow_run",
      { repository: own, workflow_run: { event: "pull_request_target", head_repository: own } },
    ],
    // Whose code it is has to be said, not only not denied.
    ["", { repository: own }],
    ["pull_request", { repository: own }],
    ["pull_request_review_comment", { repository: own, pull_request: null }],
    ["workflow_run", { repository: own }],
  ])("%s %j", (name, payload) => {
    expect(refusedEvent(name, payload)).toMatchObject({ exitCode: 7 });
  });
});

it.each([
  ["push", { repository: own }],
  ["workflow_dispatch", { repository: own }],
  ["release", { repository: own }],
  ["pull_request", { pull_request: { head: { repo: own }, base: { repo: own } } }],
  ["workflow_run", { repository: own, workflow_run: { event: "push", head_repository: own } }],
])("%s %j may deploy", (name, payload) => {
  expect(refusedEvent(name, payload)).toBeNull();
});
