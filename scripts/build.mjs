// Makes dist/: TypeScript to build/, then one CommonJS bundle for each face. Two runs give the same bytes.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const root = new URL("..", import.meta.url).pathname;
const run = (file, ...args) =>
  execFileSync(process.execPath, [file, ...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const require = createRequire(import.meta.url);

rmSync(`${root}build`, { recursive: true, force: true });
// Made aside and moved at the end: a build that fails or is ended leaves dist/ whole.
const made = `${root}build/dist`;
mkdirSync(made, { recursive: true });
run("scripts/embed.mjs");
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
// ncc would emit an ES module (which ssh2 cannot live in) if it found "type": "module" above its input.
writeFileSync(`${root}build/package.json`, "{}\n");
const ncc = require("@vercel/ncc");
for (const face of ["action", "cli"]) {
  const { code, assets } = await ncc(`${root}build/src/${face}/index.js`, {
    cache: false,
    minify: false,
    sourceMap: false,
    license: "licenses.txt",
    quiet: true,
  });
  mkdirSync(`${made}/${face}`, { recursive: true });
  writeFileSync(`${made}/${face}/index.js`, code, { mode: face === "cli" ? 0o755 : 0o644 });
  for (const [name, asset] of Object.entries(assets)) {
    // pagent.exe is ssh2's helper for Windows; runners here are Linux and macOS.
    if (name.endsWith("pagent.exe")) continue;
    writeFileSync(`${made}/${face}/${name}`, asset.source);
  }
}
writeFileSync(`${made}/package.json`, `${JSON.stringify({ type: "commonjs" })}\n`);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(made, `${root}dist`);
