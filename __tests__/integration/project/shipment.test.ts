import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { Config } from "../../../src/config/types.ts";
import { collectShipment, readProject } from "../../../src/project/index.ts";
import { configFor, djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

async function ship(directory: string, changed: Partial<Config> = {}) {
  const config = configFor(directory, changed);
  const shipment = await collectShipment(await readProject(config, null), config);
  return { ...shipment, paths: shipment.files.map(({ path }) => path) };
}

it("ships what git has, and each file as its hash says", async () => {
  const repo = repository({
    ...djangoFiles(),
    "bin/run.sh": "#!/bin/sh\n",
    "café.txt": "ü",
    "data.bin": Buffer.from([0, 255, 13, 10]),
  });
  repo.executable("bin/run.sh");
  repo.link("current.txt", "café.txt");
  repo.write({ "tute/__pycache__/x.pyc": "tracked by accident" });
  repo.commit();
  repo.write({ "untracked.txt": "", "tute/settings.py": "dirty" });
  const { files, paths, normalised } = await ship(repo.directory);
  expect(paths).toEqual(
    repo
      .git("-c", "core.quotePath=false", "ls-files")
      .split("\n")
      .filter((path) => !path.endsWith(".pyc"))
      .sort(),
  );
  expect(normalised).toEqual([]);
  expect(files.filter((file) => file.executable).map(({ path }) => path)).toEqual(["bin/run.sh"]);
  expect(files.find(({ path }) => path === "current.txt")).toMatchObject({
    type: "symlink",
    target: "café.txt",
  });
  for (const file of files) {
    const content = await file.read();
    expect(createHash("sha256").update(content).digest("hex")).toBe(file.sha256);
    expect(content.length).toBe(file.size);
    if (file.type === "file")
      expect(createHash("sha1").update(`blob ${file.size}\0`).update(content).digest("hex")).toBe(
        repo.git("rev-parse", `HEAD:${file.path}`),
      );
  }
});

it("leaves out what git archive leaves out", async () => {
  const repo = repository({
    ...djangoFiles(),
    ".gitattributes":
      "docs/ export-ignore\n*.psd export-ignore\n/only-here export-ignore\nkeep.psd -export-ignore\n",
    "docs/deep/index.md": "",
    "art/logo.psd": "",
    "art/keep.psd": "",
    "only-here": "",
    "art/only-here": "",
    "art/.gitattributes": "raw export-ignore\n",
    "art/raw/x": "",
  });
  const archive = join(temporaryFolder(), "archive.tar");
  repo.git("archive", "--output", archive, "HEAD");
  const archived = execFileSync("tar", ["-tf", archive], { encoding: "utf8" }).split("\n");
  const { paths } = await ship(repo.directory);
  expect(paths).toEqual(archived.filter((path) => path !== "" && !path.endsWith("/")).sort());
  expect(paths).toContain("art/only-here");
  expect(paths).not.toContain("docs/deep/index.md");
});

it("leaves out `exclude`, as a .gitignore beside djdeploy.yml would", async () => {
  const files = Object.fromEntries(
    Object.entries(djangoFiles()).map(([path, text]) => [`back/${path}`, text]),
  );
  const repo = repository({
    ...files,
    "back/notes.md": "",
    "front/notes.md": "",
    "front/app.js": "",
    "back/docs/x": "",
  });
  const { paths } = await ship(join(repo.directory, "back"), { exclude: ["*.md", "/docs", "../front/*.js"] });
  expect(paths).toEqual([...Object.keys(files), "front/notes.md"].sort());
});

it("normalises scripts with Windows line endings, and nothing else", async () => {
  const repo = repository({ ...djangoFiles(), "go.sh": "#!/bin/sh\r\necho é\r\n", "text.csv": "a\r\nb\r\n" });
  const { files, normalised } = await ship(repo.directory);
  expect(normalised).toEqual(["go.sh"]);
  const content = async (name: string) => (await files.find(({ path }) => path === name)!.read()).toString();
  expect(await content("go.sh")).toBe("#!/bin/sh\necho é\n");
  expect(await content("text.csv")).toBe("a\r\nb\r\n");
});

const pointer = (content: string) => {
  const oid = createHash("sha256").update(content).digest("hex");
  return {
    oid,
    text: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`,
  };
};

it("refuses an LFS pointer without its content, and ships the content where it was fetched", async () => {
  const { oid, text } = pointer("the real picture");
  const repo = repository({ ...djangoFiles(), "art/big.png": text });
  await expect(ship(repo.directory)).rejects.toMatchObject({
    code: "project.lfs-pointer",
    exitCode: 2,
    message: expect.stringContaining("art/big.png"),
    details: { hint: expect.stringContaining("lfs: true") },
  });
  const stored = join(repo.directory, ".git/lfs/objects", oid.slice(0, 2), oid.slice(2, 4), oid);
  for (const make of [
    () => execFileSync("mkfifo", [stored]),
    () => symlinkSync("/dev/zero", stored),
    () => mkdirSync(stored),
  ]) {
    mkdirSync(dirname(stored), { recursive: true });
    make();
    await expect(ship(repo.directory)).rejects.toMatchObject({ code: "project.lfs-pointer" });
    rmSync(stored, { recursive: true });
  }
  mkdirSync(dirname(stored), { recursive: true });
  writeFileSync(stored, "the real picture");
  const { files } = await ship(repo.directory);
  expect((await files.find(({ path }) => path === "art/big.png")!.read()).toString()).toBe(
    "the real picture",
  );
});

it("includes no file that became a pipe, a link or larger than we take since it was found", async () => {
  const repo = repository({ ...djangoFiles(), ".gitignore": "made\n" });
  repo.write({ "made/a.js": "let a" });
  const config = { build: { command: null, artifact: null, directory: ".", include: ["made"] } };
  const { files } = await ship(repo.directory, config);
  const made = join(repo.directory, "made/a.js");
  const read = () => files.find(({ path }) => path === "made/a.js")!.read();
  expect((await read()).toString()).toBe("let a");
  truncateSync(made, 2 ** 31);
  await expect(read()).rejects.toMatchObject({ code: "project.include", exitCode: 2 });
  await expect(ship(repo.directory, config)).rejects.toMatchObject({ code: "project.include" });
  rmSync(made);
  execFileSync("mkfifo", [made]);
  await expect(read()).rejects.toMatchObject({ code: "project.include" });
  rmSync(made);
  symlinkSync("/dev/zero", made);
  await expect(read()).rejects.toMatchObject({ code: "project.include" });
});

it.each([
  ["/etc/passwd", "absolute"],
  ["../../outside", "relative"],
  ["here/../../manage.py", "by way of another link: here is a folder higher up"],
])("refuses a symbolic link to %s (%s)", async (target) => {
  const repo = repository({ ...djangoFiles(), "a/b": "" });
  repo.link("a/here", ".");
  repo.link("a/link", target);
  repo.commit();
  await expect(ship(repo.directory)).rejects.toMatchObject({
    code: "project.link-outside",
    exitCode: 2,
    details: { seen: `a/link -> ${target}` },
  });
  const shared = [{ path: "a/link", directory: false, target: "/srv/media" }];
  expect((await ship(repo.directory, { shared })).paths).not.toContain("a/link");
});

it("refuses to share a package of the project: no later deploy would change its code", async () => {
  const repo = repository({ ...djangoFiles(), "shop/__init__.py": "", "shop/uploads/x.txt": "" });
  repo.commit();
  const share = (path: string) => ship(repo.directory, { shared: [{ path, directory: true, target: null }] });
  await expect(share("shop")).rejects.toMatchObject({
    code: "project.shared-code",
    exitCode: 2,
    details: { seen: "shop/__init__.py" },
  });
  expect((await share("shop/uploads")).paths).toContain("shop/uploads/x.txt");
});

it("ships a submodule at its recorded commit, and says how to check it out", async () => {
  const inner = repository({ "theme.css": "old", "tests/x": "", ".gitattributes": "tests export-ignore\n" });
  const repo = repository(djangoFiles());
  repo.git("submodule", "--quiet", "add", inner.directory, "vendor/theme");
  repo.commit();
  repo.git(
    "-C",
    "vendor/theme",
    "-c",
    "user.name=A",
    "-c",
    "user.email=a@example.com",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "newer",
  );
  const { paths, files } = await ship(repo.directory);
  expect(paths.filter((path) => path.startsWith("vendor/"))).toEqual([
    "vendor/theme/.gitattributes",
    "vendor/theme/theme.css",
  ]);
  expect((await files.find(({ path }) => path.endsWith("theme.css"))!.read()).toString()).toBe("old");
  repo.git("submodule", "deinit", "-f", "--quiet", "--all");
  await expect(ship(repo.directory)).rejects.toMatchObject({
    code: "project.submodule",
    exitCode: 2,
    details: { hint: expect.stringContaining("submodules: recursive") },
  });
  expect((await ship(repo.directory, { exclude: ["vendor/"] })).paths).toEqual(
    [".gitmodules", ...Object.keys(djangoFiles())].sort(),
  );
});

it("adds what the build made, and refuses what it did not make", async () => {
  const repo = repository({ ...djangoFiles(), ".gitignore": "dist/\n" });
  const build = (include: string[]) => ({
    build: { command: null, artifact: null, directory: ".", include },
  });
  await expect(ship(repo.directory, build(["dist"]))).rejects.toMatchObject({
    code: "project.include",
    exitCode: 2,
  });
  mkdirSync(join(repo.directory, "dist"));
  await expect(ship(repo.directory, build(["dist"]))).rejects.toThrow("dist holds no file");
  repo.write({ "dist/app.js": "1", "dist/css/app.css": "2" });
  const { paths, files } = await ship(repo.directory, build(["dist/"]));
  expect(paths.filter((path) => path.startsWith("dist/"))).toEqual(["dist/app.js", "dist/css/app.css"]);
  expect((await files.find(({ path }) => path === "dist/app.js")!.read()).toString()).toBe("1");
  await expect(ship(repo.directory, build(["../"]))).rejects.toThrow("lies outside");
});

it("refuses a build of another commit, and one behind a link", async () => {
  const repo = repository({ ...djangoFiles(), ".gitignore": "/dist\n/real\n" });
  const first = repo.git("rev-parse", "HEAD");
  repo.commit("Second");
  repo.write({ "real/app.js": "1" });
  repo.link("dist", "real");
  const config = configFor(repo.directory, {
    build: { command: null, artifact: null, directory: ".", include: ["real"] },
  });
  expect((await collectShipment(await readProject(config, null), config)).files.at(-2)!.path).toBe(
    "tute/settings.py",
  );
  await expect(collectShipment(await readProject(config, first), config)).rejects.toMatchObject({
    code: "project.include-revision",
    exitCode: 2,
  });
  await expect(ship(repo.directory, { build: { ...config.build, include: ["dist"] } })).rejects.toThrow(
    "dist is reached through a symbolic link",
  );
});

it("refuses to leave out what a release needs", async () => {
  const { directory } = repository({
    ...djangoFiles(),
    ".gitattributes": "requirements.txt export-ignore\n",
  });
  await expect(ship(directory)).rejects.toMatchObject({
    code: "project.excluded",
    exitCode: 2,
    message: "requirements.txt is needed on the host, but it is not shipped",
  });
});

it("keeps .djdeploy for itself", async () => {
  const { directory } = repository({ ...djangoFiles(), ".djdeploy/manifest.json": "{}" });
  await expect(ship(directory)).rejects.toMatchObject({ code: "project.reserved" });
});
