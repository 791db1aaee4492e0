import type { AnswerOf } from "../../host/protocol.ts";
import type { HostFacts } from "../../host/types.ts";
import type { Standing } from "../standing.ts";

/** One thing that was looked at. `fix`: the command, or what to write; null where nothing has to be done. */
export interface Finding {
  /** `disk`, `sudo`, `certificate`: the same in every version. */
  id: string;
  /** `unknown`: it could not be looked at, and why stands in `seen`. */
  level: "ok" | "warning" | "error" | "unknown";
  message: string;
  expected: string | null;
  seen: string | null;
  fix: string | null;
}

export interface DoctorView {
  environment: string;
  hosts: { host: string; findings: Finding[] }[];
}

/** What the site shows to HTTPS, as a program that trusts Mozilla's authorities sees it. */
export interface Shown {
  daysLeft: number;
  /** It should have been renewed by now. */
  late: boolean;
  names: string[];
  /** Why it is not trusted; null = it is. */
  distrust: string | null;
}

/** Everything that one host was asked; null = not asked, an Error's text where it could not be. */
export interface Looked {
  facts: HostFacts;
  system: AnswerOf<"system"> | { unknown: string };
  standing: Standing | { unknown: string };
  databases: AnswerOf<"applied"> | { unknown: string } | null;
  /** Why nobody outside gets an answer; null = somebody does; undefined = nobody can tell from here. */
  outside: string | null | undefined;
  certificate: Shown | { unknown: string } | null;
  /** The runner's clock when the facts came, in seconds since 1970, and how long they took. */
  now: number;
  tookSeconds: number;
}
