import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { dubiousOwnership } from "../../../src/project/git.ts";
import { readProject } from "../../../src/project/index.ts";
import { configFor, djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

const read = (directory: string, changed = {}, ref: string | null = null) =>
  readProject(configFor(directory, changed), ref);

describe("the settings of production", () => {
  const image =
    "FROM python:3.12\nENV PYTHONUNBUFFERED=1 \\\n    DJANGO_SETTINGS_MODULE=tute.settings.cloud\n";
  it.each<[string, string, string, string]>([
    ["an image", "Dockerfile", image, "Dockerfile:3"],
    ["an image in a folder", "docker/web.Dockerfile", image, "docker/web.Dockerfile:3"],
    [
      "a compose file",
      "compose.yaml",
      "services:\n  web:\n    environment:\n      DJANGO_SETTINGS_MODULE: tute.settings.cloud\n",
      "compose.yaml:4",
    ],
    [
      "a default in a compose file",
      "docker-compose.yml",
      "environment:\n  - DJANGO_SETTINGS_MODULE=\u0024{DJANGO_SETTINGS_MODULE:-tute.settings.cloud}\n",
      "docker-compose.yml:2",
    ],
    [
      "a process list",
      "Procfile",
      "web: DJANGO_SETTINGS_MODULE=tute.settings.cloud gunicorn tute.wsgi\n",
      "Procfile:1",
    ],
    [
      "a unit",
      "etc/tute.service",
      '[Service]\nEnvironment="DJANGO_SETTINGS_MODULE=tute.settings.cloud"\n',
      "etc/tute.service:2",
    ],
    [
      "supervisord",
      "etc/supervisor/tute.conf",
      '[program:tute]\nenvironment=A="1",DJANGO_SETTINGS_MODULE="tute.settings.cloud"\n',
      "etc/supervisor/tute.conf:2",
    ],
    [
      "a workflow that deploys",
      ".github/workflows/deploy.yml",
      "env:\n  DJANGO_SETTINGS_MODULE: tute.settings.cloud\n",
      ".github/workflows/deploy.yml:2",
    ],
  ])("are those of %s", async (_name, file, text, place) => {
    const { directory } = repository({ ...djangoFiles(), "tute/settings/cloud.py": "", [file]: text });
    expect((await read(directory)).settings).toEqual({
      value: "tute.settings.cloud",
      evidence: `detected from ${place}`,
    });
  });

  it.each<[string, string, string]>([
    [
      "of a compose file for developers",
      "docker-compose.dev.yml",
      "DJANGO_SETTINGS_MODULE: tute.settings.cloud",
    ],
    ["of tests in an image", "Dockerfile", "RUN DJANGO_SETTINGS_MODULE=tute.settings.test ./manage.py x"],
    ["that are not in the repository", "Dockerfile", "ENV DJANGO_SETTINGS_MODULE=other.settings"],
    ["in a comment", "Dockerfile", "# ENV DJANGO_SETTINGS_MODULE=tute.settings.cloud"],
  ])("are not those %s", async (_name, file, text) => {
    const files = {
      ...djangoFiles(),
      "tute/settings/cloud.py": "",
      "tute/settings/test.py": "",
      [file]: text,
    };
    expect((await read(repository(files).directory)).settings.value).toBe("tute.settings");
  });
});

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

describe("what the project is installed from", () => {
  const { "requirements.txt": _, ...bare } = djangoFiles();

  it("is a requirements file with everything it includes, relative to the including one", async () => {
    const { directory } = repository({
      ...bare,
      "requirements.txt": "never read\n",
      "requirements/prod.txt": "-r base.txt\n-c ../constraints.txt\nwaitress\n",
      "requirements/base.txt": "--requirement=deep/more.txt\nDjango==5.2.8 --hash=sha256:aa\n",
      "requirements/deep/more.txt": "-r ../base.txt\nPillow\n",
      "constraints.txt": "waitress==3.0.2\nnumpy==2.0.0\n",
    });
    expect(await read(directory)).toMatchObject({
      installer: { value: "pip", evidence: "detected from requirements/prod.txt" },
      requirementArguments: ["requirements/prod.txt"],
      requirements: [
        "requirements/prod.txt",
        "requirements/base.txt",
        "requirements/deep/more.txt",
        "constraints.txt",
      ],
      packages: { django: "5.2.8", pillow: null, waitress: "3.0.2" },
      server: { value: "waitress", evidence: "detected from the requirements: waitress" },
      hashed: false,
    });
    const python = { ...configFor(directory).python, requirements: ["requirements/base.txt"] };
    expect((await read(directory, { python })).requirements[0]).toBe("requirements/base.txt");
  });

  it("knows when every requirement carries a hash", async () => {
    const { directory } = repository({
      ...bare,
      "requirements.txt": "a==1 \\\n  --hash=sha256:aa\nb==2 --hash=sha256:bb\n",
    });
    expect((await read(directory)).hashed).toBe(true);
  });

  const pyproject = `[project]
requires-python = ">=3.11"
dependencies = ["Django==5.2.8", "uvicorn[standard]>=0.30"]
[project.optional-dependencies]
s3 = ["boto3==1.40.0"]
[dependency-groups]
dev = ["pytest"]
`;

  it("is pyproject.toml where there is nothing else, with the chosen extras", async () => {
    const { directory } = repository({ ...bare, "pyproject.toml": pyproject });
    const python = { ...configFor(directory).python, extras: ["s3"] };
    expect(await read(directory, { python })).toMatchObject({
      installer: { value: "pip", evidence: "detected from pyproject.toml" },
      requirements: ["pyproject.toml"],
      requirementArguments: [],
      declared: ["Django==5.2.8", "uvicorn[standard]>=0.30", "boto3==1.40.0"],
      packages: { django: "5.2.8", uvicorn: null, boto3: "1.40.0" },
      python: { value: ">=3.11", evidence: "detected from pyproject.toml" },
      server: { value: "uvicorn" },
    });
  });

  it.each([
    ["poetry.lock", '[[package]]\nname = "django"\nversion = "5.2.8"\ngroups = ["main"]\n', "poetry"],
    ["pdm.lock", '[[package]]\nname = "Django"\nversion = "5.2.8"\ngroups = ["default"]\n', "pdm"],
    ["Pipfile.lock", '{"default": {"django": {"version": "==5.2.8"}}, "develop": {"x": {}}}', "pipenv"],
  ])("is %s before requirements.txt", async (file, text, installer) => {
    const { directory } = repository({ ...bare, "requirements.txt": "Django==4.2\n", [file]: text });
    expect(await read(directory)).toMatchObject({
      installer: { value: installer, evidence: `detected from ${file}` },
      packages: { django: "5.2.8" },
    });
    const python = { ...configFor(directory).python, installer: "pip" };
    expect(await read(directory, { python })).toMatchObject({
      installer: { value: "pip", evidence: "given by python.installer in djdeploy.yml" },
      packages: { django: "4.2" },
    });
  });

  it("is refused where a lock file builds from the repository, or is broken", async () => {
    const local = '[[package]]\nname = "mine"\nsource = { directory = "libs/mine" }\n';
    await expect(read(repository({ ...bare, "uv.lock": local }).directory)).rejects.toMatchObject({
      code: "project.local-requirement",
      message: "Installing mine from the repository is not yet supported",
    });
    await expect(read(repository({ ...bare, "uv.lock": "[[package]\n" }).directory)).rejects.toMatchObject({
      code: "project.broken-file",
      exitCode: 2,
      details: { at: expect.stringMatching(/^uv\.lock:1:\d+$/) },
    });
  });

  it("serves ASGI where the project speaks nothing else, or needs its channels", async () => {
    const { "tute/wsgi.py": _, ...files } = djangoFiles();
    const asgi = {
      "tute/asgi.py": "application = 1\n",
      "tute/settings.py": 'ASGI_APPLICATION = "tute.asgi.application"\n',
    };
    const only = repository({ ...files, ...asgi });
    expect(await read(only.directory)).toMatchObject({
      application: { value: "tute.asgi:application", evidence: "detected from tute/settings.py:1" },
      interface: "asgi",
      server: { value: "gunicorn" },
    });
    const channels = repository({
      ...djangoFiles(),
      ...asgi,
      "requirements.txt": "Django==5.2.8\ngunicorn\ndaphne\nchannels\n",
    });
    expect(await read(channels.directory)).toMatchObject({ interface: "asgi", server: { value: "daphne" } });
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

  it("a machine without git", async () => {
    const { directory } = repository(djangoFiles());
    vi.stubEnv("PATH", directory);
    await expect(read(directory)).rejects.toMatchObject({ code: "project.no-git", exitCode: 2 });
    vi.unstubAllEnvs();
  });

  it("a repository of another user, as git does", () => {
    const words =
      "fatal: detected dubious ownership in repository at '/github/workspace'\nTo add an exception…";
    expect(dubiousOwnership(words)).toMatchObject({
      exitCode: 2,
      details: { hint: "git config --global --add safe.directory /github/workspace" },
    });
    expect(dubiousOwnership("fatal: not a git repository")).toBeNull();
  });

  it("no manage.py, and several", async () => {
    const none = repository({ "README.md": "" });
    await expect(read(none.directory)).rejects.toMatchObject({ code: "project.no-manage-py", exitCode: 2 });
    const manage = djangoFiles()["manage.py"]!;
    const two = repository({ ...djangoFiles(), "other/manage.py": manage });
    await expect(read(two.directory)).rejects.toMatchObject({
      code: "project.several-manage-py",
      exitCode: 2,
      details: {
        seen: "manage.py, other/manage.py",
        hint: "add to djdeploy.yml: `root: .` (tute.settings), or `root: other` (tute.settings)",
      },
    });
    expect((await read(two.directory, { root: "." })).root.value).toBe(".");
    expect((await read(two.directory, { exclude: ["other/"] })).root.value).toBe(".");
  });

  it("a revision whose name another ref or commit has, too", async () => {
    const repo = repository(djangoFiles());
    const sha = repo.git("rev-parse", "HEAD");
    repo.git("checkout", "-q", "-b", "topic");
    repo.commit("Not merged");
    const ambiguous = { code: "project.ambiguous-revision", exitCode: 2 };
    repo.git("tag", "main", sha);
    expect((await read(repo.directory, {}, "main")).revision.sha).toBe(sha);
    // git takes the tag.
    repo.git("tag", "-f", "-a", "-m", "x", "main", "topic");
    await expect(read(repo.directory, {}, "main")).rejects.toMatchObject(ambiguous);
    expect((await read(repo.directory, {}, "refs/heads/main")).revision).toMatchObject({
      sha,
      branch: "main",
    });
    const short = sha.slice(0, 9);
    repo.git("tag", short, "topic");
    await expect(read(repo.directory, {}, short)).rejects.toMatchObject(ambiguous);
    expect((await read(repo.directory, {}, sha)).revision.sha).toBe(sha);
  });

  it("an unknown revision, and one that looks like an option", async () => {
    const { directory } = repository(djangoFiles());
    for (const ref of ["nope", "--help"])
      await expect(read(directory, {}, ref)).rejects.toMatchObject({
        code: "project.unknown-revision",
        exitCode: 2,
      });
  });

  it("settings for development", async () => {
    const files = {
      ...djangoFiles("tute.settings.local"),
      "tute/settings/local.py": "",
      "tute/settings/cloud.py": "",
    };
    const { directory } = repository(files);
    await expect(read(directory)).rejects.toMatchObject({
      code: "project.no-settings",
      exitCode: 2,
      message: "tute.settings.local looks like settings for development; say which module production uses",
      details: { seen: expect.stringContaining("tute.settings.cloud") },
    });
    const django = { settings: "tute.settings.cloud", application: null };
    expect((await read(directory, { django })).settings.value).toBe("tute.settings.cloud");
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

  it("a package as a file of the repository: it is not told to go", async () => {
    const text = "./wheels/lib-1.0-py3-none-any.whl\n";
    const { directory } = repository({ ...djangoFiles(), "requirements.txt": text });
    const refused = expect(read(directory)).rejects;
    await refused.toMatchObject({
      code: "project.local-requirement",
      details: { hint: expect.stringMatching(/^that file is a package: write its name and version/) },
    });
  });

  it("a list that pip freeze made under conda: the package stays, with a version", async () => {
    const text = "asgiref @ file:///home/conda/feedstock_root/build_artifacts/asgiref_1698/work\n";
    const { directory } = repository({ ...djangoFiles(), "requirements.txt": text });
    await expect(read(directory)).rejects.toMatchObject({
      code: "project.local-requirement",
      details: { hint: expect.stringContaining("write asgiref==VERSION") },
    });
  });

  it("no requirements at all", async () => {
    const { "requirements.txt": _, ...files } = djangoFiles();
    await expect(read(repository(files).directory)).rejects.toMatchObject({
      code: "project.no-requirements",
    });
  });
});
