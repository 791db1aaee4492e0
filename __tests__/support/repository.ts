import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../../src/config/types.ts";

/** A real git repository in a temporary folder, gone after the test. */
export interface Repository {
  directory: string;
  git(...args: string[]): string;
  write(files: Record<string, string | Buffer>): void;
  link(path: string, target: string): void;
  executable(path: string): void;
  commit(message?: string): string;
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "djdeploy-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function repository(
  files: Record<string, string | Buffer> = {},
  directory = temporaryFolder(),
): Repository {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", directory, "-c", "protocol.file.allow=always", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_AUTHOR_NAME: "A",
        GIT_AUTHOR_EMAIL: "a@example.com",
        GIT_COMMITTER_NAME: "A",
        GIT_COMMITTER_EMAIL: "a@example.com",
      },
    }).trim();
  const one: Repository = {
    directory,
    git,
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), content);
      }
    },
    link: (path, target) => symlinkSync(target, join(directory, path)),
    executable: (path) => chmodSync(join(directory, path), 0o755),
    commit(message = "Change") {
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      return git("rev-parse", "HEAD");
    },
  };
  git("init", "-q", "-b", "main");
  if (Object.keys(files).length > 0) {
    one.write(files);
    one.commit("First");
  }
  return one;
}

const managePy = (settings: string) => `#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "${settings}")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
`;

/** The files of a small Django project, as `django-admin startproject tute` lays them out. */
export function djangoFiles(settings = "tute.settings"): Record<string, string> {
  return {
    "manage.py": managePy(settings),
    "tute/__init__.py": "",
    "tute/settings.py": `DEBUG = True\nWSGI_APPLICATION = "tute.wsgi.application"\n`,
    "tute/wsgi.py": `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "${settings}")\napplication = 1\n`,
    "requirements.txt": "Django==5.2.8\ngunicorn==27.0.1\n",
  };
}

/** A configuration with the defaults that src/project looks at. */
export function configFor(directory: string, changed: Partial<Config> = {}): Config {
  const defaults: Pick<
    Config,
    | "file"
    | "directory"
    | "app"
    | "root"
    | "exclude"
    | "django"
    | "python"
    | "build"
    | "test"
    | "server"
    | "shared"
  > = {
    file: join(directory, "djdeploy.yml"),
    directory,
    app: "tute",
    root: null,
    exclude: [],
    django: { settings: null, application: null },
    python: { version: "auto", installer: "auto", requirements: "auto", groups: [], extras: [], env: [] },
    build: { command: null, artifact: null, directory: ".", include: [] },
    test: { command: "auto", requirements: "auto", groups: ["dev", "test"], settings: null, env: {} },
    server: {
      kind: "auto",
      workers: "auto",
      args: [],
      manager: "systemd",
      scope: "system",
      strategy: "blue-green",
      service: null,
      listen: "socket",
      user: "tute",
      deployer: "tute_deploy",
      stopTimeoutMs: 60_000,
    },
    shared: [],
  };
  return { ...defaults, ...changed } as Config;
}
