import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { home, homePage, projectFiles } from "./project-files.ts";

/** The git checkout that all contestants deploy. */
export interface Project {
  folder: string;
  files: number;
  bytes: number;
  /** Writes files and commits them. */
  commit(files: Record<string, string | Buffer>): void;
  /** Changes the one template line; answers what `/` says from then on. */
  change(): string;
}

export function newProject(folder: string): Project {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", env: gitEnvironment });
  const write = (files: Record<string, string | Buffer>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  };
  mkdirSync(folder, { recursive: true });
  const files = projectFiles();
  write(files);
  chmodSync(join(folder, "manage.py"), 0o755);
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "First");
  let count = 0;
  const project: Project = {
    folder,
    files: Object.keys(files).length,
    bytes: Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0),
    commit(more) {
      write(more);
      git("add", "-A");
      git("commit", "-q", "-m", "Change");
    },
    change() {
      // Of one length: what a line costs does not depend on its number.
      const line = `line ${String(++count).padStart(6, "0")}`;
      project.commit({ [home]: homePage(line) });
      return line;
    },
  };
  return project;
}

const gitEnvironment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};
