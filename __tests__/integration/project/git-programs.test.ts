import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { collectShipment, readProject } from "../../../src/project/index.ts";
import { configFor, djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

// git starts programs that a configuration names; what a repository brings must not be one.
const proof = () => join(temporaryFolder(), "started");

async function looked(directory: string, below = ".") {
  const config = configFor(join(directory, below), { root: null });
  const project = await readProject(config, null);
  await collectShipment(project, config);
}

it.each([
  ["core.fsmonitor", (path: string) => `touch ${path}; false`],
  ["core.hooksPath", (path: string) => join(path, "..")],
])("%s is not asked", async (key, value) => {
  const started = proof();
  const repo = repository({ ...djangoFiles(), ".gitattributes": "docs export-ignore\n" });
  repo.git("config", key, value(started));
  writeFileSync(join(started, "../post-index-change"), `#!/bin/sh\ntouch ${started}\n`, { mode: 0o755 });
  repo.write({ "manage.py": `${djangoFiles()["manage.py"]}# changed\n` });
  await looked(repo.directory);
  expect(existsSync(started)).toBe(false);
});

it("a bare repository among the tracked files is not taken for one", async () => {
  const started = proof();
  const files = djangoFiles();
  const repo = repository(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`backend/${path}`, text])),
  );
  repo.write({
    "backend/HEAD": "ref: refs/heads/main\n",
    "backend/config": `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = "touch ${started}; false"\n`,
    "backend/refs/heads/x": "",
    "backend/objects/info/x": "",
  });
  repo.commit();
  await expect(looked(repo.directory, "backend")).rejects.toMatchObject({
    exitCode: 2,
    details: { seen: expect.stringContaining("bare repository") },
  });
  expect(existsSync(started)).toBe(false);
});
