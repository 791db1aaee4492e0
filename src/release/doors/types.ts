import type { Asked } from "../../host/session.ts";
import type { Activation } from "../attempt-state.ts";
import type { HostRun } from "../hosts.ts";
import type { Recorder } from "../recorder.ts";

/** How the traffic moves through one kind of door, there and back. Each step is told to the recorder. */
export interface Takeover {
  /**
   * From a release that is good on its private socket to one that visitors reach. Sets `host.switched`. Where old and
   * new are apart, everything is asked at once, of `to`: the proof may be asked for right behind it.
   */
  forward(activation: Activation, host: HostRun, recorder: Recorder, to: Asked): Promise<void>;
  /**
   * The release before gets the traffic again, whatever state the new one is in. Answers whether it had lost it at all:
   * a switch that failed may not have begun.
   */
  back(release: string, host: HostRun, recorder: Recorder): Promise<boolean>;
  /** Old and new never answer at the same place: the old one runs on until the end, and is then drained and stopped. */
  apart: boolean;
}
