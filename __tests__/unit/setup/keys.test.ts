import { expect, test } from "vitest";
import { authorizedKeys, deployKeys, readingLine, requireRights } from "../../../src/release/setup/keys.ts";

const [ours, theirs] = ["ssh-ed25519 AAAAours me@laptop", "ssh-rsa AAAAtheirs colleague"];
const login = `# who may come in\n${ours}\n\n${theirs}\ncommand="/bin/false" ssh-rsa AAAAforced x\n`;

test("the key we came in with may deploy; where it is not known, all that could have", () => {
  expect(deployKeys({ given: null, login, held: ["AAAAours", "AAAAother"] })).toEqual([ours]);
  expect(deployKeys({ given: null, login, held: [] })).toEqual([ours, theirs]);
});

test("a named key alone may deploy", () => {
  expect(deployKeys({ given: [`${theirs}\n`], login, held: ["AAAAours"] })).toEqual([theirs]);
});

test.each([
  ["-----BEGIN OPENSSH PRIVATE KEY-----", "setup.private-key"],
  ["ssh-ed25519", "setup.bad-key"],
])("%s is no public key", (line, code) => {
  expect(() => deployKeys({ given: [line], login, held: [] })).toThrow(expect.objectContaining({ code }));
});

test("no key at all is said, with what to do", () => {
  expect(() => deployKeys({ given: null, login: "", held: [] })).toThrow(
    expect.objectContaining({ code: "setup.no-key", exitCode: 2 }),
  );
});

test("keys are added to authorized_keys, once, and none is taken out", () => {
  expect(authorizedKeys(null, [ours])).toBe(`${ours}\n`);
  expect(authorizedKeys(theirs, [ours])).toBe(`${theirs}\n${ours}\n`);
  const there = `restrict,pty ssh-ed25519 AAAAours renamed\n`;
  expect(authorizedKeys(there, [ours])).toBe(there);
});

test("a key that may read has its line, and no key has both rights", () => {
  const reading = readingLine(`${theirs}\n`, "/lib/reader");
  expect(reading).toBe(`restrict,command="/lib/reader" ${theirs}`);
  const text = authorizedKeys(null, [ours, reading]);
  expect(() => requireRights(text, [ours, reading])).not.toThrow();
  for (const wanted of [theirs, readingLine(ours, "/lib/reader")])
    expect(() => requireRights(text, [wanted])).toThrow(
      expect.objectContaining({ code: "setup.key-rights" }),
    );
});
