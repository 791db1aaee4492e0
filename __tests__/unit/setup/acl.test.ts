import { expect, test } from "vitest";
import { aclOf, mayEnter, withEntry } from "../../../src/release/setup/acl.ts";

const nginx = 33;

test.each([
  ["755", false, true],
  ["750", false, false],
  ["750", true, true],
  ["700", true, false],
])("a folder of mode %s, in its group: %s", (mode, member, enters) => {
  expect(mayEnter(aclOf("", mode), nginx, member)).toBe(enters);
});

test("one user more may enter a closed home, and only that one", () => {
  const opened = withEntry(aclOf("", "700"), nginx);
  // What the kernel of a Debian host answers for such a folder: u::rwx u:33:--x g::--- m::--x o::---
  const seen =
    "020000000100 0700ffffffff 02000100 21000000 04000000ffffffff 10000100ffffffff 20000000ffffffff".replaceAll(
      " ",
      "",
    );
  expect(Buffer.from(opened, "base64").toString("hex")).toBe(seen);
  const acl = aclOf(opened, "710");
  expect(mayEnter(acl, nginx, false)).toBe(true);
  expect(mayEnter(acl, 34, false)).toBe(false);
  expect(mayEnter(acl, 34, true)).toBe(false);
});

test("what others may is kept, and a right to read stays", () => {
  const two = withEntry(aclOf(withEntry(aclOf("", "751"), 1000), "751"), nginx);
  expect(mayEnter(aclOf(two, ""), 1000, false)).toBe(true);
  expect(mayEnter(aclOf(two, ""), 34, false)).toBe(true);
  expect(mayEnter(aclOf(two, ""), 34, true)).toBe(true);
  expect(withEntry(aclOf(two, ""), nginx)).toBe(two);
});
