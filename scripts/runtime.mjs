// Installs the Node that runs the action on GitHub (`using: node24`) below __tests__/runtime, unless it is there. It is
// no dependency of the project: its program would be the `node` of every script that npm runs.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../__tests__/runtime", import.meta.url).pathname;
const read = (path) => JSON.parse(readFileSync(`${folder}/${path}`, "utf8"));
const [[name, wanted]] = Object.entries(read("package.json").optionalDependencies);
const manifest = `node_modules/${name}/package.json`;
const there = existsSync(`${folder}/${manifest}`) && read(manifest).version === wanted;
if (!there) {
  const words = ["ci", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"];
  process.exitCode = spawnSync("npm", words, { stdio: "inherit" }).status ?? 1;
}
