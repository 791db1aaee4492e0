import { possible } from "../../python/logic/decide.ts";
import type { Judge } from "../judge.ts";
import type { Finding } from "../types.ts";
import { castFixer } from "./casts.ts";
import { flagFixer } from "./flags.ts";
import { hostsFixer } from "./hosts.ts";
import { storagesFixer } from "./storages.ts";
import type { Fix, Fixer } from "./types.ts";

/** In the order in which fixes are made: what others depend on first. */
const FIXERS: Fixer[] = [castFixer, hostsFixer, storagesFixer, flagFixer];

/** The ways of answering a finding by a change of the settings, best first. */
export function proposals(j: Judge, finding: Finding): Fix[] {
  if (!possible(j.evaluation.alive) || j.evaluation.exhausted) return [];
  for (const fixer of FIXERS) {
    const found = fixer(j, finding);
    if (found.length > 0) return found;
  }
  return [];
}
