import type { DelayedLine } from "../../../lab/delay.ts";
import type { Place, ReadyLayer } from "../place.ts";
import type { Project } from "../project.ts";

/** One way to bring a commit to a host. */
export interface Contestant {
  /** As in the issue and in `--only`. */
  id: string;
  name: string;
  /** What it does in one deploy, for the page. */
  does: string;
  /** Stands in all tables; else only in that of times at no delay. */
  compared: boolean;
  /** Contestants of one ground deploy to the same host. */
  ground: string;
  /** What this machine lacks, with the command that installs it. */
  missing(): string | null;
  layer(): Promise<ReadyLayer>;
  /** Writes what the contestant needs and answers how it deploys. The first deploy is not measured. */
  start(place: Place, project: Project): Promise<Deployer>;
}

export interface Deployer {
  /** Takes HEAD of the checkout to the host; throws what was said when it fails. */
  deploy(): Promise<Deployed>;
  /** Lines besides the one to sshd whose bytes count. */
  lines?: DelayedLine[];
  /** Behind each deploy, outside of what is measured. */
  tidy?(): Promise<void>;
  stop?(): Promise<void>;
}

export interface Deployed {
  /** Milliseconds of each step, as the report of the run has them. */
  steps?: { step: string; ms: number }[];
  /** Of the run by its own report. */
  reportedMs?: number;
}
