import type { Config } from "../../config/types.ts";
import type { ProjectNeeds } from "./needs.ts";

/** What setup decides from, besides the facts of the host. */
export interface SetupInput {
  config: Config;
  /** With `scope: user` the home of the user that came in, and deploys; else null. */
  home: string | null;
  repository: string | null;
  needs: ProjectNeeds;
  deployKeys: string[] | null;
  /** Those that may only plan; null = none is asked for. */
  planKeys: string[] | null;
  /** Public keys (base64 of their SSH form) that our side holds. */
  heldKeys: string[];
  /** Whether this host has the role web, and nginx is managed. */
  site: boolean;
}
