import type { Judge } from "../judge.ts";
import type { Finding } from "../types.ts";
import type { Edit } from "./text.ts";

/** A change of the project that answers a finding. */
export interface Fix {
  /** What is written, without what stands around it. */
  code: string;
  file: string;
  /** Where it will stand. */
  line: number;
  /** Mechanical and certain: `lint --fix` may make it, once it is proven. */
  automatic: boolean;
  edits: Edit[];
  /** Settings that get another value by it. */
  sets: string[];
  /** Ids that are only asked once this is done; Django hides them until then. */
  reveals: string[];
  /** Variables that it reads. */
  variables: string[];
  /** For a setting whose reading is corrected: others may follow it where it changes. */
  corrects?: string;
  /** Is the finding settled? Without it: gone, or left to a variable that settles it while unset. */
  settled?: (after: Judge) => boolean;
}

/** Gives the ways of answering a finding, best first; none where it is not its business. */
export type Fixer = (j: Judge, finding: Finding) => Fix[];
