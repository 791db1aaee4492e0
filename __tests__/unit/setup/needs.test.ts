import { expect, test } from "vitest";
import type { SettingValue } from "../../../src/lint/types.ts";
import { needsOf, urlPath, urlsNote } from "../../../src/release/setup/needs.ts";
import type { Owner } from "../../../src/services/types.ts";

const certain = (value: unknown): SettingValue => ({ value, certainty: "certain", file: null, line: null });

test.each([
  ["/assets/", "/assets/"],
  ["static/", "/static/"],
  ["/a/b.c/", "/a/b.c/"],
  ["https://cdn.example.com/shop/", null],
  ["//cdn.example.com/", null],
  ["", "usual"],
  ["/", "usual"],
  ["/with a blank/", "usual"],
  ["/{injected};/", "usual"],
])("nginx serves the files of %j below %j", (url, path) => {
  expect(urlPath(url, "usual")).toBe(path);
});

test("what the settings name, and Django's tutorial where they can not be read", () => {
  const unread: SettingValue = { value: null, certainty: "unknown", file: null, line: null };
  expect(needsOf(false, { STATIC_URL: certain("/assets/"), MEDIA_URL: unread })).toEqual({
    uv: false,
    staticUrl: "/assets/",
    mediaUrl: "/media/",
  });
});

test("a release whose settings name other paths than the host was set up for says which", () => {
  const owner = { environment: "live", urls: { staticUrl: "/static/", mediaUrl: "/media/" } } as Owner;
  expect(urlsNote(owner, { staticUrl: "/static/", mediaUrl: "/" })).toBeNull();
  expect(urlsNote(owner, { staticUrl: "/assets/", mediaUrl: "/media/" })).toBe(
    "STATIC_URL is /assets/, and nginx serves /static/ for it: djdeploy setup live --user root mends that",
  );
  expect(urlsNote(owner, { staticUrl: "https://cdn.example.com/", mediaUrl: null })).toBeNull();
  expect(urlsNote(null, { staticUrl: "/assets/", mediaUrl: null })).toBeNull();
});
