import type { Certainty } from "../types.ts";

/** A place in the project's source. Lines and columns count from 1. */
export interface Spot {
  file: string;
  line: number;
  column: number;
  /** The source as it stands there, on one line; texts of secrets are left out. */
  text: string;
}

/** One step on the way from the settings module to the statement that decides. */
export interface Link extends Spot {
  kind: "import" | "run" | "branch";
  /** Which part of a branch: `else`, `except`, `finally`; absent for the first one. */
  part?: string;
}

/** A statement that decides the value, in some worlds or in all. */
export interface Decision extends Spot {
  /** For which values of the environment, in words; null = always. */
  when: string | null;
  chain: Link[];
}

/** A variable that the value depends on, and where it is read. */
export interface VariableRead {
  name: string;
  default: string | null;
  cast: string | null;
  file: string;
  line: number;
  column: number;
}

/** Why a setting has the value that it has: the object of `lint --explain-value NAME --format json`. */
export interface ValueExplanation {
  setting: string;
  /** As in the `settings` of a lint. */
  value: unknown;
  certainty: Certainty;
  /** Why it is not known. */
  reason?: string;
  /** It is what lint.assume of djdeploy.yml says, where the settings do not tell. */
  assumed?: true;
  /** `project`: set by it; `django`: its default, nothing sets it; `nobody`: neither knows the name. */
  from: "project" | "django" | "nobody";
  decisions: Decision[];
  reads: VariableRead[];
  /** Other statements about it, which do not decide or change a part only. */
  others: Spot[];
}
