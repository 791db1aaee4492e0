import type { Emit } from "../../report/event.ts";
import type { Root, ScriptName } from "./root.ts";

/** One thing that setup sees to: what it is, whether it is so already, and the one script that makes it so. */
export interface SetupItem {
  /** The step's name in events: `unit`, `sudo rules`. */
  step: string;
  unchanged: boolean;
  /** What happens, in the user's words. */
  message: string;
  /** For files: the unified diff against what is there; "" when nothing changes. */
  diff: string;
  action: { script: ScriptName; parameters: string[]; content: string };
  /** Said as a warning, whether it changes or not. */
  warning?: string;
  /** Done within the step, before its script: what has to be so, or the step fails. */
  before?: (root: Root, emit: Emit, signal?: AbortSignal) => Promise<void>;
  /** Its script says how far it has come, a line each time. */
  tells?: true;
  /** What it is called, and what to do, when only root can make it so. */
  failure?: { code: string; hint: string };
}

export function item(
  step: string,
  unchanged: boolean,
  message: string,
  script: ScriptName,
  parameters: string[],
  more: { diff?: string; content?: string } = {},
): SetupItem {
  const action = { script, parameters, content: more.content ?? "" };
  return { step, unchanged, message, diff: unchanged ? "" : (more.diff ?? ""), action };
}
