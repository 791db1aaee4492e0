import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../../support/repository.ts";

/** The git checkout of a project that a test deploys. */
export interface Project {
  folder: string;
  git(...args: string[]): string;
  read(path: string): string;
  /** Writes files and commits them; answers the commit. null removes a file. */
  commit(files: Record<string, string | null>, message?: string): string;
  /** A new version of the shop: what `/`, `/slow/` and `/lazy/` say, and the colour in its stylesheet. */
  version(word: string): string;
  remove(): void;
}

export const shop = new URL("shop/", import.meta.url).pathname;

/** A checkout of the project in `template` with this djdeploy.yml. Its first commit is the same every time. */
export function newProject(yml: string, template = shop): Project {
  const folder = mkdtempSync(join(tmpdir(), "djdeploy-project-"));
  cpSync(template, folder, { recursive: true, filter: (path) => !path.includes("__pycache__") });
  writeFileSync(join(folder, "djdeploy.yml"), yml);
  const { git } = repository({}, folder);
  const project: Project = {
    folder,
    git,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    commit(files, message = "Change") {
      for (const [path, text] of Object.entries(files)) {
        const file = join(folder, path);
        if (text === null) rmSync(file);
        else {
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, text);
        }
      }
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      return git("rev-parse", "HEAD");
    },
    version: (word) =>
      project.commit(
        {
          "shop/version.py": `NUMBER = "${word}"\n`,
          "shop/late.py": `NUMBER = "${word}"\n`,
          "shop/static/shop/style.css": `body { content: "${word}" }\n`,
        },
        `Version ${word}`,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  const date = "2026-01-01T00:00:00Z";
  git("add", "-A");
  execFileSync(
    "git",
    ["-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "First"],
    {
      env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    },
  );
  return project;
}
