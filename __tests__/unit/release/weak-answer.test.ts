import { expect, test } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import type { Seen } from "../../../src/host/types.ts";
import { weakAnswer } from "../../../src/release/weak-answer.ts";

const said = (
  answer: Partial<Seen>,
  live: number | null = null,
  health: Partial<Config["health"]> = {},
): string | null =>
  weakAnswer(
    { health: { path: "/", status: "auto", contains: null, ...health } } as Config,
    { status: 200, location: null, body: "A page", ...answer } as Seen,
    live,
  );

test.each<[string, Partial<Seen>, RegExp]>([
  ["a bare project", { status: 404 }, /^\/ answers 404: .*health: \{path/],
  [
    "a login",
    { status: 302, location: "/accounts/login/?next=/" },
    /redirects to \/accounts\/login\/\?next=\/:/,
  ],
  ["a language", { status: 301, location: "/en/" }, /redirects to \/en\//],
  ["a password", { status: 401 }, /answers 401/],
  ["nobody may", { status: 403 }, /answers 403/],
  ["nothing at all", { status: 204, body: "" }, /^\/ answers 204 with an empty page: /],
])("%s is said at first, and when it is new", (_title, answer, words) => {
  expect(said(answer)).toMatch(words);
  expect(said(answer, 200)).toMatch(words);
  expect(said(answer, answer.status)).toBeNull();
});

test("an empty page is said at first", () => {
  expect(said({ status: 200, body: "\n" })).toMatch(/^\/ answers 200 with an empty page: /);
  expect(said({ status: 200, body: "\n" }, 200)).toBeNull();
});

test("a page, and an answer that is asked for, are worth no word", () => {
  expect(said({ status: 200 })).toBeNull();
  expect(said({ status: 204, body: "" }, null, { path: "/healthz" })).toBeNull();
  expect(said({ status: 404 }, null, { status: [404] })).toBeNull();
  expect(said({ status: 403 }, null, { contains: "Members only" })).toBeNull();
});
