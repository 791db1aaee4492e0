import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/repository.ts";

it("the package that npm would publish holds what it runs with, and nothing else, and starts", () => {
  const folder = temporaryFolder();
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { encoding: "utf8" });
  execFileSync("sh", ["-c", "tar -xzf *.tgz"], { cwd: folder });
  const files = execFileSync("find", ["package", "-type", "f"], { cwd: folder, encoding: "utf8" });
  expect(files.trim().split("\n").sort()).toEqual(
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
