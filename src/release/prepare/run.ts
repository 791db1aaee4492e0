import type { Config } from "../../config/types.ts";
import type { Manifest } from "../../host/types.ts";
import type { Parcel, UploadFile } from "../../host/upload.ts";
import type { LintResult } from "../../lint/types.ts";
import type { Project } from "../../project/types.ts";

/** What a run carries from step to step; the same for every host. */
export interface ReleaseRun {
  run: string;
  release: string;
  config: Config;
  project: Project;
  files: UploadFile[];
  filesDigest: string;
  /** What was packed for hosts already, by what they have. */
  parcels: Map<string, Promise<Parcel>>;
  configuration: string;
  manifest: Omit<Manifest, "state">;
  /** Values this run was given. */
  values: Record<string, string>;
  /** Values of `python.env`, for install steps only. */
  installValues: Record<string, string>;
  force: string | null;
  /** What the lint said of the release; null where it was skipped. */
  linted: LintResult | null;
}
