import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Header } from "tar/header";
import { Pax } from "tar/pax";
import { describe, expect, it } from "vitest";
import {
  artifactFiles,
  collectShipment,
  openArtifact,
  packArtifact,
  readProject,
} from "../../../src/project/index.ts";
import { newDeployKey } from "../../../src/ssh/new-key.ts";
import { djdeploy } from "../../support/cli.ts";
import { configFor, djangoFiles, repository, temporaryFolder } from "../../support/repository.ts";

const include = ["frontend/dist"];
const hashOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

function site(files: Record<string, string> = {}) {
  const repo = repository({ ...djangoFiles(), ...files });
  const config = configFor(repo.directory, {
    build: { command: null, artifact: "build.tar", directory: ".", include },
  });
  return { repo, config, file: join(repo.directory, "build.tar") };
}

/** What a deploy ships of a file with the right hash. */
async function shipped({ config, file }: ReturnType<typeof site>) {
  const artifact = await openArtifact(config, hashOf(file));
  const project = await readProject(config, null);
  return collectShipment(project, config, await artifactFiles(artifact, project, config));
}

interface Piece {
  path: string;
  type?:
    | "ExtendedHeader"
    | "File"
    | "SymbolicLink"
    | "Link"
    | "Directory"
    | "FIFO"
    | "CharacterDevice"
    | "BlockDevice";
  linkpath?: string;
  content?: string;
  mode?: number;
}

function entry({ path, type = "File", content = "", mode = 0o644, linkpath }: Piece): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  const link = linkpath === undefined ? {} : { linkpath };
  new Header({ path, type, mode, size: bytes.length, uid: 0, gid: 0, mtime: new Date(0), ...link }).encode(
    header,
  );
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
const tar = (...pieces: (Piece | Buffer)[]) =>
  Buffer.concat([...pieces.map((one) => (Buffer.isBuffer(one) ? one : entry(one))), Buffer.alloc(1024)]);
/** A record as another program may write it, before the entry that it is about. */
function pax(name: string, value: string): Buffer {
  const record = ` ${name}=${value}\n`;
  return entry({ path: "PaxHeader", type: "ExtendedHeader", content: `${record.length + 2}${record}` });
}
const good: Piece = { path: "frontend/dist/app.js", content: "app" };

describe("build.artifact", () => {
  it("is the same for the same files, and is shipped as the working tree would be", async () => {
    const one = site();
    const long = `frontend/dist/${"a-long-name/".repeat(20)}é.js`;
    one.repo.write({
      "frontend/dist/app.js": "app",
      "frontend/dist/run.sh": "#!/bin/sh\n",
      [long]: "x".repeat(1000),
    });
    one.repo.executable("frontend/dist/run.sh");
    symlinkSync("app.js", join(one.repo.directory, "frontend/dist/latest.js"));
    const project = await readProject(one.config, null);
    const first = await packArtifact(project, one.config);
    expect(first).toEqual({ file: one.file, sha256: hashOf(one.file), files: 4 });
    utimesSync(join(one.repo.directory, "frontend/dist/app.js"), 1, 1);
    expect((await packArtifact(project, one.config)).sha256).toBe(first.sha256);
    const plain = { ...one.config, build: { ...one.config.build, artifact: null } };
    const rows = (shipment: Awaited<ReturnType<typeof collectShipment>>) =>
      Promise.all(shipment.files.map(async ({ read, ...row }) => [row, (await read()).toString()]));
    const expected = await rows(await collectShipment(project, plain));
    rmSync(join(one.repo.directory, "frontend"), { recursive: true });
    expect(await rows(await shipped(one))).toEqual(expected);
    expect(one.repo.git("status", "--porcelain")).toBe("?? build.tar");
  });

  it("may be made by tar itself", async () => {
    const one = site();
    one.repo.write({ "frontend/dist/app.js": "app", "frontend/dist/.vite/manifest.json": "{}" });
    execFileSync("tar", ["-cf", "build.tar", "./frontend/dist"], { cwd: one.repo.directory });
    expect((await shipped(one)).files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["frontend/dist/app.js", "frontend/dist/.vite/manifest.json", "manage.py"]),
    );
  });

  it("is refused without its hash, with another one, and where there is none", async () => {
    const one = site();
    writeFileSync(one.file, tar(good));
    const opened = (hash: string | null) => openArtifact(one.config, hash);
    await expect(opened(null)).rejects.toMatchObject({ code: "artifact.no-hash", exitCode: 2 });
    await expect(opened("latest")).rejects.toMatchObject({ code: "artifact.no-hash", exitCode: 2 });
    await expect(opened("0".repeat(64))).rejects.toMatchObject({ code: "artifact.hash", exitCode: 7 });
    const hash = hashOf(one.file);
    expect((await opened(hash.toUpperCase())).entries).toHaveLength(1);
    rmSync(one.file);
    await expect(opened(hash)).rejects.toMatchObject({ code: "artifact.missing", exitCode: 2 });
    symlinkSync("/dev/zero", one.file);
    await expect(opened(hash)).rejects.toMatchObject({ code: "artifact.missing", exitCode: 2 });
  });

  it.each([
    ["deploy", "a hash and no build.artifact", "a".repeat(64), "names no build.artifact"],
    ["plan", "a hash and no build.artifact", "a".repeat(64), "names no build.artifact"],
    ["deploy", "what is no hash, and no build.artifact", "latest", "names no build.artifact"],
    ["plan", "what is no hash", "latest", "no SHA-256"],
    ["deploy", "what is no hash", `${"a".repeat(63)}g`, "no SHA-256"],
  ])("%s with %s builds nothing and asks no host", async (verb, what, hash, why) => {
    const { directory } = repository({
      ...djangoFiles(),
      "djdeploy.yml": `app: tute
build: {command: touch built, include: [built]${what.includes("build.artifact") ? "" : ", artifact: build.tar"}}
environments: {production: {hosts: ["127.0.0.1:9"]}}
`,
    });
    const identity = join(temporaryFolder(), "key");
    writeFileSync(identity, newDeployKey("t").privateKey, { mode: 0o600 });
    const words = [verb, "--identity", identity, "--ssh-config", "none", "--artifact-sha256", hash];
    const { code, stdout, stderr } = await djdeploy(words, { cwd: directory });
    expect([code, existsSync(join(directory, "built"))], stdout + stderr).toEqual([2, false]);
    expect(stdout + stderr).toContain(why);
  });

  const header = entry(good);
  const binary = (at: number, bytes: number[]) => {
    const changed = Buffer.from(header);
    changed.set(bytes, at);
    changed.write("        ", 148);
    const sum = changed.subarray(0, 512).reduce((all, byte) => all + byte, 0);
    changed.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return changed;
  };
  it.each([
    ["bytes of chance", createHash("shake256", { outputLength: 4096 }).update("x").digest()],
    ["numbers that are none", Buffer.alloc(2048, 0xfe)],
    ["a size below nothing", tar(binary(124, [0xff, ...Array(10).fill(0xff), 0]), header)],
    ["a size beyond every file", tar(binary(124, [0x80, ...Array(11).fill(0xff)]), header)],
    ["a size that is no number", tar(pax("size", "1e9"), header)],
  ])("of %s is one error", async (_, bytes) => {
    const one = site();
    writeFileSync(one.file, bytes);
    await expect(shipped(one)).rejects.toMatchObject({ code: "artifact.content", exitCode: 2 });
  });

  it("is refused where it was changed after it was looked into", async () => {
    const one = site();
    writeFileSync(one.file, tar(good));
    const { files } = await shipped(one);
    writeFileSync(one.file, tar({ ...good, content: "evil" }));
    const file = files.find(({ path }) => path === good.path);
    await expect(file?.read()).rejects.toMatchObject({ code: "artifact.hash", exitCode: 7 });
  });

  it("is refused where it is of another commit", async () => {
    const one = site();
    one.repo.write({ "frontend/dist/app.js": "app" });
    await packArtifact(await readProject(one.config, null), one.config);
    one.repo.git("commit", "-q", "--allow-empty", "-m", "Next");
    await expect(shipped(one)).rejects.toMatchObject({ code: "project.include-revision", exitCode: 2 });
  });

  const outside: [string, (Piece | Buffer)[], string | RegExp][] = [
    ["an absolute path", [good, { path: "/etc/cron.d/x" }], "no plain path"],
    ["a path upwards", [good, { path: "frontend/dist/../../manage.py" }], "no plain path"],
    [
      "a path upwards of pax",
      [good, new Pax({ path: "../x" }).encode(), { path: "frontend/dist/x" }],
      "no plain path",
    ],
    ["a path of empty parts", [good, { path: "frontend//dist/x" }], "no plain path"],
    ["a backslash", [good, { path: "frontend/dist/..\\x" }], "no plain path"],
    ["a line break", [good, { path: "frontend/dist/a\nb" }], "control character"],
    ["another folder", [good, { path: "tute/settings.py" }], "build.include does not name"],
    ["a name that begins alike", [good, { path: "frontend/distant" }], "build.include does not name"],
    [
      "a link that leads out",
      [good, { path: "frontend/dist/x", type: "SymbolicLink", linkpath: "../../../x" }],
      "leads out",
    ],
    [
      "an absolute link",
      [good, { path: "frontend/dist/x", type: "SymbolicLink", linkpath: "/etc/passwd" }],
      "leads out",
    ],
    [
      "a link out by another link",
      [
        good,
        { path: "frontend/dist/a", type: "SymbolicLink", linkpath: "../.." },
        { path: "frontend/dist/b", type: "SymbolicLink", linkpath: "a/../x" },
      ],
      "leads out",
    ],
    [
      "a file through a link",
      [
        { path: "frontend/dist/a", type: "SymbolicLink", linkpath: "../../tute" },
        { path: "frontend/dist/a/settings.py", content: "evil" },
      ],
      "is no folder",
    ],
    ["a file below a file", [good, { path: `${good.path}/x` }], "is no folder"],
    ["a hard link", [good, { path: "frontend/dist/x", type: "Link", linkpath: "manage.py" }], "but link"],
    ["a pipe", [good, { path: "frontend/dist/x", type: "FIFO" }], "but fifo"],
    ["a device", [good, { path: "frontend/dist/x", type: "CharacterDevice" }], "but character device"],
    ["a disk", [good, { path: "frontend/dist/x", type: "BlockDevice" }], "but block device"],
    ["a name twice", [good, good], "is there twice"],
    ["a name twice, written otherwise", [good, { ...good, path: `./${good.path}` }], "is there twice"],
    ["nothing", [], "is not in build.artifact"],
    ["nothing but a folder", [{ path: "frontend/dist/", type: "Directory" }], "is not in build.artifact"],
    ["nothing but byte code", [{ path: "frontend/dist/x.pyc" }], "is not in build.artifact"],
    ["no tar", [Buffer.alloc(512, "x")], "is no header of a tar"],
    ["gzip", [Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(510, 1)])], "is no header of a tar"],
    ["a huge header", [new Pax({ path: "x".repeat(100_000) }).encode(), good], "too long"],
    [
      "a path beyond all bounds",
      [new Pax({ path: `frontend/dist/${"x/".repeat(3000)}y` }).encode(), good],
      "longer than",
    ],
  ];
  it.each(outside)("with %s is an error", async (_, pieces, message) => {
    const one = site();
    writeFileSync(one.file, tar(...pieces));
    const refused = expect(shipped(one)).rejects;
    await refused.toMatchObject({
      name: "DeployError",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it("that is cut off is an error", async () => {
    const one = site();
    writeFileSync(one.file, tar({ ...good, content: "x".repeat(5000) }).subarray(0, 2048));
    await expect(shipped(one)).rejects.toThrow("is cut off");
  });

  it("does not stand where the commit has a file or a folder in its place", async () => {
    const link = site();
    symlinkSync("tute", join(link.repo.directory, "frontend"));
    link.repo.commit();
    writeFileSync(link.file, tar(good));
    await expect(shipped(link)).rejects.toThrow("cannot stand beside what the commit has");
    const folder = site({ "frontend/dist/app.js/x": "" });
    writeFileSync(folder.file, tar(good));
    await expect(shipped(folder)).rejects.toThrow("cannot stand beside what the commit has");
  });

  it("is not packed into itself, nor without anything to pack", async () => {
    const one = site();
    one.repo.write({ "frontend/dist/app.js": "app", "frontend/dist/build.tar": "old" });
    const project = await readProject(one.config, null);
    const packed = (build: object) =>
      packArtifact(project, { ...one.config, build: { ...one.config.build, ...build } });
    await expect(packed({ artifact: "frontend/dist/build.tar" })).rejects.toMatchObject({
      code: "artifact.inside",
    });
    await expect(packed({ include: [] })).rejects.toMatchObject({ code: "artifact.nothing", exitCode: 2 });
    await expect(packed({ include: ["nowhere"] })).rejects.toMatchObject({ code: "project.include" });
  });
});
