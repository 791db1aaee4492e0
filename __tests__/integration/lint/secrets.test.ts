import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { djdeploy } from "../../support/cli.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

const values = {
  SECRET_KEY: "short-Zq9xW7vB3nM5p",
  PLAIN: "Pl4inWholeValue77",
  HOST_LIST: "http://s3cr-one.example, http://s3cr-two.example",
  ORIGIN: "s3origin-one.example,s3origin-two.example",
  CODE: "AbCdEfGhUpperMe99",
  KEYS: "Fern3tOldKeyAAAA1111xyz,Fern3tNewKeyBBBB2222xyz",
  ADMIN: "root:Adm1nPassWord77",
  PIN: "48151623421",
  CONFIG: '{"token": "Jsn1TokenInside"}',
};
const settings = `import os, json
DEBUG = True
SECRET_KEY = os.environ["SECRET_KEY"]
PLAIN = os.environ["PLAIN"]
ALLOWED_HOSTS = [h.lower() for h in os.environ["HOST_LIST"].split(",")] + ["a.example"]
CSRF_TRUSTED_ORIGINS = os.environ["ORIGIN"].split(",")
CORS_ALLOWED_ORIGINS = os.environ["ORIGIN"].split(",")
MEDIA_ROOT = os.environ["CODE"].upper()
STATIC_ROOT = "x/" + os.environ["CODE"][3:]
BACKWARDS = os.environ["CODE"][::-1]
FERNET = os.environ["KEYS"].split(",")
LOOKUP = {os.environ["CODE"].lower(): "of-the-source"}
USER_NAME, USER_PASS = os.environ["ADMIN"].split(":")
PIN_NUMBER = int(os.environ["PIN"]) + 1
INSIDE = json.loads(os.environ["CONFIG"])["token"]
`;
/** Parts of values that nothing may show, in lower case. */
const parts = "zq9xw7 pl4in s3cr- s3origin upperme efghu emrepp fern3t adm1npass 4815162342 jsn1token".split(
  " ",
);
const shownOf = (text: string) => parts.filter((part) => text.toLowerCase().includes(part));
const file = (given: Record<string, string>) =>
  Object.entries(given)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join("");

const project = () => {
  const { directory } = repository({
    ...djangoFiles(),
    "tute/settings.py": settings,
    "djdeploy.yml": `app: tute\nenv: {secrets: [${Object.keys(values)}]}\nenvironments: {production: {hosts: [a.example]}}\n`,
    "e.env": file(values),
  });
  const lint = async (...words: string[]) => {
    const ran = await djdeploy(["lint", "--env-file", "e.env", ...words], { cwd: directory });
    return { ...ran, text: ran.stdout + ran.stderr };
  };
  return { directory, lint };
};

it("says no part of a secret in any format", async () => {
  const { lint } = project();
  for (const format of ["json", "pretty", "sarif", "github"]) {
    const { text } = await lint("--format", format, "--all");
    expect([format, ...shownOf(text)]).toEqual([format]);
  }
});

it("finds what it finds, and shows what no secret made", async () => {
  const { lint } = project();
  const { findings, settings: found } = JSON.parse((await lint("--format", "json")).stdout);
  const messages = findings.map((one: { id: string; message: string }) => one.message).join("\n");
  expect(messages).toContain("the entry '***");
  expect(messages).toContain("of ALLOWED_HOSTS never matches a request");
  expect(messages).toContain("of CSRF_TRUSTED_ORIGINS has no scheme");
  expect(found.ALLOWED_HOSTS.value).toEqual(["***", "***", "a.example"]);
  expect(found.DEBUG.value).toBe(true);
  expect(found.USER_PASS.value).toBe("***");
  expect(found.PIN_NUMBER.value).toBe("***");
  expect(found.LOOKUP.value).toEqual({ "***0": "***" });
});

it("explains a value without it", async () => {
  const { lint } = project();
  for (const setting of "PLAIN FERNET STATIC_ROOT BACKWARDS USER_PASS PIN_NUMBER INSIDE LOOKUP".split(" ")) {
    const { text, code } = await lint("--explain-value", setting, "--format", "json");
    expect([setting, code, ...shownOf(text)]).toEqual([setting, 0]);
    expect(text).toContain("os.environ");
  }
  expect((await lint("--explain-value", "PLAIN")).text).toContain('PLAIN = "***"');
});

it("writes none into djdeploy.yml, nor into the file for code scanning", async () => {
  const { directory, lint } = project();
  await lint("--sarif-file", "o.sarif");
  expect(shownOf(readFileSync(join(directory, "o.sarif"), "utf8"))).toEqual([]);
  const { text } = await lint("--baseline");
  expect(shownOf(text)).toEqual([]);
  const written = readFileSync(join(directory, "djdeploy.yml"), "utf8");
  expect(written).toContain('security.W018: "baseline');
  expect(shownOf(written)).toEqual([]);
});

it("an error repeats no given value: of the lint, of the tests", async () => {
  const { directory } = project();
  for (const words of [
    ["lint", "--explain-value", values.PLAIN],
    ["lint", values.PLAIN],
    ["test", "--revision", values.PLAIN],
    ["test", "--revision", values.PLAIN, "--format", "json"],
    ["build", values.PLAIN],
  ]) {
    const { code, stdout, stderr } = await djdeploy([...words, "--env-file", "e.env"], { cwd: directory });
    expect(code).toBeGreaterThan(0);
    expect(`${stdout}${stderr}`).toMatch(/\*\*\*|not shown/);
    expect(shownOf(stdout + stderr)).toEqual([]);
  }
});
