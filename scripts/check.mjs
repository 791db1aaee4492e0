// The one gate, the same here and in CI: format, lint, types, generated pages, dist, host files, workflows,
// package, tests.
// It ends with "working tree unchanged", or says which files it had to make anew.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const root = new URL("..", import.meta.url).pathname;
const bin = (name) => `${root}node_modules/.bin/${name}`;
const hostFiles = readdirSync(`${root}src/host/files`).filter((name) => !name.startsWith("__"));
const inFolder = (ending) =>
  hostFiles.filter((name) => name.endsWith(ending)).map((name) => `src/host/files/${name}`);

const running = new Set();

/** Runs a program in the project; its output is shown only when it fails, unless `loud`. Ends the gate where it fails. */
async function run(title, file, args, { loud = false, optional = false } = {}) {
  const began = Date.now();
  if (loud) console.log(`… ${title}`);
  const child = spawn(file, args, { cwd: root, stdio: loud ? "inherit" : ["ignore", "pipe", "pipe"] });
  running.add(child);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => said.push(chunk));
  const [status, error] = await new Promise((resolve) => {
    child.on("error", (error) => resolve([null, error]));
    child.on("close", (code) => resolve([code, null]));
  });
  running.delete(child);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (error?.code === "ENOENT" && optional && !process.env.CI) {
    console.log(`– ${title}: ${file} is not installed, so this was not checked here (CI does)`);
    return;
  }
  if (error || status !== 0) {
    console.log(`${Buffer.concat(said)}${error?.message ?? ""}`.trimEnd());
    console.log(`✗ ${title}`);
    for (const other of running) other.kill();
    process.exit(1);
  }
  console.log(`✓ ${title} (${seconds} s)`);
}
/** What git sees as different from the commit, with the contents. */
function tree() {
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }).stdout;
  return `${git("status", "--porcelain")}\n${git("diff")}`;
}

const before = tree();
await run("embedded host files", process.execPath, ["scripts/embed.mjs"]);
// Readers only, beside the build: none of them reads what that makes.
const beside = [
  run("format and lint", bin("biome"), ["ci", "--colors=off", "--error-on-warnings", "."]),
  run("host files: shellcheck", "shellcheck", ["-s", "sh", "-S", "warning", ...inFolder(".sh")], {
    optional: true,
  }),
  run(
    "host files: ruff",
    "ruff",
    ["check", "-q", "--no-cache", ...inFolder(".py"), "src/host/files/launch"],
    { optional: true },
  ),
  run(
    "workflows: zizmor",
    "zizmor",
    [
      "--offline",
      "--no-progress",
      "--quiet",
      "--pedantic",
      "--strict-collection",
      ".github",
      "action.yml",
      "action",
    ],
    { optional: true },
  ),
];
await run("types and bundles", process.execPath, ["scripts/build.mjs"]);
await Promise.all(beside);
await run("generated pages and schema", process.execPath, [
  "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
  "build/scripts/generate.js",
]);
const after = tree();
if (after !== before) {
  console.log(spawnSync("git", ["status", "--short"], { cwd: root, encoding: "utf8" }).stdout.trimEnd());
  console.log(
    "✗ generated files or dist/ did not fit the sources; they were made anew: look at them and commit them",
  );
  process.exit(1);
}
const packed = Promise.all([
  run("package: publint", bin("publint"), ["--strict", "--pack", "npm"]),
  run("package: declarations", bin("attw"), ["--pack", ".", "--quiet"]),
]);
await run("the Node of the action", process.execPath, ["scripts/runtime.mjs"]);
await run(
  "unit and integration tests",
  bin("vitest"),
  ["run", "--project", "unit", "--project", "integration"],
  {
    loud: true,
  },
);
await packed;
if (tree() !== before) {
  console.log("✗ the tests changed the working tree");
  process.exit(1);
}
console.log("✓ working tree unchanged");
