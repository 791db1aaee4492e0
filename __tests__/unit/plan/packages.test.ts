import { expect, it } from "vitest";
import { packageChanges } from "../../../src/plan/packages.ts";
import { packageWords } from "../../../src/release/views/plan-changes.ts";

it("says what the requirements change, by their names however they are written", () => {
  const installed = { django: "5.2.1", "zope.interface": "7.0", gunicorn: "27.0.1", raven: "6.0" };
  const wanted = { django: "5.2.8", "zope-interface": "7.0", gunicorn: null, celery: "5.4.0", redis: null };
  const before = { django: "5.2.1", "zope-interface": "7.0", gunicorn: null, raven: null };
  expect(packageChanges(installed, wanted, before)).toEqual([
    { name: "celery", from: null, to: "5.4.0" },
    { name: "django", from: "5.2.1", to: "5.2.8" },
    { name: "raven", from: "6.0", to: null },
    { name: "redis", from: null, to: "" },
  ]);
});

it("takes nothing for removed where the old requirements are not known", () => {
  expect(packageChanges({ raven: "6.0" }, {}, null)).toEqual([]);
});

it("says it in words", () => {
  const words = [
    { name: "django", from: "5.2.1", to: "5.2.8" },
    { name: "celery", from: null, to: "5.4.0" },
    { name: "redis", from: null, to: "" },
    { name: "raven", from: "", to: null },
  ].map(packageWords);
  expect(words).toEqual(["django 5.2.1 → 5.2.8", "celery 5.4.0 (new)", "redis (new)", "raven (removed)"]);
});
