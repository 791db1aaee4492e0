import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The real libraries whose exceptions and readings are compared with ours. */
const packages = [
  "Django==5.2.19",
  "psycopg[binary]==3.2.13",
  "PyMySQL==1.1.2",
  "django-environ==0.12.0",
  "python-decouple==3.8",
  "environs==14.5.0",
  "python-dotenv==1.2.1",
  "GitPython==3.1.45",
  "redis==7.1.0",
  "whitenoise==6.11.0",
];

/** The Python of a virtual environment with them, made once and kept in the user's cache. */
export function libraryPython(): string {
  const version = execFileSync("python3", ["-V"], { encoding: "utf8" });
  const key = createHash("sha256")
    .update(JSON.stringify([packages, version]))
    .digest("hex");
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "djdeploy", "libraries");
  const folder = join(cache, key.slice(0, 16));
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    execFileSync("python3", ["-m", "venv", fresh]);
    const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"];
    execFileSync(join(fresh, "bin/python"), [...pip, ...packages], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    try {
      renameSync(fresh, folder);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, "bin/python");
}
