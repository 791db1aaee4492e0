// The section of CHANGELOG.md for a tag, as the notes of its release: node scripts/changelog.mjs v1.2.3
// Headings are `## 1.2.3` or `## [1.2.3] - 2026-11-30`. No section, an empty one or two of them: one sentence, status 1.
import { readFileSync } from "node:fs";

const [tag = "", file = "CHANGELOG.md"] = process.argv.slice(2);

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (!/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(tag)) fail(`${JSON.stringify(tag)} is no tag such as v1.2.3`);
const version = tag.slice(1);
const found = [];
let section = null;
let fence = false;
for (const line of readFileSync(file, "utf8").split(/\r?\n/)) {
  if (/^(```|~~~)/.test(line)) fence = !fence;
  const heading = fence ? null : /^## \[?([^\]\s]+)\]?(?: - .*)?$/.exec(line);
  if (heading) {
    section = heading[1] === version ? [] : null;
    if (section) found.push(section);
  } else section?.push(line);
}
if (found.length !== 1) fail(`${file} has ${found.length} sections "## ${version}", not one`);
// Links to targets at the file's end are no part of what happened.
const notes = found[0]
  .filter((line) => !/^\[[^\]]+\]: \S+$/.test(line))
  .join("\n")
  .trim();
if (notes.replace(/^#.*$/gm, "").trim() === "") fail(`${file}: the section ${version} is empty`);
console.log(notes);
