import { expect, test } from "vitest";
import { nearest, slips } from "../../../src/config/nearest.ts";

test.each([
  ["restart", "resart", 1],
  ["restart", "restrat", 1],
  ["restart", "restart", 0],
  ["", "abc", 3],
  ["ca", "abc", 3],
])("%s and %s are %i slips apart", (a, b, distance) => {
  expect(slips(a, b)).toBe(distance);
  expect(slips(b, a)).toBe(distance);
});

const keys = ["server", "static", "stop-timeout", "env", "drain"];

test.each([
  ["sever", "server"],
  ["stopTimeout", "stop-timeout"],
  ["stop_timeuot", "stop-timeout"],
  ["evn", "env"],
  ["ENV", "env"],
  ["dain", "drain"],
  ["xyz", null],
  ["", null],
])("%s is meant as %s", (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});
