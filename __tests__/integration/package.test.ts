import { execFileSync, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { djangoFiles, repository, temporaryFolder } from "../support/repository.ts";

it("the package that npm would publish holds what it runs with, and nothing else, and starts", () => {
  const folder = temporaryFolder();
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { encoding: "utf8" });
  execFileSync("sh", ["-c", "tar -xzf *.tgz"], { cwd: folder });
  const files = execFileSync("find", ["package", "-type", "f"], { cwd: folder, encoding: "utf8" });
  // The lint is a file of its own beside each bundle, under a number that ncc gives.
  const part = /^package\/dist\/(?:action|library)\/\d+\.index\.js$/;
  const all = files.trim().split("\n");
  expect(all.filter((name) => part.test(name)).length).toBeGreaterThan(1);
  expect(all.filter((name) => !part.test(name)).sort()).toEqual(
    [
      ...["LICENSE", "README.md", "action.yml", "package.json", "schema/djdeploy.schema.json"],
      ...["dist/package.json", "dist/action/index.js", "dist/action/licenses.txt"],
      ...[
        "dist/cli/index.js",
        "dist/library/index.js",
        "dist/library/index.mjs",
        "dist/library/licenses.txt",
      ],
      ...["dist/library/index.d.ts", "dist/library/index.d.mts"],
    ]
      .map((name) => `package/${name}`)
      .sort(),
  );
  const said = execFileSync(process.execPath, [join(folder, "package/dist/cli/index.js"), "--version"], {
    encoding: "utf8",
  });
  expect(said).toMatch(/^djdeploy \d+\.\d+\.\d+\n$/);
});

it("reads nothing of itself once code of the repository ran beside it", () => {
  const folder = temporaryFolder();
  cpSync("dist", folder, { recursive: true });
  const { directory } = repository({
    ...djangoFiles(),
    "djdeploy.yml": `app: tute
build: {command: 'for part in ${folder}/*/*.index.js; do echo "process.exit(99)" >$part; done; echo built'}
test: {command: false}
environments: {production: {hosts: [127.0.0.1]}}
`,
  });
  const words = ["deploy", "production", "--ssh-config", "none", "--format", "json"];
  const { status, stdout } = spawnSync(process.execPath, [join(folder, "cli/index.js"), ...words], {
    cwd: directory,
    encoding: "utf8",
  });
  expect(stdout).toContain("built");
  expect(stdout).toMatch(/"code":"step.(?:done|failed)".*"step":"lint"/);
  expect(status).toBe(3);
});
