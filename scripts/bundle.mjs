// One bundle of the build: node scripts/bundle.mjs ENTRY FOLDER. A program of its own, because two of them take half the
// time beside each other.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [entry, folder] = process.argv.slice(2);
const ncc = createRequire(import.meta.url)("@vercel/ncc");
const { code, assets } = await ncc(entry, {
  cache: false,
  minify: false,
  sourceMap: false,
  license: "[name].licenses.txt",
  quiet: true,
});
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/index.js`, code);
const licenses = [];
for (const [name, { source }] of Object.entries(assets)) {
  if (name.endsWith("licenses.txt")) licenses.push(`${source}`.trimEnd());
  // pagent.exe is ssh2's helper for Windows; runners here are Linux and macOS.
  else if (!name.endsWith("pagent.exe")) writeFileSync(`${folder}/${name}`, source);
}
writeFileSync(`${folder}/licenses.txt`, `${licenses.join("\n\n")}\n`);
