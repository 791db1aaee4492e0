import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { hostFiles } from "../../../src/host/files.gen.ts";

// setup-launchers.sh works as the user that deploys, in releases that were the running user's until then.

let site: string;
const own = (release: string, name = "") => join(site, "releases", release, ".djdeploy", name);
const files = { launch: "today's", "carry/sitecustomize.py": "ours" };

beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), "djdeploy-launchers-"));
  const folder = site;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(own("1"), { recursive: true });
  writeFileSync(own("1", "launch.json"), "{}");
  writeFileSync(own("1", "launch"), "an older one");
  writeFileSync(join(site, "secret"), "kept");
});

function renew() {
  const text = hostFiles["setup-start.sh"] + hostFiles["setup-launchers.sh"];
  const input = `--\n${site}\n${userInfo().username}\n${JSON.stringify(files)}`;
  execFileSync("sh", ["-c", text], { input, timeout: 10_000, stdio: ["pipe", "pipe", "pipe"] });
}

test("our files are brought up to date, in releases that have a launcher", () => {
  mkdirSync(own("2"), { recursive: true });
  renew();
  renew();
  expect(readFileSync(own("1", "launch"), "utf8")).toBe("today's");
  expect(lstatSync(own("1", "launch")).mode & 0o777).toBe(0o755);
  expect(readFileSync(own("1", "carry/sitecustomize.py"), "utf8")).toBe("ours");
  expect(existsSync(own("2", "launch"))).toBe(false);
});

test("a link that the running user left is not written through, whatever its place", () => {
  symlinkSync(join(site, "secret"), own("1", "launch.new"));
  symlinkSync(join(site, "secret"), join(site, "releases", "2"));
  mkdirSync(join(site, "elsewhere"));
  renew();
  expect(readFileSync(own("1", "launch"), "utf8")).toBe("today's");
  rmSync(own("1", "carry"), { recursive: true });
  symlinkSync(join(site, "elsewhere"), own("1", "carry"));
  expect(renew).toThrow(/our own files can not be written: carry: Not a directory/);
  expect(readFileSync(join(site, "secret"), "utf8")).toBe("kept");
  expect(existsSync(join(site, "elsewhere", "sitecustomize.py"))).toBe(false);
});

test("a pipe in the place of a file is not waited for", () => {
  rmSync(own("1", "launch"));
  execFileSync("mkfifo", [own("1", "launch")]);
  renew();
  expect(readFileSync(own("1", "launch"), "utf8")).toBe("today's");
});
