// Sums vitest's JSON reports: node scripts/count-tests.mjs FOLDER [FAILED-STAGE...]
// Prints what failed, the files that took longest, one line a suite, and last the plain count. Status 1 unless all suites ran, whole and green.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const [folder, ...failedStages] = process.argv.slice(2);
const suites = new Map(
  ["unit", "integration", "hosts"].map((name) => [name, { passed: 0, failed: 0, skipped: 0 }]),
);
const troubles = [];
const names = [];
const times = [];

for (const name of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  for (const file of JSON.parse(readFileSync(join(folder, name), "utf8")).testResults) count(file);
}

function count(file) {
  const path = relative(process.cwd(), file.name);
  const suite = suites.get(path.split("/")[1]);
  if (!suite) throw new Error(`${path} belongs to no known suite`);
  let failed = 0;
  for (const { status, fullName, failureMessages } of file.assertionResults) {
    if (status === "passed") suite.passed++;
    else if (status === "failed") {
      failed++;
      troubles.push(`FAILED ${path}: ${fullName}\n${failureMessages.join("\n")}`);
      names.push(`FAILED ${path}: ${fullName}`);
    } else {
      suite.skipped++;
      troubles.push(`${status.toUpperCase()} ${path}: ${fullName}`);
    }
  }
  // A file that does not load, or whose beforeAll throws, has failed without a failed test.
  if (file.status === "failed" && failed === 0) {
    failed = 1;
    troubles.push(`FAILED ${path}\n${file.message}`);
    names.push(`FAILED ${path}`);
  }
  suite.failed += failed;
  times.push({ path, seconds: Math.round((file.endTime - file.startTime) / 1000) });
}

const failedTests = [...suites.values()].reduce((sum, { failed }) => sum + failed, 0);
for (const stage of failedStages) troubles.push(`FAILED stage: ${stage}`);
for (const [name, { passed, failed }] of suites)
  if (passed + failed === 0) troubles.push(`NO TESTS ran in the suite ${name}`);
for (const trouble of troubles) console.log(trouble);
// Some at once, so that they sum to more than the suite took.
for (const { path, seconds } of times.sort((a, b) => b.seconds - a.seconds).slice(0, 20))
  console.log(`${String(seconds).padStart(5)} s  ${path}`);
// Once more without their reasons: of a long output often only the end is kept.
for (const name of names) console.log(name);
for (const [name, { passed, failed, skipped }] of suites)
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);

const passed = [...suites.values()].reduce((sum, suite) => sum + suite.passed, 0);
// A stage that broke for another reason than a test counts as one, so that a red run never reads "0 failed".
const failed = failedTests || (troubles.length ? Math.max(1, failedStages.length) : 0);
process.exitCode = troubles.length ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
