// `npm run python-names -- PYTHON|FILE.json…`: the tables of what Python's own types and modules are made of, from the
// Pythons that are named, or from what names.py has printed in one that is elsewhere.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { nameFiles, type PythonNames } from "./table.ts";

const all = process.argv.slice(2).map((from): PythonNames => {
  const text = from.endsWith(".json")
    ? readFileSync(from, "utf8")
    : execFileSync(from, ["-I", "scripts/python-names/names.py"], { encoding: "utf8" });
  return JSON.parse(text) as PythonNames;
});
for (const [path, text] of Object.entries(nameFiles(all))) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
