// Makes dist/: TypeScript to build/, then a CommonJS bundle for the action and one for the library and the command line.
// Two runs give the same bytes.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const root = new URL("..", import.meta.url).pathname;
const options = { cwd: root, stdio: ["ignore", "inherit", "inherit"] };
const run = (file, ...args) => execFileSync(process.execPath, [file, ...args], options);
const start = (file, ...args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], options);
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${file} ended with ${code}`))));
  });
const require = createRequire(import.meta.url);

rmSync(`${root}build`, { recursive: true, force: true });
// Made aside and moved at the end: a build that fails or is ended leaves dist/ whole.
const made = `${root}build/dist`;
mkdirSync(made, { recursive: true });
run("scripts/embed.mjs");
run("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
// ncc would emit an ES module (which ssh2 cannot live in) if it found "type": "module" above its input.
writeFileSync(`${root}build/package.json`, "{}\n");
const bundle = (face, entry) => start("scripts/bundle.mjs", `${root}build/src/${entry}`, `${made}/${face}`);
const bundles = [bundle("action", "action/index.js"), bundle("library", "bundle.js")];

// docs/library.api.md and the declarations, meanwhile.
const { Extractor, ExtractorConfig } = require("@microsoft/api-extractor");
const config = require.resolve(`${root}scripts/api-extractor.json`);
const { succeeded } = Extractor.invoke(ExtractorConfig.loadFileAndPrepare(config), {
  localBuild: true,
  messageCallback: (message) => {
    if (message.logLevel === "info" || message.logLevel === "verbose") message.handled = true;
  },
});
if (!succeeded) throw new Error("the declarations of the library could not be made");
await Promise.all(bundles);
mkdirSync(`${made}/cli`);
copyFileSync(`${root}scripts/cli.cjs`, `${made}/cli/index.js`);
chmodSync(`${made}/cli/index.js`, 0o755);

// The same names for `import`, and what they are for a type checker. Node finds no name of its own in a bundle.
const names = Object.keys(require(`${made}/library/index.js`)).filter((name) => name !== "commandLine");
const wrapper = `import library from "./index.js";\n\nexport const { ${names.sort().join(", ")} } = library;\n`;
writeFileSync(`${made}/library/index.mjs`, wrapper);
copyFileSync(`${root}build/api/index.d.ts`, `${made}/library/index.d.ts`);
writeFileSync(`${made}/library/index.d.mts`, 'export * from "./index.js";\n');
writeFileSync(`${made}/package.json`, `${JSON.stringify({ type: "commonjs" })}\n`);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(made, `${root}dist`);
