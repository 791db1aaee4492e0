import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { collectShipment, readProject } from "../../../src/project/index.ts";
import { collectCheckout } from "../../../src/project/shipment.ts";
import { withCheckout } from "../../../src/project/testing/checkout.ts";
import { configFor, djangoFiles, type Repository, repository } from "../../support/repository.ts";

// git itself makes no such trees, but keeps and hands on those that somebody made by hand.

/** A commit whose top has, besides the project, entries as they are given: mode, name, what it holds. */
function handMade(repo: Repository, entries: [mode: string, name: string, id: string][]): void {
  const write = (type: string, input: Buffer) =>
    execFileSync("git", ["hash-object", "-t", type, "--literally", "-w", "--stdin"], {
      cwd: repo.directory,
      input,
      encoding: "utf8",
    }).trim();
  const before = repo.git("ls-tree", "HEAD").split("\n");
  const all = [
    ...before
      .map((line) => /^(\d+) \w+ (\w+)\t(.*)$/.exec(line)!)
      .map(([, mode, id, name]) => [mode, name, id]),
    ...entries,
  ];
  const rows = all.map(([mode, name, id]) =>
    Buffer.concat([Buffer.from(`${mode!.replace(/^0/, "")} ${name}\0`), Buffer.from(id!, "hex")]),
  );
  const tree = write("tree", Buffer.concat(rows));
  repo.git("update-ref", "refs/heads/main", repo.git("commit-tree", "-m", "By hand", tree));
}

function repositoryWith(entries: (blob: string, folder: string) => [string, string, string][]): Repository {
  const repo = repository({ ...djangoFiles(), "words/b": "taken along" });
  handMade(repo, entries(repo.git("rev-parse", "HEAD:words/b"), repo.git("rev-parse", "HEAD:words")));
  return repo;
}

it.each([
  "a/../../ESCAPED",
  "../ESCAPED",
  "..",
  ".",
  "/ESCAPED",
  "a//ESCAPED",
  "a/",
  "./ESCAPED",
  ".git",
  ".GIT/config",
  "a/.Git",
])("a tracked file named %s is refused, and nothing is written", async (name) => {
  const repo = repositoryWith((blob) => [["100644", name, blob]]);
  const config = configFor(repo.directory);
  const used = async () => {
    const project = await readProject(config, null);
    await collectShipment(project, config);
    await withCheckout(await collectCheckout(project, config), async () => {});
  };
  await expect(used()).rejects.toMatchObject({ code: "project.file-name", exitCode: 2 });
  expect(existsSync(join(repo.directory, "../ESCAPED"))).toBe(false);
});

it.each([
  [
    "a folder",
    (blob: string, folder: string): [string, string, string][] => [
      ["040000", "..", folder],
      ["100644", "z", blob],
    ],
  ],
  [
    "a folder of git's",
    (_: string, folder: string): [string, string, string][] => [["040000", ".git", folder]],
  ],
  ["a link", (blob: string): [string, string, string][] => [["120000", "../x", blob]]],
  ["a submodule", (blob: string): [string, string, string][] => [["160000", "../x", blob]]],
])("so is %s", async (_, entries) => {
  const repo = repositoryWith(entries);
  await expect(readProject(configFor(repo.directory), null)).rejects.toMatchObject({
    code: "project.file-name",
    exitCode: 2,
  });
});

it.each([
  ["a file below a link", "120000", "words"],
  ["a file below a file", "100644", "words"],
  ["a file below a submodule", "160000", "words"],
  ["a name twice", "120000", "manage.py"],
])("%s is refused: on the host one would be written through the other", async (_, mode, name) => {
  const repo = repositoryWith((blob) => [[mode, name, blob]]);
  await expect(readProject(configFor(repo.directory), null)).rejects.toMatchObject({
    code: "project.file-name",
    exitCode: 2,
  });
});

it("a link that the build put a folder in place of is refused too", async () => {
  const repo = repository({ ...djangoFiles(), "words/b": "x" });
  repo.link("out", "words");
  repo.commit();
  execFileSync("rm", [join(repo.directory, "out")]);
  repo.write({ "out/index.html": "built" });
  const build = { command: null, artifact: null, directory: ".", include: ["out"] };
  const config = configFor(repo.directory, { build });
  const project = await readProject(config, null);
  const refusal = { code: "project.include", exitCode: 2 };
  await expect(collectShipment(project, config)).rejects.toMatchObject(refusal);
  await expect(collectCheckout(project, config)).rejects.toMatchObject(refusal);
});

it("a name with dots, blanks or a backslash is one like any other", async () => {
  const odd = ["...", "..a", "a b", "a\\..\\b", ".gitkeep", "x.git", "café"];
  const repo = repository({
    ...djangoFiles(),
    ...Object.fromEntries(odd.map((name) => [`odd/${name}`, name])),
  });
  const config = configFor(repo.directory);
  const { files } = await collectShipment(await readProject(config, null), config);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(odd.map((name) => `odd/${name}`)));
});
