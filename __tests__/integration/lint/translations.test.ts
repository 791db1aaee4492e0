import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notCompiled } from "../../../src/lint/gettext.ts";
import { djdeploy } from "../../support/cli.ts";
import { libraryPython } from "../../support/django-venv.ts";
import { djangoFiles, repository } from "../../support/repository.ts";

const german = "locale/de/LC_MESSAGES/django";
const config = (more: string) => `app: shop\n${more}environments: {production: {hosts: [203.0.113.10]}}\n`;

/** What `lint` says of translations, of a project whose .mo file is as given. */
async function said(files: Record<string, string>, compiled: Buffer | null): Promise<string> {
  const { directory } = repository({
    ...djangoFiles(),
    "djdeploy.yml": config(""),
    [`${german}.po`]: 'msgid "Yes"\nmsgstr "Ja"\n',
    [`${german}.mo`]: "",
    ...files,
  });
  if (compiled) writeFileSync(join(directory, `${german}.mo`), compiled);
  const { stdout } = await djdeploy(["lint", "--format", "json", "--fail-level", "never"], {
    cwd: directory,
  });
  const found = JSON.parse(stdout).findings as { id: string; message: string; hint?: string }[];
  return found
    .filter(({ id }) => id.startsWith("djdeploy.translations"))
    .map(({ id, hint }) => `${id}: ${hint}`)
    .join("\n");
}

/** As msgfmt writes it: one message, in the order of a small machine. */
function machineObject(id: string, text: string): Buffer {
  const head = Buffer.alloc(44);
  const at = head.length + id.length + 1;
  const fields = [0x950412de, 0, 1, 28, 36, 0, 28, id.length, head.length, text.length, at];
  fields.forEach((value, i) => {
    head.writeUInt32LE(value, i * 4);
  });
  return Buffer.concat([head, Buffer.from(`${id}\0${text}\0`)]);
}

test.each([
  ["exclude", { "djdeploy.yml": config('exclude: ["*.mo"]\n') }],
  ["export-ignore", { ".gitattributes": "*.mo export-ignore\n" }],
])("a compiled file that %s leaves out is not shipped", async (_, files) => {
  expect(await said(files, null)).toMatch(
    /^djdeploy\.translations-not-compiled: the \.mo file is there, but/,
  );
});

test("the bytes of the .mo file are compared with its source", async () => {
  expect(await said({}, machineObject("Yes", "Ja"))).toBe("");
  expect(await said({}, machineObject("Yes", "Jawohl"))).toBe(
    `djdeploy.translations-outdated: python manage.py compilemessages, and commit what it makes: git add -f '${german}.mo'`,
  );
});

test("what msgfmt made of each of Django's own sources is told as what it is", () => {
  const lib = join(libraryPython(), "../../lib");
  const site = join(lib, readdirSync(lib)[0]!, "site-packages/django");
  const sources = readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".po"))
    .map((path) => join(site, path))
    .filter((path) => existsSync(path.replace(/po$/, "mo")));
  expect(sources.length).toBeGreaterThan(1_000);
  const lacking = sources.filter(
    (path) => notCompiled(readFileSync(path, "utf8"), readFileSync(path.replace(/po$/, "mo"))) !== 0,
  );
  expect(lacking).toEqual([]);
});
