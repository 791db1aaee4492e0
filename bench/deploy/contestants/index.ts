import { ansible } from "./ansible.ts";
import { capistrano } from "./capistrano.ts";
import { classic } from "./classic.ts";
import { variants } from "./ours.ts";
import { session } from "./session.ts";
import type { Contestant } from "./types.ts";

/** All, in the order of the page. */
export const contestants: Contestant[] = [...variants, session, classic, capistrano, ansible];

export type { Contestant, Deployed, Deployer } from "./types.ts";
