import type { Config } from "../config/types.ts";
import { ownFiles } from "../host/release-files.ts";
import { filesDigest, type UploadFile } from "../host/upload.ts";
import { loadLint } from "../lint/load.ts";
import type { LintResult } from "../lint/types.ts";
import type { Artifact } from "../project/artifact/open.ts";
import { runBuild } from "../project/build.ts";
import {
  artifactFiles,
  collectShipment,
  openArtifact,
  readProject,
  requireUsableHash,
} from "../project/index.ts";
import { runTests } from "../project/testing/index.ts";
import type { Project, Shipment } from "../project/types.ts";
import { lintError, lintShipment } from "./lint.ts";
import type { Recorder } from "./recorder.ts";
import { requireSource } from "./source.ts";
import type { DeployOptions, RunContext } from "./types.ts";

export interface Guarded {
  project: Project;
  files: UploadFile[];
  digest: string;
  /** SHA-256 of the shipped files by path. */
  hashes: Map<string, string>;
  /** What the lint said, which the live check is held against; null where it was skipped. */
  linted: LintResult | null;
}

/** Whether the runner has nothing long to do before it needs the hosts: it neither builds nor tests. */
export function isBrief({ build, test }: Config, { tests }: DeployOptions): boolean {
  const builds = build.command !== null && build.artifact === null;
  return !builds && (test.command === false || tests !== "run");
}

/** Everything that happens on the runner before a host is asked: read, build, lint, test. */
export async function guard(
  context: RunContext,
  options: DeployOptions,
  recorder: Recorder,
): Promise<Guarded> {
  const { config } = context;
  requireUsableHash(config, options.artifactSha256 ?? null);
  const artifact = config.build.artifact === null ? null : await artifactStep(config, options, recorder);
  const project = await recorder.step("project", null, async (voice) => {
    const read = await readProject(config, options.revision);
    const { revision } = read;
    voice.summary(`${revision.sha.slice(0, 7)} ${revision.subject}`);
    if (revision.dirty.length > 0) {
      voice.note(
        `${revision.dirty.length} changed files are not committed and are not deployed: ${revision.dirty.slice(0, 5).join(", ")}`,
        "warning",
      );
    }
    return read;
  });
  if (config.notEnforced.length > 0) recorder.note(`not enforced yet: ${config.notEnforced.join("; ")}`);
  await requireSource(context, project, options, recorder);
  if (config.build.command && !artifact) {
    // All of the program is read before code of the repository may write where it lies.
    await loadLint();
    await recorder.step("build", null, () => runBuild(config, recorder.emit, context.signal));
  }
  const shipment = await recorder.step("files", null, async (voice) => {
    const built = artifact ? await artifactFiles(artifact, project, config) : [];
    const collected = await collectShipment(project, config, built);
    for (const path of collected.normalised)
      voice.note(`${path}: Windows line endings normalised, it would not start`);
    for (const note of collected.notes) voice.note(note);
    voice.summary(`${collected.files.length} files`);
    return collected;
  });
  const linted = await lintStep(context, options, project, shipment, recorder);
  await testStep(context, options, project, recorder);
  const files = [...shipment.files, ...ownFiles()];
  return {
    project,
    files,
    digest: filesDigest(files),
    hashes: new Map(shipment.files.map((file) => [file.path, file.sha256])),
    linted,
  };
}

/** What an earlier job built, before anything else is looked at: it has to be what that job said. */
async function artifactStep(
  config: Config,
  { artifactSha256 }: DeployOptions,
  recorder: Recorder,
): Promise<Artifact> {
  return recorder.step("artifact", null, async (voice) => {
    const opened = await openArtifact(config, artifactSha256 ?? null);
    const count = opened.entries.length;
    voice.summary(
      `${config.build.artifact}, ${count} ${count === 1 ? "file" : "files"}, sha256 ${opened.sha256}`,
    );
    return opened;
  });
}

async function lintStep(
  { config, values, judged }: RunContext,
  options: DeployOptions,
  project: Project,
  shipment: Shipment,
  recorder: Recorder,
): Promise<LintResult | null> {
  if (options.skipLint) {
    recorder.note("the settings lint was skipped (recorded)", { level: "warning" });
    return null;
  }
  return recorder.step("lint", null, async (voice) => {
    const result = await lintShipment(config, project, shipment, values);
    await judged?.(result);
    const certain = result.findings.filter((one) => one.certainty === "certain");
    for (const finding of certain.filter((one) => one.level !== "info")) {
      const message = `${finding.id}: ${finding.message}`;
      recorder.emit({ code: "finding", level: finding.level, message, step: "lint", data: { ...finding } });
    }
    const error = lintError(config, result);
    if (error) throw error;
    if (result.notJudged !== undefined) {
      const message = `${result.settingsModule} was not judged: ${result.notJudged}; the live check judges it in the release's own environment`;
      recorder.note(message, { level: "warning" });
      voice.summary(`${result.settingsModule}: not judged, left to the live check`);
      return result;
    }
    const count = (level: string) => certain.filter((one) => one.level === level).length;
    const later = result.findings.length - certain.length;
    voice.summary(
      [
        result.settingsModule,
        ...counted(count("warning"), "warning"),
        ...counted(count("info"), "note"),
        ...(later > 0 ? [`${later} left to the live check`] : []),
      ].join(", "),
    );
    return result;
  });
}

/** `2 warnings`; nothing where there is none. */
function counted(n: number, what: string): string[] {
  return n === 0 ? [] : [`${n} ${what}${n === 1 ? "" : "s"}`];
}

async function testStep(
  { config, signal }: RunContext,
  options: DeployOptions,
  project: Project,
  recorder: Recorder,
): Promise<void> {
  if (config.test.command === false) return;
  if (options.tests !== "run") {
    const why =
      options.tests === "checked" ? "an earlier job ran the tests" : "the tests were skipped (recorded)";
    recorder.note(why, { level: options.tests === "skip" ? "warning" : "info" });
    return;
  }
  await recorder.step("test", null, async (voice) => {
    const result = await runTests(config, project, recorder.emit, signal);
    if (result) voice.summary(`${result.ran ?? "all"} passed (${result.command})`);
  });
}
