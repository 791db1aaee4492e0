import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProject } from "../../../src/project/index.ts";
import { configFor, djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

const read = (directory: string, changed = {}, ref: string | null = null) =>
  readProject(configFor(directory, changed), ref);

describe("what a fresh project is", () => {
  it("is detected with evidence", async () => {
    const { directory } = repository(djangoFiles());
    expect(await read(directory)).toMatchObject({
      directory,
      root: { value: ".", evidence: "detected from manage.py" },
      settings: { value: "tute.settings", evidence: "detected from manage.py:7" },
      application: { value: "tute.wsgi:application", evidence: "detected from tute/settings.py:2" },
      interface: "wsgi",
      server: { value: "gunicorn" },
      installer: { value: "pip", evidence: "detected from requirements.txt" },
      requirements: ["requirements.txt"],
      requirementArguments: ["requirements.txt"],
      python: { value: ">=3.10", evidence: "what Django 5.2.8 needs" },
      packages: { django: "5.2.8", gunicorn: "27.0.1" },
      hashed: false,
      repository: null,
      revision: { ref: "HEAD", branch: "main", subject: "First", shallow: false, dirty: [] },
    });
  });

  it("is read at the revision, not in the working tree", async () => {
    const repo = repository(djangoFiles());
    const first = repo.git("rev-parse", "HEAD");
    repo.write({ "manage.py": djangoFiles("other.settings")["manage.py"]!, "new.txt": "untracked" });
    const project = await read(repo.directory);
    expect(project.settings.value).toBe("tute.settings");
    expect(project.revision.dirty).toEqual(["manage.py"]);
    repo.git("rm", "-q", "-r", "tute");
    repo.commit();
    expect((await read(repo.directory, {}, first.slice(0, 9))).revision.sha).toBe(first);
    await expect(read(repo.directory)).rejects.toThrow("The settings module other.settings is not in");
  });

  it.each([
    ["tute.settings.dev", { "tute/settings/dev.py": "", "tute/settings/prod.py": "" }, "tute.settings.prod"],
    [
      "tute.settings",
      { "tute/settings/__init__.py": "", "tute/settings/production.py": "" },
      "tute.settings.production",
    ],
    ["tute.settings", { "tute/settings_prod.py": "" }, "tute.settings_prod"],
    ["tute.settings", {}, "tute.settings"],
  ])("prefers a production module: %s with %j", async (named, added, expected) => {
    const files: Record<string, string> = { ...djangoFiles(named), ...added };
    if (named.includes(".dev") || "tute/settings/__init__.py" in files) delete files["tute/settings.py"];
    const { directory } = repository(files);
    expect((await read(directory)).settings.value).toBe(expected);
  });

  it("finds a project in a folder, and djdeploy.yml beside it", async () => {
    const files = Object.fromEntries(
      Object.entries(djangoFiles()).map(([path, text]) => [`backend/${path}`, text]),
    );
    const { directory } = repository({ ...files, "README.md": "" });
    expect((await read(directory)).root.value).toBe("backend");
    const beside = await read(join(directory, "backend"));
    expect(beside).toMatchObject({
      directory,
      root: { value: "backend" },
      requirements: ["backend/requirements.txt"],
    });
    expect((await read(join(directory, "backend"), { root: "." })).root.evidence).toBe(
      "given by root in djdeploy.yml",
    );
  });

  it("reads a depth-1 clone without a branch", async () => {
    const origin = repository(djangoFiles());
    const clone = join(temporaryFolder(), "clone");
    execFileSync("git", ["clone", "-q", "--depth=1", `file://${origin.directory}`, clone], {
      stdio: "ignore",
    });
    execFileSync("git", ["-C", clone, "checkout", "-q", "--detach"]);
    const project = await read(clone);
    expect(project.revision).toMatchObject({ shallow: true, branch: null });
    expect(project.repository).toBe(origin.directory);
    await expect(read(clone, {}, "v1")).rejects.toMatchObject({
      code: "project.unknown-revision",
      exitCode: 2,
      details: { hint: expect.stringContaining("fetch-depth: 0") },
    });
  });
});

describe("what is refused", () => {
  it("no git work tree, no commit", async () => {
    const folder = temporaryFolder();
    await expect(read(folder)).rejects.toMatchObject({ code: "project.no-repository", exitCode: 2 });
    await expect(read(repository().directory)).rejects.toMatchObject({
      code: "project.no-commit",
      exitCode: 2,
    });
  });

  it("no manage.py, and several", async () => {
    const none = repository({ "README.md": "" });
    await expect(read(none.directory)).rejects.toMatchObject({ code: "project.no-manage-py", exitCode: 2 });
    const manage = djangoFiles()["manage.py"]!;
    const two = repository({ ...djangoFiles(), "other/manage.py": manage });
    await expect(read(two.directory)).rejects.toMatchObject({
      code: "project.several-manage-py",
      exitCode: 2,
      details: { seen: "manage.py, other/manage.py", hint: "add to djdeploy.yml: `root: .`" },
    });
    expect((await read(two.directory, { root: "." })).root.value).toBe(".");
    expect((await read(two.directory, { exclude: ["other/"] })).root.value).toBe(".");
  });

  it("an unknown revision, and one that looks like an option", async () => {
    const { directory } = repository(djangoFiles());
    for (const ref of ["nope", "--help"])
      await expect(read(directory, {}, ref)).rejects.toMatchObject({
        code: "project.unknown-revision",
        exitCode: 2,
      });
  });

  it("a file name that scripts can not carry", async () => {
    const repo = repository(djangoFiles());
    mkdirSync(join(repo.directory, "x"));
    repo.write({ "x/two\nlines.txt": "" });
    repo.commit();
    await expect(read(repo.directory)).rejects.toMatchObject({ code: "project.file-name", exitCode: 2 });
  });

  it.each([
    ["a missing include", "-r base.txt\n", "project.missing-requirements", "requirements.txt:1"],
    ["the project itself", "Django==5.2.8\n-e .\n", "project.local-requirement", "requirements.txt:2"],
    ["a folder", "Django==5.2.8\n\n./vendor/x\n", "project.local-requirement", "requirements.txt:3"],
  ])("requirements that name %s", async (_, text, code, at) => {
    const { directory } = repository({ ...djangoFiles(), "requirements.txt": text });
    await expect(read(directory)).rejects.toMatchObject({ code, exitCode: 2, details: { at } });
  });

  it("no requirements at all", async () => {
    const { "requirements.txt": _, ...files } = djangoFiles();
    await expect(read(repository(files).directory)).rejects.toMatchObject({
      code: "project.no-requirements",
    });
  });
});
