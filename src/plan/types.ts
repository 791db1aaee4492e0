import type { FrontDoor, HostFacts } from "../host/types.ts";
import type { Door } from "../services/door.ts";
import type { Place, Slot } from "../services/types.ts";
import type { ProcessesPlan } from "./processes.ts";

export type Phase = "guard" | "prepare" | "migrate" | "activate" | "finish";

/** How a virtual environment is made; its key is a hash over everything that decides what is in it. */
export interface VenvPlan {
  key: string;
  python: string;
  installer: "pip" | "uv";
  mode: "requirements" | "declared" | "sync";
  /** Arguments of venv.sh: requirement files, requirements, or options of `uv sync`. */
  args: string[];
  hashed: boolean;
  /** A pinned server that the requirements lack (`gunicorn==27.0.1`), or null. */
  extra: string | null;
  /** It is on the host already. */
  ready: boolean;
}

/** Where a release goes on one host: enough to activate one that is there already. */
export interface SlotPlan {
  host: string;
  facts: HostFacts;
  /** What serves now. */
  previous: { slot: Slot; release: string } | null;
  /** The idle slot that takes the release. */
  slot: Slot;
  /** Where it is booted and judged before: behind nginx that slot, on a port a place of its own. */
  stage: Place;
  door: Door;
  front: FrontDoor;
  processes: ProcessesPlan;
}

/** Everything that is decided about one host before a new release is made on it. */
export interface HostPlan extends SlotPlan {
  venv: VenvPlan;
  workers: number;
  workersReason: string;
}
