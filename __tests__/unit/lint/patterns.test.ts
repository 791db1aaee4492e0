import { expect, test } from "vitest";
import { lintText, SOUND } from "./judge-of.ts";

/** What the lint tells of a setting that the text gives. */
function told(text: string, name = "X", tree: Record<string, string> = {}) {
  return lintText(`${SOUND}\nimport os, re\nfrom pathlib import Path\nA = "a" * 60 + "!"\n${text}`, { tree })
    .settings[name];
}

// Each goes back and forth for longer than anybody lives.
test.each([
  "re.sub('(a|a)*$', '', A)",
  "re.fullmatch('a?' * 60, 'a' * 100)",
  "re.search('(a|a)' * 60 + 'b', A)",
  "re.split('(a+)+$', A)",
  "re.findall('(a|aa)+$', A)",
  "re.compile('(a|a)*$').sub('', A)",
  "re.search('a*a*a*a*a*a*a*a*b', 'a' * 5000)",
  "re.search(os.environ.get('P', '(a|a)*$'), A)",
  "re.search('(((a{1000}){1000}){1000})', 'a' * 20000)",
  "re.sub('', 'b' * 5000, 'a' * 5000)",
  "re.sub('(.*)', r'\\1' * 500, 'a' * 5000)",
  "re.findall('()' * 100, 'a' * 20000)",
  "re.search('(', A)",
  "re.search('a)|(b', A)",
])("%s ends, and its value is not known", (expression) => {
  expect(told(`X = ${expression}\nDEBUG = False`)).toMatchObject({ certainty: "unknown" });
});

test("a thousand of them take no longer", () => {
  expect(told("for n in range(1000):\n    X = re.search('(a|a)*$' + str(n), A + str(n))")).toMatchObject({
    certainty: "unknown",
  });
});

test.each([
  ["re.sub(r'(\\w)-(?P<x>\\w)', r'\\g<x>+\\1', 'a-b c-d')", "b+a d+c"],
  ["re.sub('a', '$&', 'aba')", "$&b$&"],
  ["re.search('(?P<n>b+)(z)?', 'abbc').group('n')", "bb"],
  ["re.search('(?P<n>b+)(z)?', 'abbc').groups()", ["bb", null]],
  ["re.search('b+', 'abbc').end()", 3],
  ["re.match('b', 'ab')", null],
  ["re.fullmatch('a|ab', 'ab').group()", "ab"],
  ["re.split('(,)|;', 'a,b;c')", ["a", ",", "b", null, "c"]],
  ["re.findall('a(b)?', 'aba')", ["b", ""]],
  [
    "re.findall('(a)(b)?', 'aba')",
    [
      ["a", "b"],
      ["a", ""],
    ],
  ],
  ["re.findall('A', 'aba', re.I)", ["a", "a"]],
  ["bool(re.match('(a+)+$', 'aaaa'))", true],
  ["re.search('b', 'abc').group('constructor')", null],
])("%s is what Python says", (expression, value) => {
  expect(told(`X = ${expression}`)).toMatchObject({ value });
});

test("the pattern of a glob ends, too", () => {
  const tree = { [`mysite/${"a/".repeat(40)}x.py`]: "", "mysite/b.txt": "" };
  const certainty = (pattern: string) =>
    told(`X = [p.name for p in Path(__file__).parent.glob(${pattern})] == ["b.txt"]`, "X", tree)?.certainty;
  expect(certainty('"*.txt"')).toBe("certain");
  expect(certainty('"**/a/" * 12 + "b"')).not.toBe("certain");
  expect(certainty('"[z-a]*"')).not.toBe("certain");
});

test("those of SECURE_REDIRECT_EXEMPT end, too", () => {
  const health = { scheme: "http", status: [200], path: `/${"a".repeat(60)}!` };
  const redirected = (patterns: string) =>
    lintText(`${SOUND}\nSECURE_REDIRECT_EXEMPT = ${patterns}`, {
      deployment: { health } as never,
    }).findings.some(({ message }) => message.includes("redirects the health check"));
  expect(redirected("['b']")).toBe(true);
  expect(redirected("['(a|a)*$' + str(n) for n in range(50)]")).toBe(false);
});
