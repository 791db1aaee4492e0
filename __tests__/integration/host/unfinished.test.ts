import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

const program = `
import json
import djd_releases
from djd_paths import Paths
print(json.dumps(djd_releases.clean(Paths(sys.argv[1]), 1)))
`;

test("the clean-up takes what an agent that was killed left behind, and leaves what one writes just now", () => {
  const site = mkdtempSync(join(tmpdir(), "djdeploy-unfinished-"));
  onTestFinished(() => rmSync(site, { recursive: true }));
  const release = "releases/20261127T173504Z-a2d2e58/.djdeploy";
  for (const folder of [release, "env", "run", "slots", ".djdeploy"])
    mkdirSync(join(site, folder), { recursive: true });
  writeFileSync(join(site, release, "manifest.json"), '{"state": "superseded"}');
  const dead = 2 ** 22 + 1; // above the kernel's largest pid
  const written = [`manifest.json.${process.pid}.tmp`, "notes.tmp"];
  for (const name of [...written, `manifest.json.${dead}.tmp`]) writeFileSync(join(site, release, name), "");
  for (const folder of ["env", "run", "slots", ".djdeploy", "."])
    writeFileSync(join(site, folder, `current.${dead}.new`), "");
  askPython(program, site);
  expect(readdirSync(join(site, release)).sort()).toEqual(["manifest.json", ...written].sort());
  for (const folder of ["env", "run", "slots", ".djdeploy"])
    expect(readdirSync(join(site, folder)), folder).toEqual([]);
  expect(readdirSync(site).filter((name) => name.endsWith(".new"))).toEqual([]);
});

test("nor does it take the release that a run may still go back to, however few are kept", () => {
  const site = mkdtempSync(join(tmpdir(), "djdeploy-back-"));
  onTestFinished(() => rmSync(site, { recursive: true }));
  for (const folder of ["env", "run", "slots", ".djdeploy"])
    mkdirSync(join(site, folder), { recursive: true });
  for (const id of ["1", "2", "3", "4"]) {
    mkdirSync(join(site, "releases", id, ".djdeploy"), { recursive: true });
    writeFileSync(join(site, "releases", id, ".djdeploy/manifest.json"), '{"state": "superseded"}');
  }
  askPython(program.replace(", 1)", ', 1, "2")'), site);
  expect(readdirSync(join(site, "releases")).sort()).toEqual(["2", "4"]);
});
